import { createHmac } from 'node:crypto'
import { batcher } from '../../../platform/batch.js'
import { signClick } from '../../../schema/click.js'
import { refuse } from '../../../schema/refuse.js'
import { insertClicks, type NewClick } from '../store/clicks.js'
import { findLinks, type LinkRow } from '../store/links.js'
import type { Parts } from './parts.js'
import { proves, readCode } from './take-link.js'

/** Somebody at a link's door. */
export interface Visit {
  readonly code: string
  /** The chance number in our own cookie. */
  readonly visitor: string
  readonly address: string
  readonly agent: string
  readonly bot: boolean
}

/** Where a visit leads; a bot gets no click id, since its visit is no click. */
export interface Followed {
  readonly product: string
  readonly clickId: string | null
}

/** How many visits become one statement, how long the first of them waits, and how many may wait. */
const BATCH = { most: 200, waitMs: 2, limit: 10_000 } as const

/** Counts visits in micro-batches: a link that goes viral is one hot row, written once for all who came meanwhile. */
export function openLinks(parts: Parts): { follow(visit: Visit): Promise<Followed>; drain(): Promise<void> } {
  const { clock, observer } = parts
  const clicks = batcher({
    ...{ clock, observer, ...BATCH },
    name: 'campaigns.clicks',
    run: (visits: readonly Visit[]) => followAll(parts, visits),
  })
  return { follow: (visit) => clicks.ask(visit), drain: () => clicks.drain() }
}

/** codes -> links that prove themselves -> clicks written and counted -> where each leads. */
async function followAll(parts: Parts, visits: readonly Visit[]): Promise<readonly (Followed | Error)[]> {
  const codes = visits.map(({ code }) => readCode(code))
  const links = await linksById(parts, [...new Set(codes.flatMap((code) => code?.id ?? []))])
  const proven = codes.map((code) => {
    const link = code === null ? undefined : links.get(code.id)
    return code !== null && link !== undefined && proves(parts.secrets, link, code.tag) ? link : null
  })
  const clicks = visits.map((visit, at) => newClick(parts, visit, proven[at] ?? null))
  const written = clicks.filter((click) => click !== null)
  const at = written.length === 0 ? null : await insertClicks(parts.db, written)
  return clicks.map((click, nth) => followed(parts, { click, link: proven[nth] ?? null, at }))
}

async function linksById({ db }: Parts, ids: readonly string[]): Promise<ReadonlyMap<string, LinkRow>> {
  const links = ids.length === 0 ? [] : await findLinks(db, ids)
  return new Map(links.flatMap((link) => (link === null ? [] : [[link.id, link]])))
}

function newClick(parts: Parts, visit: Visit, link: LinkRow | null): NewClick | null {
  if (link === null) return null
  return {
    key: parts.chance.uuid().replaceAll('-', ''),
    link: link.id,
    visitor: visit.visitor,
    addressHash: saltedHash(parts, 'address', visit.address),
    agentHash: saltedHash(parts, 'agent', visit.agent),
    bot: visit.bot,
  }
}

function followed(
  { secrets, observer }: Parts,
  { click, link, at }: { click: NewClick | null; link: LinkRow | null; at: Date | null },
): Followed | Error {
  if (click === null || link === null || at === null) return refuse('NOT_FOUND', 'no such link')
  observer.count('campaigns.visits', { kind: click.bot ? 'bot' : 'click' })
  const clickId = click.bot ? null : signClick(secrets.key('link'), { link: link.id, click: click.key, at })
  return { product: link.product, clickId }
}

/** Tells two visits of one address from those of two, and nobody what the address was: the salt is this installation's own. */
function saltedHash({ secrets }: Parts, what: string, value: string): string {
  return createHmac('sha256', secrets.key('salt')).update(`${what} ${value}`).digest('hex').slice(0, 32)
}

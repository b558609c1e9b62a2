import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import { once } from '../../../platform/db/once.js'
import type { Chance } from '../../../platform/time/chance.js'
import type { QualityGoodChanged } from '../../../schema/events/catalog.js'
import { globalId } from '../../../schema/ids.js'
import { needRole, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { GRADES, type Grade } from '../domain/pool.js'
import { isGoodEnough } from '../domain/quality-session.js'
import { SCHEMA } from '../store/migrations.js'
import { holdPoolEntries, type PoolRow } from '../store/pool-rows.js'
import {
  dropSelections,
  endQualitySession,
  findQualitySession,
  insertQualitySession,
  keepSelection,
  type QualitySessionRow,
  type SelectionRow,
} from '../store/quality-sessions.js'
import type { PoolGround } from './pool.js'

/** What these deeds work with. */
export type QualityGround = PoolGround & { readonly chance: Chance }

/** A session as it is asked for. */
export interface AskedSession {
  readonly idempotencyKey: string
  readonly label: string
  readonly partner: string
  readonly leastGrade: Grade
  readonly startsAt: Date | null
  readonly endsAt: Date | null
}

/** Opens a page that a partner fills. For operators. Gives its id. */
export function openQualitySession(ground: QualityGround, who: Identity, asked: AskedSession): Promise<string> {
  needRole(who, 'operator')
  const { label, partner, leastGrade, startsAt, endsAt } = asked
  const body = { label, partner, leastGrade, startsAt, endsAt }
  return deed(ground, who, { key: `open ${asked.idempotencyKey}`, body }, async (tx, at) => {
    const starts = startsAt ?? at
    if (endsAt !== null && endsAt <= starts)
      throw refuse('BAD_USER_INPUT', 'a session ends after it has begun', { details: { place: 'endsAt' } })
    const id = globalId('QualitySession', ground.chance.uuid())
    const row = { id, label, partner, least_grade: leastGrade, starts_at: starts, ends_at: endsAt }
    await insertQualitySession(tx, row)
    return id
  })
}

/** What is put on a page or taken off it. */
export interface AskedSelection {
  readonly idempotencyKey: string
  readonly session: string
  readonly entries: readonly string[]
  readonly selected: boolean
}

/** The partner selects of what is approved and good enough, all of it or none. For the session's partner and operators. */
export async function selectGoods(ground: QualityGround, who: Identity, asked: AskedSelection): Promise<string> {
  needRole(who, 'partner', 'operator')
  const { idempotencyKey, session: id, entries, selected } = asked
  const body = { id, entries, selected }
  return deed(ground, who, { key: `select ${idempotencyKey}`, body }, async (tx, at) => {
    const session = await ownSession(tx, who, id)
    if (session.ends_at !== null && session.ends_at <= at) throw refuse('STATE_FORBIDS', 'the session is over')
    const rows = await holdPoolEntries(tx, entries)
    if (selected) allGoodEnough(rows, entries, session.least_grade)
    await tellSelections(tx, await keepSelection(tx, { session: id, entries, selected, at }), at)
    return id
  })
}

function allGoodEnough(rows: ReadonlyMap<string, PoolRow>, entries: readonly string[], least: Grade): void {
  for (const entry of entries) {
    const row = rows.get(entry)
    if (row === undefined)
      throw refuse('NOT_FOUND', `${entry} is not in the pool`, { details: { place: 'poolEntryIds' } })
    if (!isGoodEnough(row, least))
      throw refuse('STATE_FORBIDS', `${entry} is not approved with ${least} or better`, {
        details: { place: 'poolEntryIds' },
      })
  }
}

/** Ends a session now. For its partner and operators. */
export function closeQualitySession(
  ground: QualityGround,
  who: Identity,
  { idempotencyKey, session: id }: { readonly idempotencyKey: string; readonly session: string },
): Promise<string> {
  return deed(ground, who, { key: `close ${idempotencyKey}`, body: { id } }, async (tx, at) => {
    await ownSession(tx, who, id)
    await endQualitySession(tx, id, at)
    return id
  })
}

/** An entry is not what it was: whatever page asks for more loses it, in the transaction of that step. */
export async function dropUnfit(tx: Database, { id, state, grade }: PoolRow, at: Date): Promise<void> {
  const kept = GRADES.filter((least) => isGoodEnough({ state, grade }, least))
  await tellSelections(tx, await dropSelections(tx, { entry: id, kept, at }), at)
}

async function ownSession(tx: Database, who: Identity, id: string): Promise<QualitySessionRow> {
  needRole(who, 'partner', 'operator')
  const session = await findQualitySession(tx, id, { lock: true })
  if (session !== null && (who.roles.includes('operator') || session.partner === who.partner)) return session
  throw refuse('NOT_FOUND', 'no such session of yours', { details: { place: 'qualitySessionId' } })
}

async function tellSelections(tx: Database, changed: readonly SelectionRow[], at: Date): Promise<void> {
  const told = changed.map((row): QualityGoodChanged => {
    const id = `${row.session}:${row.product}:${row.version}`
    return { id, kind: 'catalog.qualityGoodChanged', at: at.toISOString(), ...row }
  })
  await tell(tx, SCHEMA, told)
}

/** A deed under its key: asked again it is the same, and gives the same session. */
async function deed(
  { db, clock, wake }: QualityGround,
  who: Identity,
  { key, body }: { readonly key: string; readonly body: object },
  work: (tx: Database, at: Date) => Promise<string>,
): Promise<string> {
  const at = clock.now()
  const owner = who.member ?? `partner:${who.partner ?? ''}`
  const { answer } = await db.transaction((tx) => once(tx, SCHEMA, { owner, key, body }, () => work(tx, at)))
  wake()
  return answer
}

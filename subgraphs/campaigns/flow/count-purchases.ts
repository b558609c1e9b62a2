import type { Database } from '../../../platform/db/database.js'
import { ordersEvent } from '../../../schema/events/orders.js'
import { ruleFor } from '../domain/attribution.js'
import { COUNTS, folded, merged, purchasesOf, type Purchase } from '../domain/purchase.js'
import { linkChanges, scoreChanges, type Attributed, type DecidedPurchase } from '../domain/score-change.js'
import { decidingClicks } from '../store/clicks.js'
import { moveScores, type EntryRow } from '../store/entries.js'
import { moveLinkOrders } from '../store/links.js'
import { findPurchases, savePurchases } from '../store/purchases.js'
import { told } from './parts.js'

/**
 * What orders told -> lines that came with a click -> whose they are -> scores moved by the difference. In whatever order
 * and however often the events come, the figures end as if each had come once, in its turn.
 */
export async function countPurchases(tx: Database, events: readonly unknown[]): Promise<void> {
  const heard = folded(events.flatMap(heardIn))
  if (heard.length === 0) return
  const before = await findPurchases(
    tx,
    heard.map(({ line }) => line),
  )
  const after = await decide(tx, heard, new Map(before.map((purchase) => [purchase.line, purchase])))
  await savePurchases(tx, after)
  await moveLinkOrders(tx, linkChanges(before, after))
  await tellScores(tx, await moveScores(tx, scoreChanges(before, after)))
}

function heardIn(value: unknown): readonly Purchase[] {
  const event = ordersEvent(value)
  return event?.kind === 'orders.moved' ? purchasesOf(event) : []
}

/** Asks for the deciding click where it is not known yet, or where the order turns out to be older than thought. */
async function decide(
  tx: Database,
  heard: readonly Purchase[],
  known: ReadonlyMap<string, DecidedPurchase>,
): Promise<readonly DecidedPurchase[]> {
  const now = heard.map((purchase) => joined(known.get(purchase.line), purchase))
  const open = now.filter(({ line, placedAt }) => known.get(line)?.placedAt.getTime() !== placedAt.getTime())
  const found = new Map((await decidingClicks(tx, open)).map((click) => [click.line, click]))
  const asked = new Set(open.map(({ line }) => line))
  return now.map((purchase) => {
    const click = found.get(purchase.line)
    const fresh: Attributed | null =
      click === undefined
        ? null
        : {
            campaign: click.campaign,
            influencer: click.influencer,
            link: click.link,
            decidingClick: click.click,
            rule: ruleFor(purchase.buyer, click.influencer),
          }
    const attributed = asked.has(purchase.line) ? fresh : (known.get(purchase.line)?.attributed ?? null)
    return { ...purchase, attributed, counted: attributed?.rule === 'LAST_CLICK' && COUNTS[purchase.state] }
  })
}

function joined(known: DecidedPurchase | undefined, heard: Purchase): Purchase {
  return known === undefined ? heard : merged(known, heard)
}

async function tellScores(tx: Database, entries: readonly EntryRow[]): Promise<void> {
  const events = entries.map(({ campaign, influencer, version, score, orders, reachedAt }) => ({
    kind: 'campaigns.scoreChanged' as const,
    id: `${campaign}:${influencer}:v${version}`,
    at: reachedAt.toISOString(),
    ...{ campaign, influencer, version, score, orders },
  }))
  await told(tx, ...events)
}

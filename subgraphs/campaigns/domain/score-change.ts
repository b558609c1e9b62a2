import type { Rule } from './attribution.js'
import type { Purchase } from './purchase.js'

/** Whose a purchase is: the link of the deciding click, and by which rule. */
export interface Attributed {
  readonly campaign: string
  readonly influencer: string
  readonly link: string
  readonly decidingClick: string
  readonly rule: Rule
}

/** A purchase as it is kept: whose it is, if anybody's, and whether it counts now. */
export interface DecidedPurchase extends Purchase {
  readonly attributed: Attributed | null
  readonly counted: boolean
}

/** By how much an influencer's figures move; zero and zero when only the time of the score does. */
export interface ScoreChange {
  readonly campaign: string
  readonly influencer: string
  readonly score: number
  readonly orders: number
}

/** By how much a link's orders move. */
export interface LinkChange {
  readonly link: string
  readonly orders: number
}

/** What a batch of purchases changed for each influencer; `before` holds what was kept of the same lines. */
export function scoreChanges(
  before: readonly DecidedPurchase[],
  after: readonly DecidedPurchase[],
): readonly ScoreChange[] {
  const touched = new Set(stirred(before, after).map(entryKey))
  return difference(before, after, entryKey)
    .filter(({ attributed }) => touched.has(entryKey(attributed)))
    .map(({ attributed: { campaign, influencer }, lines, orders }) => ({ campaign, influencer, score: lines, orders }))
}

/** What a batch of purchases changed for each link. */
export function linkChanges(
  before: readonly DecidedPurchase[],
  after: readonly DecidedPurchase[],
): readonly LinkChange[] {
  return difference(before, after, ({ link }) => link)
    .filter(({ orders }) => orders !== 0)
    .map(({ attributed: { link }, orders }) => ({ link, orders }))
}

function entryKey({ campaign, influencer }: Attributed): string {
  return `${campaign} ${influencer}`
}

/** Whose figures may have moved: lines that count since now, no longer, for another, or since another time. */
function stirred(before: readonly DecidedPurchase[], after: readonly DecidedPurchase[]): readonly Attributed[] {
  const known = new Map(before.map((purchase) => [purchase.line, purchase]))
  return after.flatMap((purchase) => {
    const was = known.get(purchase.line)
    return was !== undefined && sameFigures(was, purchase)
      ? []
      : [was?.attributed, purchase.attributed].filter((it) => it !== undefined && it !== null)
  })
}

function sameFigures(was: DecidedPurchase, is: DecidedPurchase): boolean {
  return (
    was.counted === is.counted &&
    was.attributed?.link === is.attributed?.link &&
    was.paidAt?.getTime() === is.paidAt?.getTime()
  )
}

interface Tally {
  readonly attributed: Attributed
  lines: number
  orders: number
}

/** Counted lines and orders after, less those before. All lines of an order move together, so an order is there or not. */
function difference(
  before: readonly DecidedPurchase[],
  after: readonly DecidedPurchase[],
  keyOf: (attributed: Attributed) => string,
): readonly Tally[] {
  const tallies = new Map<string, Tally>()
  for (const [purchases, sign] of [[before, -1] as const, [after, 1] as const]) {
    const seen = new Set<string>()
    for (const { attributed, counted, order } of purchases) {
      if (attributed === null || !counted) continue
      const key = keyOf(attributed)
      const tally = tallies.get(key) ?? { attributed, lines: 0, orders: 0 }
      tallies.set(key, tally)
      tally.lines += sign
      if (!seen.has(`${key} ${order}`)) tally.orders += sign
      seen.add(`${key} ${order}`)
    }
  }
  return [...tallies.values()]
}

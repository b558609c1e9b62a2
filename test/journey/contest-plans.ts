import { seededChance } from '../../platform/time/chance.js'

/** What is sold in the contest. */
export interface Goods {
  readonly product: string
  readonly variant: string
}

/** A contest that is open, and everybody's link in it. */
export interface OpenContest {
  readonly campaign: string
  readonly goods: readonly Goods[]
  /** By the number of the influencer. */
  readonly links: readonly string[]
}

export const influencerId = (at: number): string => `Member:star-${at}`
export const buyerId = (at: number): string => `Member:buyer-${at}`

/** What somebody does in the contest, and for whom it should count. */
export interface Plan {
  readonly key: string
  readonly buyer: string
  readonly good: Goods
  /** The links that the buyer follows, in order; the order bears the first one's click. */
  readonly follows: readonly string[]
  readonly then: 'keeps' | 'cancels' | 'refunds'
  /** Null where it must not count. */
  readonly countsFor: string | null
}

/** A day of the contest, the same for the same seed: few influencers sell most, some buyers think better of it, some cheat. */
export function plansOf(
  { goods, links }: OpenContest,
  { orders, buyers }: { orders: number; buyers: number },
): readonly Plan[] {
  const chance = seededChance(618)
  return Array.from({ length: orders }, (_, at): Plan => {
    const star = Math.floor(chance.fraction() ** 2 * links.length)
    const rival = (star + goods.length) % links.length
    const own = at % 50 === 4
    const then = at % 5 < 2 ? 'cancels' : at % 20 === 3 ? 'refunds' : 'keeps'
    const switches = at % 25 === 7 && rival % goods.length === star % goods.length
    const winner = switches ? rival : star
    return {
      key: `order-${at}`,
      buyer: own ? influencerId(star) : buyerId(at % buyers),
      good: one(goods, star),
      follows: switches ? [one(links, star), one(links, rival)] : [one(links, star)],
      then,
      countsFor: own || then !== 'keeps' ? null : influencerId(winner),
    }
  })
}

/** The recount by hand: how often each influencer is the one that a plan counts for. */
export function recount(plans: readonly Plan[]): ReadonlyMap<string, number> {
  const scores = new Map<string, number>()
  for (const { countsFor } of plans) if (countsFor !== null) scores.set(countsFor, (scores.get(countsFor) ?? 0) + 1)
  return scores
}

/** Goes round a list. */
export function one<T>(items: readonly T[], at: number): T {
  const item = items[at % items.length]
  if (item === undefined) throw new Error('an empty list has no items')
  return item
}

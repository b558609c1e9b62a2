import type { Money } from '../../../schema/money.js'
import { saleOffer, type Offer } from './offers.js'
import { quotePrice } from './quote.js'

/** How long something held: from the first instant on, up to the second; null: it still does. */
export interface Span {
  readonly since: Date
  readonly until: Date | null
}

/** All that a variant was offered for, to everybody, at any time of a period. */
export interface PastPrices {
  readonly seller: string
  readonly floorMinor: number | null
  readonly lists: readonly (Span & { readonly price: Money })[]
  readonly sales: readonly (Span & { readonly price: Money })[]
  readonly offers: readonly (Span & { readonly offer: Offer })[]
}

/**
 * The lowest price of a period: the price can only have fallen where something began or ended, and at each of these instants it is
 * made by the same rules as today's. Null when nothing is known of the period, or of its money.
 */
export function lowestPrice(past: PastPrices, period: { readonly from: Date; readonly to: Date }): Money | null {
  let lowest: Money | null = null
  for (const at of instants(past, period)) {
    const price = priceAt(past, at)
    if (price !== null && (lowest === null || price.amountMinor < lowest.amountMinor)) lowest = price
  }
  return lowest
}

function instants(past: PastPrices, { from, to }: { from: Date; to: Date }): readonly Date[] {
  const spans: readonly Span[] = [...past.lists, ...past.sales, ...past.offers]
  const turns = spans.flatMap(({ since, until }) => (until === null ? [since] : [since, until]))
  return [from, to, ...turns.filter((at) => at > from && at < to)]
}

function priceAt({ seller, floorMinor, lists, sales, offers }: PastPrices, at: Date): Money | null {
  const [list] = lists.filter((span) => holds(span, at))
  if (list === undefined) return null
  const open = offers.filter((span) => holds(span, at)).map(({ offer }) => offer)
  const selling = sales.filter((span) => holds(span, at)).map(({ price }) => saleOffer(seller, price))
  const quote = quotePrice({ list: list.price, compareAtMinor: null, floorMinor, offers: [...open, ...selling] })
  return { amountMinor: quote.currentMinor, currency: quote.currency }
}

function holds({ since, until }: Span, at: Date): boolean {
  return since <= at && (until === null || at < until)
}

import type { Money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'

/** What a step of a price is about. */
export const STEP_KINDS = ['COMPARE_AT', 'LIST', 'ROOM', 'FLASH_SALE'] as const
export type StepKind = (typeof STEP_KINDS)[number]

/** One step of a price: what it offers, by how much it moved the price, and who pays for the difference. */
export interface PriceStep {
  readonly kind: StepKind
  readonly label: string
  /** The price that this step names. */
  readonly offeredMinor: number
  /** What it changed: the sum over all steps is the price. 0 for a reference and for an offer that is not the lowest. */
  readonly changeMinor: number
  /** Who bears a reduction, like `seller:shop`; null where nothing is reduced. */
  readonly bearer: string | null
}

/** All that the price of one piece depends on; offers that do not apply to the buyer are null. */
export interface PriceFacts {
  readonly seller: string
  readonly list: Money
  readonly compareAtMinor: number | null
  readonly room: Money | null
  readonly flashSale: Money | null
}

/** The price of one piece, explained. */
export interface PriceQuote {
  readonly currency: string
  readonly listMinor: number
  readonly compareAtMinor: number | null
  readonly currentMinor: number
  readonly steps: readonly PriceStep[]
}

interface Offer {
  readonly kind: StepKind
  readonly label: string
  readonly price: Money
  readonly bearer: string
}

/** facts -> reference, list price, then the offers -> the lowest one that applies wins alone; the order of offers does not matter. */
export function quotePrice(facts: PriceFacts): PriceQuote {
  const offers = offersIn(facts)
  const winner = lowest(facts.list, offers)
  const steps = [
    ...reference(facts),
    listStep(facts.list),
    ...offers.map((offer) => offerStep(facts.list, offer, winner)),
  ]
  return {
    currency: facts.list.currency,
    listMinor: facts.list.amountMinor,
    compareAtMinor: facts.compareAtMinor,
    currentMinor: winner?.price.amountMinor ?? facts.list.amountMinor,
    steps,
  }
}

/** What one line of an order comes to: whole pieces at a whole price. */
export function lineTotal(price: PriceQuote, quantity: number): Money {
  const amountMinor = price.currentMinor * quantity
  if (!Number.isSafeInteger(amountMinor))
    throw refuse('BAD_USER_INPUT', 'the line costs more than can be counted exactly')
  return { amountMinor, currency: price.currency }
}

/** What all lines come to; they must be in one currency. */
export function orderTotal(lines: readonly Money[]): Money {
  const [first] = lines
  if (first === undefined) throw refuse('BAD_USER_INPUT', 'an order has at least one line')
  let amountMinor = 0
  for (const line of lines) {
    if (line.currency !== first.currency)
      throw refuse('CURRENCY_MIXED', `expected lines in ${first.currency}, got ${line.currency}`)
    amountMinor += line.amountMinor
  }
  if (!Number.isSafeInteger(amountMinor))
    throw refuse('BAD_USER_INPUT', 'the order costs more than can be counted exactly')
  return { amountMinor, currency: first.currency }
}

function offersIn(facts: PriceFacts): readonly Offer[] {
  const bearer = `seller:${facts.seller}`
  const offers: Offer[] = []
  if (facts.room !== null) offers.push({ kind: 'ROOM', label: 'room price', price: facts.room, bearer })
  if (facts.flashSale !== null)
    offers.push({ kind: 'FLASH_SALE', label: 'flash sale price', price: facts.flashSale, bearer })
  return offers
}

/** The offer below the list price and below (or, between equals, before) all others; one in a foreign currency never applies. */
function lowest(list: Money, offers: readonly Offer[]): Offer | null {
  let best: Offer | null = null
  for (const offer of offers) {
    if (offer.price.currency !== list.currency) continue
    if (offer.price.amountMinor < (best?.price ?? list).amountMinor) best = offer
  }
  return best
}

function reference(facts: PriceFacts): readonly PriceStep[] {
  if (facts.compareAtMinor === null) return []
  return [
    { kind: 'COMPARE_AT', label: 'reference price', offeredMinor: facts.compareAtMinor, changeMinor: 0, bearer: null },
  ]
}

function listStep(list: Money): PriceStep {
  return {
    kind: 'LIST',
    label: 'list price',
    offeredMinor: list.amountMinor,
    changeMinor: list.amountMinor,
    bearer: null,
  }
}

function offerStep(list: Money, offer: Offer, winner: Offer | null): PriceStep {
  const { kind, label, price, bearer } = offer
  if (offer !== winner)
    return {
      kind,
      label: `${label}: ${whyNot(list, price)}`,
      offeredMinor: price.amountMinor,
      changeMinor: 0,
      bearer: null,
    }
  return { kind, label, offeredMinor: price.amountMinor, changeMinor: price.amountMinor - list.amountMinor, bearer }
}

function whyNot(list: Money, price: Money): string {
  if (price.currency !== list.currency) return `in ${price.currency}, not applied to a price in ${list.currency}`
  return price.amountMinor >= list.amountMinor ? 'not below the list price' : 'another offer is lower'
}

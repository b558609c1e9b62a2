import type { Money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'
import {
  inOrder,
  OFFER_KINDS,
  PRICE_KINDS,
  reduced,
  stacksOn,
  SUBSIDY_KINDS,
  type Offer,
  type OfferKind,
} from './offers.js'
import { splitByWeight } from './split.js'

/** What a step of a price is about. */
export const STEP_KINDS = ['COMPARE_AT', 'LIST', 'DEPOSIT', ...OFFER_KINDS] as const
export type StepKind = (typeof STEP_KINDS)[number]

/** One step of a price: what it offers, by how much it moved the price, and who pays for the difference. */
export interface PriceStep {
  readonly kind: StepKind
  readonly label: string
  /** The price that this step names. */
  readonly offeredMinor: number
  /** What it changed: the sum over all steps is the price. 0 for a reference and for an offer that does not hold. */
  readonly changeMinor: number
  /** Who bears a reduction, like `seller:shop`; null where nothing is reduced. */
  readonly bearer: string | null
  /** The session whose budget pays for it, where one does. */
  readonly session?: string
}

/** All that the price of one piece depends on. */
export interface PriceFacts {
  readonly list: Money
  readonly compareAtMinor: number | null
  /** What no offers together may go below; a list price that is lower stays as it is. */
  readonly floorMinor: number | null
  /** In any order. */
  readonly offers: readonly Offer[]
  /** What of a piece is paid first, where it is bought in a pre-sale: it changes nothing of the price. */
  readonly depositMinor?: number
}

/** What is taken from a session's budget. */
export interface Drawn {
  readonly session: string
  readonly amountMinor: number
}

/** The price of one piece, explained. */
export interface PriceQuote {
  readonly currency: string
  readonly listMinor: number
  readonly compareAtMinor: number | null
  readonly currentMinor: number
  /** What coupons may not go below either. */
  readonly floorMinor: number
  /** The kinds of the offers that hold. */
  readonly applied: readonly OfferKind[]
  /** What one piece takes from the budgets of sessions. */
  readonly drawn: readonly Drawn[]
  readonly steps: readonly PriceStep[]
}

/** Offers that hold together, and what they come to. */
interface Stack {
  readonly held: ReadonlyMap<Offer, { readonly before: number; readonly after: number }>
  readonly minor: number
}

/**
 * facts -> reference, list price, then the offers: of those that name a price one holds, on it one subsidy of each kind where the
 * table lets it stand; the lowest outcome wins, no lower than the floor. The order of the offers does not matter.
 */
export function quotePrice(facts: PriceFacts): PriceQuote {
  const { list, compareAtMinor } = facts
  const floorMinor = Math.min(facts.floorMinor ?? 0, list.amountMinor)
  const offers = inOrder(facts.offers)
  const stack = lowest(facts, offers, floorMinor)
  const steps = [
    ...reference(compareAtMinor),
    listStep(list),
    ...offers.flatMap((offer) => offerSteps(offer, { list, stack, floorMinor })),
    ...depositStep(facts),
  ]
  const applied = [...stack.held.keys()].map((offer) => offer.kind)
  const { amountMinor: listMinor, currency } = list
  const drawn = [...stack.held].flatMap(([{ session }, { before, after }]) =>
    session === null || session === undefined ? [] : [{ session, amountMinor: before - after }],
  )
  return { currency, listMinor, compareAtMinor, currentMinor: stack.minor, floorMinor, applied, drawn, steps }
}

/** What one line of an order comes to before coupons: whole pieces at a whole price. */
export function lineTotal(price: Pick<PriceQuote, 'currentMinor' | 'currency'>, quantity: number): Money {
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

/** The lowest of the stacks that begin with no named price or with one of them; between equals the first. */
function lowest({ list }: PriceFacts, offers: readonly Offer[], floorMinor: number): Stack {
  const open = offers.filter((offer) => offer.barred === null && offer.currency === list.currency)
  const bare: Stack = { held: new Map(), minor: list.amountMinor }
  if (open.length === 0) return bare
  let best = withSubsidies(bare, open, floorMinor)
  for (const kind of PRICE_KINDS) {
    const named = bestOf(bare, ofKind(open, kind), floorMinor)
    const stack = withSubsidies(named, open, floorMinor)
    if (stack.minor < best.minor) best = stack
  }
  return best
}

function withSubsidies(on: Stack, open: readonly Offer[], floorMinor: number): Stack {
  let stack = on
  for (const kind of SUBSIDY_KINDS) {
    const kinds = [...stack.held.keys()].map((offer) => offer.kind)
    if (stacksOn(kind, kinds)) stack = bestOf(stack, ofKind(open, kind), floorMinor)
  }
  return stack
}

/** The stack with the one offer that lowers it most; as it was when none does. A lower price never gets higher by what comes on it, so the best of each kind is enough. */
function bestOf(on: Stack, offers: readonly Offer[], floorMinor: number): Stack {
  let best = on
  for (const offer of offers) {
    const after = Math.max(floorMinor, reduced(on.minor, offer.reduction))
    if (after < best.minor) best = { held: new Map([...on.held, [offer, { before: on.minor, after }]]), minor: after }
  }
  return best
}

function ofKind(offers: readonly Offer[], kind: OfferKind): readonly Offer[] {
  return offers.filter((offer) => offer.kind === kind)
}

function reference(compareAtMinor: number | null): readonly PriceStep[] {
  if (compareAtMinor === null) return []
  return [{ kind: 'COMPARE_AT', label: 'reference price', offeredMinor: compareAtMinor, changeMinor: 0, bearer: null }]
}

function listStep({ amountMinor }: Money): PriceStep {
  return { kind: 'LIST', label: 'list price', offeredMinor: amountMinor, changeMinor: amountMinor, bearer: null }
}

function depositStep({ depositMinor }: PriceFacts): readonly PriceStep[] {
  if (depositMinor === undefined) return []
  return [{ kind: 'DEPOSIT', label: 'paid first', offeredMinor: depositMinor, changeMinor: 0, bearer: null }]
}

interface Outcome {
  readonly list: Money
  readonly stack: Stack
  readonly floorMinor: number
}

/** One step for each who bears a part; a single one that changes nothing for an offer that does not hold. */
function offerSteps(offer: Offer, outcome: Outcome): readonly PriceStep[] {
  const { kind } = offer
  const held = outcome.stack.held.get(offer)
  if (held === undefined) {
    const label = `${offer.label}: ${whyNot(offer, outcome)}`
    return [{ kind, label, offeredMinor: named(offer, outcome.list), changeMinor: 0, bearer: null }]
  }
  const { before, after } = held
  const label = after > reduced(before, offer.reduction) ? `${offer.label}, held at the floor price` : offer.label
  const shares = offer.shares.toSorted((one, other) => (one.bearer < other.bearer ? -1 : 1))
  const parts = splitByWeight(
    before - after,
    shares.map((share) => share.shareBp),
  )
  return shares.flatMap(({ bearer }, place) => {
    const part = parts[place] ?? 0
    const step = { kind, label, offeredMinor: after, changeMinor: -part, bearer }
    if (part === 0) return []
    return [offer.session === null || offer.session === undefined ? step : { ...step, session: offer.session }]
  })
}

/** The price that an offer would come to by itself. */
function named({ reduction }: Offer, list: Money): number {
  return reduction.form === 'TO' ? reduction.minor : reduced(list.amountMinor, reduction)
}

function whyNot(offer: Offer, { list, stack, floorMinor }: Outcome): string {
  if (offer.barred !== null) return offer.barred
  if (offer.currency !== list.currency) return `in ${offer.currency}, not applied to a price in ${list.currency}`
  if (Math.max(floorMinor, reduced(list.amountMinor, offer.reduction)) >= list.amountMinor)
    return 'not below the list price'
  const kinds = [...stack.held.keys()].map((held) => held.kind)
  if (kinds.includes(offer.kind) || stacksOn(offer.kind, kinds)) return 'another offer is lower'
  return `does not go with ${kinds.filter((kind) => !stacksOn(offer.kind, [kind])).join(' and ')}`
}

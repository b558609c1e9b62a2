import type { FlashSaleState } from '../../../schema/events/orders.js'
import type { Money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'
import { deliversTo, type Delivery } from '../../../schema/regions.js'
import { drawnBy, overdrawn, withoutSessions, type Budgets } from './budgets.js'
import { layCoupons, type CouponFacts, type CouponOutcome, type CouponPart } from './coupons.js'
import { depositBonus, roomOffer, saleOffer, type Offer } from './offers.js'
import { depositOf, type Deposit, type PreSaleOffer } from './pre-sale.js'
import { lineTotal, orderTotal, quotePrice, type PriceQuote } from './quote.js'

/** A line as a buyer asks for it. */
export interface AskedLine {
  readonly variant: string
  readonly quantity: number
  readonly room: string | null
  readonly outlet: string | null
  readonly flashSale: string | null
  /** The pre-sale that it is bought in. Left out where it is in none, so that a request is known again by the body it always had. */
  readonly preSale?: string
  /** A click that we signed, and the link it came by. */
  readonly click: { readonly id: string; readonly link: string } | null
  /** What a partner has told its buyer; another price is refused. */
  readonly expectedUnitMinor: number | null
}

/** Who asks, and what he lays on the order. */
export interface Asker {
  /** Null: nobody we know. */
  readonly member: string | null
  /** The partner inside whose app it is asked. */
  readonly partner: string | null
  /** `Coupon:…` ids. */
  readonly coupons: readonly string[]
}

/** A visitor without anything. */
export const ANYBODY: Asker = { member: null, partner: null, coupons: [] }

/** What is known about what was asked for. */
export interface ShopFacts {
  readonly goods: ReadonlyMap<string, GoodsFacts>
  readonly rooms: ReadonlyMap<string, { readonly host: string }>
  /** The room's own price of a variant, where there is one now. */
  readonly roomPrice: (room: string, variant: string) => Money | null
  readonly sales: ReadonlyMap<string, SaleOffer>
  readonly preSales?: ReadonlyMap<string, PreSaleOffer>
  /** The stored offers of a variant that are open now, as they are for whoever asks. */
  readonly offers: (variant: string, asker: Asker) => readonly Offer[]
  /** What is left of the budgets that pay for offers. */
  readonly budgets: Budgets
  /** Why a variant is not on sale yet for a member; null when it is, and everything is where nothing waits for its launch. */
  readonly notYet?: (variant: string, member: string | null) => string | null
  /** A coupon as it is for whoever asks; undefined when there is none of his. */
  readonly coupon: (id: string, asker: Asker) => CouponFacts | undefined
}
export interface GoodsFacts {
  readonly product: string
  readonly seller: string
  readonly list: Money
  readonly compareAtMinor: number | null
  readonly floorMinor: number | null
  /** Where it is delivered to; none: everywhere. */
  readonly delivery?: Delivery | null
}
export interface SaleOffer {
  readonly variant: string
  /** Null: it is sold everywhere. */
  readonly room: string | null
  readonly price: Money
  readonly state: FlashSaleState
}

/** A line with its price explained. */
export interface DraftLine extends AskedLine {
  readonly product: string
  readonly seller: string
  readonly host: string | null
  readonly price: PriceQuote
  /** What was taken off the whole line by coupons, and who bears it. */
  readonly coupons: readonly CouponPart[]
  /** Pieces by price, less the coupons. */
  readonly total: Money
}

/** What an order would come to, whoever asks and from wherever. */
export interface Draft {
  readonly lines: readonly DraftLine[]
  readonly coupons: readonly CouponOutcome[]
  readonly total: Money
  /** What is paid first, where it is bought in a pre-sale. */
  readonly deposit?: Deposit
}

/**
 * asked lines -> known goods, rooms and sales -> a price for each -> coupons over them -> one total in one currency; refuses with the place
 * that is wrong. An offer whose budget does not last for all of the order does not hold for any of it: nothing is given beyond a budget.
 */
export function draftOrder(asked: readonly AskedLine[], facts: ShopFacts, asker: Asker): Draft {
  checkAlone(asked)
  const draft = withDeposit(draftLines(asked, facts, asker), facts)
  const spent = new Set(overdrawn(drawnBy(draft), facts.budgets))
  if (spent.size === 0) return draft
  const offers: ShopFacts['offers'] = (variant, whose) => withoutSessions(facts.offers(variant, whose), spent)
  return draftOrder(asked, { ...facts, offers }, asker)
}

function draftLines(asked: readonly AskedLine[], facts: ShopFacts, asker: Asker): Draft {
  const priced = asked.map((line, at) => draftLine(line, { facts, asker, place: `lines[${at}]` }))
  if (asker.coupons.length === 0)
    return { lines: priced, coupons: [], total: orderTotal(priced.map((line) => line.total)) }
  const laid = layCoupons(priced.map(couponLine), couponsOf(facts, asker))
  const lines = priced.map((line, at) => lessCoupons(line, laid.parts[at] ?? []))
  return { lines, coupons: laid.outcomes, total: orderTotal(lines.map((line) => line.total)) }
}

/** Deposit and balance are of a whole order: a pre-sale is bought by itself. */
function checkAlone(asked: readonly AskedLine[]): void {
  const at = asked.findIndex(({ preSale }) => preSale !== undefined)
  const line = asked[at]
  if (line === undefined || (asked.length === 1 && line.flashSale === null)) return
  throw refuse('BAD_USER_INPUT', 'what is bought in a pre-sale is the only line of its order, and in no flash sale', {
    details: { place: `lines[${at}].preSaleId` },
  })
}

function withDeposit(draft: Draft, { preSales }: ShopFacts): Draft {
  const [line] = draft.lines
  const sale = preSales?.get(line?.preSale ?? '')
  if (line?.preSale === undefined || sale === undefined) return draft
  const { preSale, quantity } = line
  return { ...draft, deposit: depositOf({ preSale, quantity, total: draft.total }, sale) }
}

/** Refuses when the buyer was told another total. */
export function checkTotal(draft: Draft, expectedTotalMinor: number | null): void {
  if (expectedTotalMinor === null || expectedTotalMinor === draft.total.amountMinor) return
  throw refuse('PRICE_CHANGED', `the total is ${draft.total.amountMinor}, not ${expectedTotalMinor}`, {
    details: { place: 'expectedTotalMinor', totalMinor: draft.total.amountMinor },
  })
}

/** Refuses what is not on sale yet for whoever asks; its price may be asked for before, and a pre-sale sells it before. */
export function checkOnSale(draft: Draft, { notYet }: ShopFacts, { member }: Asker): void {
  for (const [place, { variant, preSale }] of draft.lines.entries()) {
    const why = preSale === undefined ? (notYet?.(variant, member) ?? null) : null
    if (why !== null) throw refuse('OFFER_CLOSED', why, { details: { place: `lines[${place}].variantId` } })
  }
}

/** Refuses what is not delivered to the region that it would go to; an unknown region (null) refuses nothing. */
export function checkDelivered(draft: Draft, { goods }: ShopFacts, region: string | null): void {
  if (region === null) return
  for (const [place, { variant }] of draft.lines.entries()) {
    const delivery = goods.get(variant)?.delivery ?? null
    if (delivery === null || deliversTo(delivery, region)) continue
    const details = { place: `lines[${place}].variantId` }
    throw refuse('NOT_DELIVERED', `it is not delivered to ${region}`, { details })
  }
}

/** Refuses when a coupon that is laid on the order takes nothing off: nobody is to find out afterwards. */
export function checkCoupons(draft: Draft): void {
  for (const { why } of draft.coupons)
    if (why !== null) throw refuse('OFFER_CLOSED', `the coupon: ${why}`, { details: { place: 'couponIds' } })
}

/** For whom and where a piece is priced. */
export interface PieceAsked {
  readonly facts: OfferFacts
  readonly asker: Asker
  readonly room: string | null
  /** The price of the flash sale that it is to come from. */
  readonly sale: Money | null
  /** The pre-sale that it is bought in. */
  readonly preSale?: PreSaleOffer | null
}

/** The price of one piece for whoever asks. */
export function priceOf(
  variant: string,
  goods: GoodsFacts,
  { facts, asker, room, sale, preSale = null }: PieceAsked,
): PriceQuote {
  const ofRoom = room === null ? null : facts.roomPrice(room, variant)
  const named = [
    ...(ofRoom === null ? [] : [roomOffer(goods.seller, ofRoom)]),
    ...(sale === null ? [] : [saleOffer(goods.seller, sale)]),
    ...(preSale === null || preSale.countsMinor === preSale.depositMinor ? [] : [depositBonus(preSale)]),
  ]
  const deposit = preSale === null ? {} : { depositMinor: preSale.depositMinor }
  const { list, compareAtMinor, floorMinor } = goods
  const quoted = (offers: readonly Offer[]): PriceQuote =>
    quotePrice({ list, compareAtMinor, floorMinor, offers: [...named, ...offers], ...deposit })
  return withinBudgets(quoted, facts.offers(variant, asker), facts.budgets)
}

/** The price of one piece with no offer whose budget does not last for it. */
function withinBudgets(
  quoted: (offers: readonly Offer[]) => PriceQuote,
  offers: readonly Offer[],
  budgets: Budgets,
): PriceQuote {
  const price = quoted(offers)
  if (price.drawn.length === 0) return price
  const spent = overdrawn(new Map(price.drawn.map(({ session, amountMinor }) => [session, amountMinor])), budgets)
  return spent.length === 0 ? price : withinBudgets(quoted, withoutSessions(offers, new Set(spent)), budgets)
}
export type OfferFacts = Pick<ShopFacts, 'roomPrice' | 'offers' | 'budgets'>

interface Asking {
  readonly facts: ShopFacts
  readonly asker: Asker
  readonly place: string
}

function draftLine(line: AskedLine, { facts, asker, place }: Asking): DraftLine {
  const goods = facts.goods.get(line.variant)
  if (goods === undefined) throw unknown(`${place}.variantId`, 'no such variant is sold')
  const host = line.room === null ? null : facts.rooms.get(line.room)?.host
  if (host === undefined) throw unknown(`${place}.roomId`, 'no such room')
  const offered = { sale: saleOf(line, facts, place), preSale: preSaleOf(line, facts, place) }
  const price = priceOf(line.variant, goods, { facts, asker, room: line.room, ...offered })
  checkUnit(line, price, place)
  const { product, seller } = goods
  return { ...line, product, seller, host, price, coupons: [], total: lineTotal(price, line.quantity) }
}

function saleOf(line: AskedLine, facts: ShopFacts, place: string): Money | null {
  if (line.flashSale === null) return null
  const sale = facts.sales.get(line.flashSale)
  if (sale?.variant !== line.variant) throw unknown(`${place}.flashSaleId`, 'no such flash sale of this variant')
  if (sale.room !== null && sale.room !== line.room)
    throw unknown(`${place}.flashSaleId`, 'no such flash sale in this room')
  if (sale.state === 'OPEN') return sale.price
  throw refuse('OFFER_CLOSED', `the flash sale is ${sale.state}`, { details: { place: `${place}.flashSaleId` } })
}

function preSaleOf(line: AskedLine, facts: ShopFacts, place: string): PreSaleOffer | null {
  if (line.preSale === undefined) return null
  const sale = facts.preSales?.get(line.preSale)
  if (sale?.variant !== line.variant) throw unknown(`${place}.preSaleId`, 'no such pre-sale of this variant')
  if (sale.state === 'OPEN') return sale
  throw refuse('OFFER_CLOSED', `the pre-sale is ${sale.state}`, { details: { place: `${place}.preSaleId` } })
}

function checkUnit(line: AskedLine, price: PriceQuote, place: string): void {
  if (line.expectedUnitMinor === null || line.expectedUnitMinor === price.currentMinor) return
  throw refuse('PRICE_CHANGED', `the price is ${price.currentMinor}, not ${line.expectedUnitMinor}`, {
    details: { place: `${place}.unitPriceMinor`, unitMinor: price.currentMinor },
  })
}

function couponsOf(facts: ShopFacts, asker: Asker): readonly CouponFacts[] {
  return asker.coupons.map((id, at) => {
    const coupon = facts.coupon(id, asker)
    if (coupon === undefined) throw unknown(`couponIds[${at}]`, 'no such coupon of yours')
    return coupon
  })
}

function couponLine({ seller, price, total, quantity }: DraftLine) {
  return {
    seller,
    currency: total.currency,
    totalMinor: total.amountMinor,
    floorMinor: price.floorMinor * quantity,
    applied: price.applied,
  }
}

function lessCoupons(line: DraftLine, coupons: readonly CouponPart[]): DraftLine {
  if (coupons.length === 0) return line
  const off = coupons.reduce((all, part) => all + part.amountMinor, 0)
  return { ...line, coupons, total: { ...line.total, amountMinor: line.total.amountMinor - off } }
}

function unknown(place: string, message: string): Error {
  return refuse('NOT_FOUND', message, { details: { place } })
}

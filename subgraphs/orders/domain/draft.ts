import type { FlashSaleState } from '../../../schema/events/orders.js'
import type { Money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'
import { lineTotal, orderTotal, quotePrice, type PriceQuote } from './quote.js'

/** A line as a buyer asks for it. */
export interface AskedLine {
  readonly variant: string
  readonly quantity: number
  readonly room: string | null
  readonly outlet: string | null
  readonly flashSale: string | null
  /** A click that we signed, and the link it came by. */
  readonly click: { readonly id: string; readonly link: string } | null
  /** What a partner has told its buyer; another price is refused. */
  readonly expectedUnitMinor: number | null
}

/** What is known about what was asked for. */
export interface ShopFacts {
  readonly goods: ReadonlyMap<string, GoodsFacts>
  readonly rooms: ReadonlyMap<string, { readonly host: string }>
  /** The room's own price of a variant, where there is one now. */
  readonly roomPrice: (room: string, variant: string) => Money | null
  readonly sales: ReadonlyMap<string, SaleOffer>
}
export interface GoodsFacts {
  readonly product: string
  readonly seller: string
  readonly list: Money
  readonly compareAtMinor: number | null
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
  readonly host: string | null
  readonly price: PriceQuote
  readonly total: Money
}

/** What an order would come to, whoever asks and from wherever. */
export interface Draft {
  readonly lines: readonly DraftLine[]
  readonly total: Money
}

/** asked lines -> known goods, rooms and sales -> a price for each -> one total in one currency; refuses with the place that is wrong. */
export function draftOrder(asked: readonly AskedLine[], facts: ShopFacts): Draft {
  const lines = asked.map((line, at) => draftLine(line, facts, `lines[${at}]`))
  return { lines, total: orderTotal(lines.map((line) => line.total)) }
}

/** Refuses when the buyer was told another total. */
export function checkTotal(draft: Draft, expectedTotalMinor: number | null): void {
  if (expectedTotalMinor === null || expectedTotalMinor === draft.total.amountMinor) return
  throw refuse('PRICE_CHANGED', `the total is ${draft.total.amountMinor}, not ${expectedTotalMinor}`, {
    details: { place: 'expectedTotalMinor', totalMinor: draft.total.amountMinor },
  })
}

function draftLine(line: AskedLine, facts: ShopFacts, place: string): DraftLine {
  const goods = facts.goods.get(line.variant)
  if (goods === undefined) throw unknown(`${place}.variantId`, 'no such variant is sold')
  const host = line.room === null ? null : facts.rooms.get(line.room)?.host
  if (host === undefined) throw unknown(`${place}.roomId`, 'no such room')
  const price = quotePrice({
    seller: goods.seller,
    list: goods.list,
    compareAtMinor: goods.compareAtMinor,
    room: line.room === null ? null : facts.roomPrice(line.room, line.variant),
    flashSale: saleOf(line, facts, place),
  })
  checkUnit(line, price, place)
  return { ...line, product: goods.product, host, price, total: lineTotal(price, line.quantity) }
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

function checkUnit(line: AskedLine, price: PriceQuote, place: string): void {
  if (line.expectedUnitMinor === null || line.expectedUnitMinor === price.currentMinor) return
  throw refuse('PRICE_CHANGED', `the price is ${price.currentMinor}, not ${line.expectedUnitMinor}`, {
    details: { place: `${place}.unitPriceMinor`, unitMinor: price.currentMinor },
  })
}

function unknown(place: string, message: string): Error {
  return refuse('NOT_FOUND', message, { details: { place } })
}

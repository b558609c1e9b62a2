import { fields, instant, list, maybe, oneOf, text, whole } from '../../platform/decode.js'
import { idOf } from '../ids.js'
import { currency } from '../money.js'

/** The states of an order; which move leads from one to another is a table in `subgraphs/orders/domain/moves.ts`. */
export const ORDER_STATES = [
  'RESERVED',
  'PAYING',
  'PAID',
  'SHIPPED',
  'COMPLETED',
  'CANCELLED',
  'EXPIRED',
  'REFUNDED',
] as const
export type OrderState = (typeof ORDER_STATES)[number]

/** The states of a flash sale's life; an OPEN one that ran dry is SOLD_OUT until a reservation expires. */
export const FLASH_SALE_STATES = ['SCHEDULED', 'OPEN', 'SOLD_OUT', 'CLOSED'] as const
export type FlashSaleState = (typeof FLASH_SALE_STATES)[number]

/** What every event of this topic says: `id` is made from the fact, `at` is ISO text. */
interface Told {
  readonly id: string
  readonly at: string
}

/** A variant's list price is another one now; `version` grows per variant. */
export interface PriceChanged extends Told {
  readonly kind: 'orders.priceChanged'
  readonly variant: string
  readonly version: number
  readonly listMinor: number
  readonly compareAtMinor: number | null
  readonly currency: string
}

/** A variant has this many pieces left to sell; `version` grows per variant, and only the newest counts. */
export interface StockChanged extends Told {
  readonly kind: 'orders.stockChanged'
  readonly variant: string
  readonly version: number
  readonly available: number
}

/** One line of an order that moved, with where its buyer came from. */
export interface MovedLine {
  readonly line: string
  readonly variant: string
  readonly product: string
  readonly quantity: number
  readonly totalMinor: number
  readonly room: string | null
  readonly host: string | null
  readonly outlet: string | null
  /** The `TrackedLink:…` that the click came by. */
  readonly campaignLink: string | null
  readonly click: string | null
}

/** An order was placed or made a step; `version` is 1 when it was placed and grows by one with each step. */
export interface OrderMoved extends Told {
  readonly kind: 'orders.moved'
  readonly order: string
  readonly version: number
  readonly state: OrderState
  /** Null for a partner's order. */
  readonly member: string | null
  readonly partner: string | null
  readonly partnerOrder: string | null
  readonly totalMinor: number
  readonly currency: string
  readonly carrier: string | null
  readonly waybill: string | null
  readonly lines: readonly MovedLine[]
}

/** A flash sale was opened, sold a piece, took one back, ran dry or ended; `version` grows per sale, and only the newest counts. */
export interface FlashSaleChanged extends Told {
  readonly kind: 'orders.flashSaleChanged'
  readonly flashSale: string
  readonly version: number
  readonly state: FlashSaleState
  readonly variant: string
  readonly product: string
  readonly room: string | null
  readonly priceMinor: number
  readonly currency: string
  readonly quota: number
  readonly left: number
  readonly startsAt: string
  readonly endsAt: string | null
}

/** All that `orders` tells others. */
export type OrdersEvent = PriceChanged | StockChanged | OrderMoved | FlashSaleChanged

/** Reads an event of the topic `orders`; null for a kind that this version does not know. */
export function ordersEvent(value: unknown): OrdersEvent | null {
  const it = fields(value, 'ordersEvent')
  switch (it['kind']) {
    case 'orders.priceChanged':
      return priceChanged(it)
    case 'orders.stockChanged':
      return {
        ...told(it),
        kind: 'orders.stockChanged',
        variant: idOf('Variant')(it['variant'], 'stockChanged.variant'),
        version: amount(it['version'], 'stockChanged.version'),
        available: amount(it['available'], 'stockChanged.available'),
      }
    case 'orders.moved':
      return orderMoved(it)
    case 'orders.flashSaleChanged':
      return flashSaleChanged(it)
    default:
      return null
  }
}

function priceChanged(it: Readonly<Record<string, unknown>>): PriceChanged {
  return {
    ...told(it),
    kind: 'orders.priceChanged',
    variant: idOf('Variant')(it['variant'], 'priceChanged.variant'),
    version: amount(it['version'], 'priceChanged.version'),
    listMinor: amount(it['listMinor'], 'priceChanged.listMinor'),
    compareAtMinor: maybe(it['compareAtMinor'], 'priceChanged.compareAtMinor', amount),
    currency: currency(it['currency'], 'priceChanged.currency'),
  }
}

function orderMoved(it: Readonly<Record<string, unknown>>): OrderMoved {
  return {
    ...told(it),
    kind: 'orders.moved',
    order: idOf('Order')(it['order'], 'moved.order'),
    version: amount(it['version'], 'moved.version'),
    state: oneOf(it['state'], 'moved.state', ORDER_STATES),
    member: maybe(it['member'], 'moved.member', idOf('Member')),
    partner: maybe(it['partner'], 'moved.partner', text),
    partnerOrder: maybe(it['partnerOrder'], 'moved.partnerOrder', text),
    totalMinor: amount(it['totalMinor'], 'moved.totalMinor'),
    currency: currency(it['currency'], 'moved.currency'),
    carrier: maybe(it['carrier'], 'moved.carrier', text),
    waybill: maybe(it['waybill'], 'moved.waybill', text),
    lines: list(it['lines'], 'moved.lines', movedLine),
  }
}

function movedLine(value: unknown, place: string): MovedLine {
  const it = fields(value, place)
  return {
    line: idOf('OrderLine')(it['line'], `${place}.line`),
    variant: idOf('Variant')(it['variant'], `${place}.variant`),
    product: idOf('Product')(it['product'], `${place}.product`),
    quantity: amount(it['quantity'], `${place}.quantity`),
    totalMinor: amount(it['totalMinor'], `${place}.totalMinor`),
    room: maybe(it['room'], `${place}.room`, idOf('Room')),
    host: maybe(it['host'], `${place}.host`, idOf('Member')),
    outlet: maybe(it['outlet'], `${place}.outlet`, text),
    campaignLink: maybe(it['campaignLink'], `${place}.campaignLink`, idOf('TrackedLink')),
    click: maybe(it['click'], `${place}.click`, text),
  }
}

function flashSaleChanged(it: Readonly<Record<string, unknown>>): FlashSaleChanged {
  return {
    ...told(it),
    kind: 'orders.flashSaleChanged',
    flashSale: idOf('FlashSale')(it['flashSale'], 'flashSaleChanged.flashSale'),
    version: amount(it['version'], 'flashSaleChanged.version'),
    state: oneOf(it['state'], 'flashSaleChanged.state', FLASH_SALE_STATES),
    variant: idOf('Variant')(it['variant'], 'flashSaleChanged.variant'),
    product: idOf('Product')(it['product'], 'flashSaleChanged.product'),
    room: maybe(it['room'], 'flashSaleChanged.room', idOf('Room')),
    priceMinor: amount(it['priceMinor'], 'flashSaleChanged.priceMinor'),
    currency: currency(it['currency'], 'flashSaleChanged.currency'),
    quota: amount(it['quota'], 'flashSaleChanged.quota'),
    left: amount(it['left'], 'flashSaleChanged.left'),
    startsAt: moment(it['startsAt'], 'flashSaleChanged.startsAt'),
    endsAt: maybe(it['endsAt'], 'flashSaleChanged.endsAt', moment),
  }
}

function told(it: Readonly<Record<string, unknown>>): Told {
  return { id: text(it['id'], 'ordersEvent.id', { most: 300 }), at: moment(it['at'], 'ordersEvent.at') }
}

function amount(value: unknown, place: string): number {
  return whole(value, place, { least: 0 })
}

function moment(value: unknown, place: string): string {
  return instant(value, place).toISOString()
}

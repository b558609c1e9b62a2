import { fields, list, maybe, oneOf, text, whole } from '../../platform/decode.js'
import { idOf } from '../ids.js'
import { currency } from '../money.js'
import { afterSaleMoved, type AfterSaleMoved } from './after-sales.js'
import { balanceDue, launchReminded, type BalanceDueFacts, type LaunchRemindedFacts } from './order-reminders.js'
import { parcelMoved, type ParcelMoved } from './parcels.js'
import { amount, moment, told, type Told } from './told.js'

/**
 * The states of an order; which move leads from one to another is a table in `subgraphs/orders/domain/moves.ts`. An order of a
 * pre-sale begins with `DEPOSIT_DUE` and is from `PAID` on an order like others.
 */
export const ORDER_STATES = [
  'RESERVED',
  'PAYING',
  'PAID',
  'SHIPPED',
  'COMPLETED',
  'CANCELLED',
  'EXPIRED',
  'REFUNDED',
  'DEPOSIT_DUE',
  'DEPOSIT_PAYING',
  'DEPOSIT_PAID',
  'BALANCE_PAYING',
  'FORFEITED',
] as const
export type OrderState = (typeof ORDER_STATES)[number]

/** The states of a flash sale's life; an OPEN one that ran dry is SOLD_OUT until a reservation expires. */
export const FLASH_SALE_STATES = ['SCHEDULED', 'OPEN', 'SOLD_OUT', 'CLOSED'] as const
export type FlashSaleState = (typeof FLASH_SALE_STATES)[number]

/** The states of a stored offer's life. */
export const OFFER_STATES = ['SCHEDULED', 'OPEN', 'ENDED'] as const
export type OfferState = (typeof OFFER_STATES)[number]

/** What can happen to that which lowers a variant's price: an offer comes into a state, or the floor is set. */
export const OFFERS_CHANGES = [...OFFER_STATES, 'FLOOR_SET'] as const
export type OffersChange = (typeof OFFERS_CHANGES)[number]

/** A variant's list price is another one now; `version` grows per variant. */
export interface PriceChanged extends Told {
  readonly kind: 'orders.priceChanged'
  readonly variant: string
  readonly version: number
  readonly listMinor: number
  readonly compareAtMinor: number | null
  readonly currency: string
}

/**
 * What lowers a variant's price is another now: an offer was scheduled, began or ended, by hand or by the clock, or the floor was set.
 * Whoever shows prices asks for them again (`partnerQuote`, `Variant.price`). `version` grows per variant, and only the newest counts.
 */
export interface OffersChanged extends Told {
  readonly kind: 'orders.offersChanged'
  readonly variant: string
  readonly product: string
  readonly version: number
  readonly change: OffersChange
  /** The `PriceOffer:…`; null when it is the floor that changed. */
  readonly offer: string | null
  /** The only partner whose prices it concerns; null: all prices. */
  readonly partner: string | null
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
  /** Pieces that are still bought, and what they come to: the rest was cancelled or refunded. */
  readonly left: number
  readonly leftMinor: number
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

/** An e-card paid, was given back what it had paid, or what was held of it; below zero it went out. */
export interface ECardMoved extends Told {
  readonly kind: 'orders.eCardMoved'
  /** Each cause moves it once. */
  readonly cause: string
  readonly member: string
  readonly currency: string
  readonly amountMinor: number
  readonly order: string
}

/** A member who reserved a product is reminded that it goes on sale: told once for each launch and member. */
export interface LaunchReminded extends Told, LaunchRemindedFacts {
  readonly kind: 'orders.launchReminded'
}

/** The balance of a pre-sale's order may be paid from now on: told once for each order, when its window opens. */
export interface BalanceDue extends Told, BalanceDueFacts {
  readonly kind: 'orders.balanceDue'
}

/** All that `orders` tells others. */
export type OrdersEvent =
  | PriceChanged
  | OffersChanged
  | StockChanged
  | OrderMoved
  | AfterSaleMoved
  | ParcelMoved
  | FlashSaleChanged
  | ECardMoved
  | LaunchReminded
  | BalanceDue

/** Reads an event of the topic `orders`; null for a kind that this version does not know. */
export function ordersEvent(value: unknown): OrdersEvent | null {
  const it = fields(value, 'ordersEvent')
  switch (it['kind']) {
    case 'orders.priceChanged':
      return priceChanged(it)
    case 'orders.offersChanged':
      return offersChanged(it)
    case 'orders.launchReminded':
      return { ...told(it), kind: 'orders.launchReminded', ...launchReminded(it) }
    case 'orders.balanceDue':
      return { ...told(it), kind: 'orders.balanceDue', ...balanceDue(it) }
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
    case 'orders.afterSaleMoved':
      return afterSaleMoved(it)
    case 'orders.parcelMoved':
      return parcelMoved(it)
    case 'orders.flashSaleChanged':
      return flashSaleChanged(it)
    case 'orders.eCardMoved':
      return {
        ...told(it),
        kind: 'orders.eCardMoved',
        cause: text(it['cause'], 'eCardMoved.cause', { most: 300 }),
        member: idOf('Member')(it['member'], 'eCardMoved.member'),
        currency: currency(it['currency'], 'eCardMoved.currency'),
        amountMinor: whole(it['amountMinor'], 'eCardMoved.amountMinor'),
        order: idOf('Order')(it['order'], 'eCardMoved.order'),
      }
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

function offersChanged(it: Readonly<Record<string, unknown>>): OffersChanged {
  return {
    ...told(it),
    kind: 'orders.offersChanged',
    variant: idOf('Variant')(it['variant'], 'offersChanged.variant'),
    product: idOf('Product')(it['product'], 'offersChanged.product'),
    version: amount(it['version'], 'offersChanged.version'),
    change: oneOf(it['change'], 'offersChanged.change', OFFERS_CHANGES),
    offer: maybe(it['offer'], 'offersChanged.offer', idOf('PriceOffer')),
    partner: maybe(it['partner'], 'offersChanged.partner', text),
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

/** What was told before parts could be undone names nothing that is left: all of it is. */
function movedLine(value: unknown, place: string): MovedLine {
  const it = fields(value, place)
  const [quantity, totalMinor] = [
    amount(it['quantity'], `${place}.quantity`),
    amount(it['totalMinor'], `${place}.totalMinor`),
  ]
  return {
    line: idOf('OrderLine')(it['line'], `${place}.line`),
    variant: idOf('Variant')(it['variant'], `${place}.variant`),
    product: idOf('Product')(it['product'], `${place}.product`),
    quantity,
    totalMinor,
    left: amount(it['left'] ?? quantity, `${place}.left`),
    leftMinor: amount(it['leftMinor'] ?? totalMinor, `${place}.leftMinor`),
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

import type { FlashSaleState } from '../../../schema/events/orders.js'
import type { Money } from '../../../schema/money.js'
import type { CouponPart } from '../domain/coupons.js'
import { leftIn } from '../domain/flash-sale.js'
import type { Pace } from '../domain/queue.js'
import type { PriceQuote, PriceStep } from '../domain/quote.js'
import { perPiece } from '../domain/split.js'
import { freeIn, MAIN } from '../domain/warehouses.js'
import { readSteps } from '../flow/read-steps.js'
import type { FlashSaleRow } from '../store/flash-sales.js'
import type { LineRow } from '../store/lines.js'
import type { ParcelRow } from '../store/parcels.js'
import type { PaymentRow, RefundRow } from '../store/payments.js'
import type { PurchaseRow } from '../store/purchases.js'
import type { StockRow } from '../store/stock.js'
import { stub } from './stubs.js'

/** An order's row as the graph shows it; lines and refunds have loaders of their own. */
export function orderView(row: PurchaseRow) {
  const { currency } = row
  return {
    __typename: 'Order' as const,
    id: row.id,
    number: row.number,
    state: row.state,
    version: row.version,
    member: stub('Member', row.member),
    owner: { member: row.member, partner: row.partner },
    addressId: row.address_id,
    total: money(row.total_minor, currency),
    paid: money(row.paid_minor, currency),
    refunded: money(row.refunded_minor, currency),
    reservedUntil: row.reserved_until,
    carrier: row.carrier,
    waybill: row.waybill,
    partner: row.partner,
    partnerOrder: row.partner_order,
    reason: row.reason,
    createdAt: row.created_at,
    paidAt: row.paid_at,
    shippedAt: row.shipped_at,
    closedAt: row.closed_at,
  }
}
export type OrderView = ReturnType<typeof orderView>

/** A line as the graph shows it. An order's money is in one currency, which its steps are written in too. */
export function lineView(row: LineRow) {
  const { currency, steps, coupons } = readSteps(row.steps)
  return {
    __typename: 'OrderLine' as const,
    id: row.id,
    order: row.purchase,
    variant: stub('Variant', row.variant),
    quantity: row.quantity,
    unitPrice: money(row.unit_minor, currency),
    total: money(row.total_minor, currency),
    steps: steps.map((step) => stepView(step, currency)),
    coupons: coupons.map((part) => couponPartView(part, currency)),
    pieces: piecesView(row.total_minor, row.quantity, currency),
    left: row.quantity - row.undone,
    back: money(row.back_minor, currency),
    parcel: row.parcel,
    warehouse: row.warehouse,
    flashSale: stub('FlashSale', row.flash_sale),
    origin: {
      room: stub('Room', row.room),
      host: stub('Member', row.host),
      outlet: row.outlet,
      campaignLink: row.campaign_link,
      partner: row.partner,
      click: row.click,
    },
  }
}
export type LineView = ReturnType<typeof lineView>

/** What one seller sends of an order from one warehouse. */
export function parcelView({ shipped_at, received_at, ...row }: ParcelRow) {
  const { id, seller, warehouse, state, carrier, waybill } = row
  return { id, seller, warehouse, state, carrier, waybill, shippedAt: shipped_at, receivedAt: received_at }
}

/** How an order was paid, the last payment first: deposit and balance are shown as one. */
export function paymentView(payments: readonly PaymentRow[]) {
  const [last] = payments
  if (last === undefined) return null
  const { method, back_by: refundRule, currency } = last
  const sum = (of: (row: PaymentRow) => number) => payments.reduce((all, row) => all + of(row), 0)
  const byProvider = money(
    sum((row) => row.amount_minor),
    currency,
  )
  const byECard = money(
    sum((row) => row.e_card_minor),
    currency,
  )
  return { method, byProvider, byECard, refundRule }
}

export function refundView(row: RefundRow) {
  return {
    id: row.id,
    amount: money(row.amount_minor, row.currency),
    toECard: money(row.e_card_minor, row.currency),
    state: row.state,
    reason: row.reason,
    at: row.begun_at,
  }
}

/** A sale as it is at a moment, and the line before it. */
export function saleView(row: FlashSaleRow, { at, state, queue }: SaleMoment) {
  return {
    __typename: 'FlashSale' as const,
    id: row.id,
    variant: stub('Variant', row.variant),
    room: stub('Room', row.room),
    price: money(row.price_minor, row.currency),
    quota: row.quota,
    left: state === 'CLOSED' ? 0 : leftIn(row),
    perMember: row.per_member,
    waiting: row.waiting,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    state,
    queue,
    at,
  }
}
/** What a sale's row does not say of itself. */
export interface SaleMoment {
  readonly at: Date
  readonly state: FlashSaleState
  readonly queue: (Pace & { readonly last: number }) | null
}
export type SaleView = ReturnType<typeof saleView>

export function stockView(row: StockRow) {
  const { available, on_hand: onHand, reserved, sold, shelves } = row
  const all = shelves ?? [{ warehouse: MAIN, onHand, reserved, sold }]
  return { available, onHand, reserved, sold, shelves: all.map((shelf) => ({ ...shelf, available: freeIn(shelf) })) }
}
export type StockView = ReturnType<typeof stockView>

/** A price of a variant with its steps. */
export function priceView(variant: string, quote: PriceQuote) {
  const { currency } = quote
  return {
    variant,
    list: money(quote.listMinor, currency),
    compareAt: quote.compareAtMinor === null ? null : money(quote.compareAtMinor, currency),
    current: money(quote.currentMinor, currency),
    steps: quote.steps.map((step) => stepView(step, currency)),
  }
}

function stepView(step: PriceStep, currency: string) {
  return {
    kind: step.kind,
    label: step.label,
    offered: money(step.offeredMinor, currency),
    amount: money(step.changeMinor, currency),
    bearer: step.bearer,
    session: step.session ?? null,
  }
}

/** What somebody bears of a coupon on a line. */
export function couponPartView({ kind, label, bearer, amountMinor }: CouponPart, currency: string) {
  return { kind, label, bearer, amount: money(-amountMinor, currency) }
}

/** What each piece of a line comes to, as runs of equal ones. */
export function piecesView(totalMinor: number, quantity: number, currency: string) {
  return perPiece(totalMinor, quantity).map((run) => ({ quantity: run.quantity, each: money(run.eachMinor, currency) }))
}

/** An amount as the graph shows it. */
export function money(amountMinor: number, currency: string): Money {
  return { amountMinor, currency }
}

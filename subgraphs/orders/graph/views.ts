import { fields, list, maybe, oneOf, text, whole } from '../../../platform/decode.js'
import type { FlashSaleState } from '../../../schema/events/orders.js'
import type { Money } from '../../../schema/money.js'
import { STEP_KINDS, type PriceQuote, type PriceStep } from '../domain/quote.js'
import type { FlashSaleRow } from '../store/flash-sales.js'
import type { LineRow } from '../store/lines.js'
import type { RefundRow } from '../store/payments.js'
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
  const written = fields(row.steps, 'steps')
  const currency = text(written['currency'], 'steps.currency')
  return {
    __typename: 'OrderLine' as const,
    id: row.id,
    order: row.purchase,
    variant: stub('Variant', row.variant),
    quantity: row.quantity,
    unitPrice: money(row.unit_minor, currency),
    total: money(row.total_minor, currency),
    steps: list(written['steps'], 'steps', readStep).map((step) => stepView(step, currency)),
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

export function refundView(row: RefundRow) {
  return {
    id: row.id,
    amount: money(row.amount_minor, row.currency),
    state: row.state,
    reason: row.reason,
    at: row.begun_at,
  }
}

/** A sale as it is at this moment. */
export function saleView(row: FlashSaleRow, state: FlashSaleState, left: number) {
  return {
    __typename: 'FlashSale' as const,
    id: row.id,
    variant: stub('Variant', row.variant),
    room: stub('Room', row.room),
    price: money(row.price_minor, row.currency),
    quota: row.quota,
    left,
    perMember: row.per_member,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    state,
  }
}
export type SaleView = ReturnType<typeof saleView>

export function stockView(row: StockRow) {
  return { available: row.available, onHand: row.on_hand, reserved: row.reserved, sold: row.sold }
}

/** A price with its steps. */
export function priceView(quote: PriceQuote) {
  const { currency } = quote
  return {
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
  }
}

function readStep(value: unknown, place: string): PriceStep {
  const it = fields(value, place)
  return {
    kind: oneOf(it['kind'], `${place}.kind`, STEP_KINDS),
    label: text(it['label'], `${place}.label`),
    offeredMinor: whole(it['offeredMinor'], `${place}.offeredMinor`),
    changeMinor: whole(it['changeMinor'], `${place}.changeMinor`),
    bearer: maybe(it['bearer'], `${place}.bearer`, text),
  }
}

function money(amountMinor: number, currency: string): Money {
  return { amountMinor, currency }
}

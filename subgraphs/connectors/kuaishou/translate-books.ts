import { fields, list, maybe, text, whole } from '../../../platform/decode.js'
import { fen, id } from './decode-answers.js'

/** A row of the order list, as far as the books go. */
export interface RemoteBooked {
  readonly oid: string
  readonly paidMinor: number
  readonly subsidyMinor: number
  readonly isClosed: boolean
  readonly isSold: boolean
  /** The refunds that were carried out. */
  readonly refunds: readonly string[]
}

/** Kuaishou's status of an order that failed, of one that succeeded, and of a refund that was paid. */
const [CLOSED, SOLD, REFUND_DONE] = [80, 70, 60]

/** Reads what an order came to at the partner's. */
export function bookedOrder(row: unknown): RemoteBooked {
  const order = fields(row, 'order')
  const base = fields(order['orderBaseInfo'], 'order.base')
  const item = fields(order['orderItemInfo'], 'order.item')
  const status = whole(base['status'], 'order.status')
  const isPaid = (maybe(base['payTime'], 'order.payTime', whole) ?? 0) > 0
  const refunds = maybe(order['orderRefundList'], 'order.refunds', (rows, place) => list(rows, place, refundOf)) ?? []
  return {
    oid: id(base['oid'], 'order.oid'),
    paidMinor: isPaid ? fen(base['totalFee'], 'order.totalFee') : 0,
    subsidyMinor: maybe(item['discountFee'], 'order.discountFee', fen) ?? 0,
    ...{ isClosed: status === CLOSED, isSold: status === SOLD },
    refunds: refunds.filter(({ status: one }) => one === REFUND_DONE).map(({ refundId }) => refundId),
  }
}

function refundOf(value: unknown, place: string): { readonly refundId: string; readonly status: number } {
  const it = fields(value, place)
  return {
    refundId: id(it['refundId'], `${place}.refundId`),
    status: whole(it['refundStatus'], `${place}.refundStatus`),
  }
}

/** Kuaishou's `cpsOrderStatus` of an order that earns nobody anything, and what stands where a rate is not known yet. */
const INVALID = 80
const CALCULATING = '计算中'

/** A row of commission: the order's number, and what is earned by it; null while the partner calculates. */
export function commissionOf(row: unknown): readonly [string, { readonly minor: number | null }] {
  const it = fields(row, 'commission')
  const oid = id(it['oid'], 'commission.oid')
  if (it['cpsOrderStatus'] === INVALID) return [oid, { minor: 0 }]
  if (text(it['shareRateStr'], 'commission.shareRateStr', { least: 0 }) === CALCULATING) return [oid, { minor: null }]
  const earned = list(it['products'], 'commission.products', (product, place) =>
    fen(fields(product, place)['estimatedIncome'], `${place}.estimatedIncome`),
  )
  return [oid, { minor: earned.reduce((sum, minor) => sum + minor, 0) }]
}

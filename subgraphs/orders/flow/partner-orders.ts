import type { Database } from '../../../platform/db/database.js'
import { partnerOf, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import type { PurchaseRow } from '../store/purchases.js'
import { lockPartnerOrder } from './find-order.js'
import { moveOrder } from './move-order.js'
import { refund } from './refund-order.js'
import type { Shop } from './shop.js'

/** The states in which a partner's order has been paid for. */
const PAID_FOR: ReadonlySet<string> = new Set(['PAID', 'SHIPPED', 'COMPLETED', 'REFUNDED'])

/** The buyer paid at the partner. Both sides must mean the same amount; told again, it is known already. */
export function confirmPartnerOrder(
  shop: Shop,
  who: Identity,
  paid: { partnerOrder: string; paidMinor: number; paidAt: Date },
): Promise<string> {
  return moveOrder(shop, {
    deed: 'settle',
    lock: async (tx) => sameAmount(await locked(tx, who, paid.partnerOrder), paid.paidMinor),
    details: () => ({ paidMinor: paid.paidMinor, paidAt: paid.paidAt }),
    isDone: (order) => PAID_FOR.has(order.state),
  })
}

function sameAmount(order: PurchaseRow, paidMinor: number): PurchaseRow {
  if (order.total_minor === paidMinor) return order
  throw refuse('PRICE_CHANGED', `the order comes to ${order.total_minor}, not ${paidMinor}`, {
    details: { place: 'paidMinor', totalMinor: order.total_minor },
  })
}

/** The buyer gave up before paying. */
export function cancelPartnerOrder(
  shop: Shop,
  who: Identity,
  { partnerOrder, reason }: { partnerOrder: string; reason: string },
): Promise<string> {
  return moveOrder(shop, {
    deed: 'cancel',
    lock: (tx) => locked(tx, who, partnerOrder),
    details: (_, at) => ({ reason, closedAt: at }),
    isDone: (order) => order.state === 'CANCELLED' || order.state === 'EXPIRED',
  })
}

/** The partner says that the buyer has the parcel. */
export function receivePartnerOrder(shop: Shop, who: Identity, partnerOrder: string): Promise<string> {
  return moveOrder(shop, {
    deed: 'receive',
    lock: (tx) => locked(tx, who, partnerOrder),
    details: (_, at) => ({ closedAt: at }),
    isDone: (order) => order.state === 'COMPLETED',
  })
}

/**
 * The partner has given the buyer's money back; one order is refunded once, so its number is the key. Two of the partner's
 * tellings of it may race, each with a reason of its own ("closed", "a refund was asked for"): the first one's stands.
 */
export function refundPartnerOrder(
  shop: Shop,
  who: Identity,
  { partnerOrder, reason }: { partnerOrder: string; reason: string },
): Promise<string> {
  const lock = (tx: Database): Promise<PurchaseRow> => locked(tx, who, partnerOrder)
  return refund(shop, who, { idempotencyKey: `order ${partnerOrder}`, body: [partnerOrder], reason, lock })
}

function locked(tx: Database, who: Identity, partnerOrder: string): Promise<PurchaseRow> {
  return lockPartnerOrder(tx, partnerOf(who), partnerOrder)
}

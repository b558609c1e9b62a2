import type { Database } from '../../../platform/db/database.js'
import { once } from '../../../platform/db/once.js'
import type { Identity } from '../../../schema/identity.js'
import { insertRefund, succeededPayment } from '../store/payments.js'
import type { PurchaseRow } from '../store/purchases.js'
import { lockOrder } from './find-order.js'
import { askerOf } from './place-request.js'
import { again } from './retry.js'
import { refundOf } from './settle-payment.js'
import { announce, type Shop } from './shop.js'
import { stepOrders } from './step-orders.js'

/** A wish to undo a paid order. */
export interface RefundRequest {
  readonly idempotencyKey: string
  readonly reason: string
  /** Names the order in the body that idempotency compares. */
  readonly order: string
  readonly lock: (tx: Database) => Promise<PurchaseRow>
}

/** Refunds an order of the asker's by its id. */
export function refundOrder(
  shop: Shop,
  who: Identity,
  request: { idempotencyKey: string; order: string; reason: string },
): Promise<string> {
  return refund(shop, who, { ...request, lock: (tx) => lockOrder(tx, who, request.order) })
}

/** One transaction: the order is REFUNDED, its pieces are back, and its money is due; the provider is told after the commit. */
export async function refund(shop: Shop, who: Identity, request: RefundRequest): Promise<string> {
  const { id, moved } = await again(() =>
    shop.db.transaction(async (tx) => {
      const order = await request.lock(tx)
      const deed = {
        owner: askerOf(who),
        key: `refund ${request.idempotencyKey}`,
        body: [request.order, request.reason],
      }
      let moved: readonly PurchaseRow[] = []
      await once(tx, 'orders', deed, async () => {
        moved = await giveBack(tx, shop, order, request.reason)
        return order.id
      })
      return { id: order.id, moved }
    }),
  )
  if (moved.length > 0) announce(shop, moved)
  return id
}

async function giveBack(tx: Database, shop: Shop, order: PurchaseRow, reason: string) {
  const at = await shop.databaseClock(tx)
  const details = { reason, refundedMinor: order.paid_minor, closedAt: at }
  const moved = await stepOrders(tx, { deed: 'refund', orders: [order], at, details: () => details })
  const payment = await succeededPayment(tx, order.id)
  await insertRefund(tx, payment === null ? partnersOwn(order, reason, at) : refundOf(payment, reason, at))
  return moved
}

/** The partner took the money and gives it back itself. */
function partnersOwn(order: PurchaseRow, reason: string, at: Date): Parameters<typeof insertRefund>[1] {
  return {
    id: `Refund:${order.id.slice('Order:'.length)}`,
    purchase: order.id,
    payment: null,
    state: 'DONE',
    amount_minor: order.paid_minor,
    currency: order.currency,
    reason,
    begun_at: at,
  }
}

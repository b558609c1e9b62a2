import type { Database } from '../../../platform/db/database.js'
import { stateAfter } from '../domain/moves.js'
import { decidePayment, findPayment, insertRefund, refundDone, type PaymentRow } from '../store/payments.js'
import { lockPurchases, type PurchaseRow } from '../store/purchases.js'
import { again } from './retry.js'
import { announce, type Shop } from './shop.js'
import { stepOrders } from './step-orders.js'

/**
 * What the provider decided, however often and however late it tells. Money that came is final; money that came for an order
 * which can no longer be paid goes back. A refused payment leaves the order as it was before it, to be paid in another way.
 */
export async function settlePayment(shop: Shop, id: string, decision: 'SUCCEEDED' | 'DECLINED'): Promise<void> {
  const moved = await again(() =>
    shop.db.transaction(async (tx) => {
      const payment = await findPayment(tx, id)
      const order = payment === null ? undefined : (await lockPurchases(tx, [payment.purchase])).get(payment.purchase)
      if (payment === null || order === undefined) return []
      const at = await shop.databaseClock(tx)
      if (!(await decidePayment(tx, { id, state: decision, at }))) {
        shop.observer.count('payment.told_again')
        return []
      }
      shop.observer.count('payment.decided', { decision })
      return decision === 'SUCCEEDED' ? moneyCame(tx, { payment, order, at }) : moneyDidNotCome(tx, { order, at })
    }),
  )
  if (moved.length > 0) announce(shop, moved)
}

async function moneyCame(
  tx: Database,
  { payment, order, at }: { payment: PaymentRow; order: PurchaseRow; at: Date },
): Promise<readonly PurchaseRow[]> {
  if (stateAfter(order.state, 'settle') !== null) {
    const details = { paidMinor: payment.amount_minor, paidAt: at }
    return stepOrders(tx, { deed: 'settle', orders: [order], at, details: () => details })
  }
  await insertRefund(tx, refundOf(payment, `paid when the order was ${order.state}`, at))
  return []
}

async function moneyDidNotCome(
  tx: Database,
  { order, at }: { order: PurchaseRow; at: Date },
): Promise<readonly PurchaseRow[]> {
  return order.state === 'PAYING' ? stepOrders(tx, { deed: 'decline', orders: [order], at }) : []
}

/** The refund of a whole payment; its id makes it one, however often it is written down. */
export function refundOf(payment: PaymentRow, reason: string, at: Date): Parameters<typeof insertRefund>[1] {
  return {
    id: `Refund:${payment.id.slice('Payment:'.length)}`,
    purchase: payment.purchase,
    payment: payment.id,
    state: 'DUE',
    amount_minor: payment.amount_minor,
    currency: payment.currency,
    reason,
    begun_at: at,
  }
}

/** Gives money back by the provider; its idempotency key is the refund's id, so that what was cut off is simply done again. */
export async function sendRefund(shop: Shop, refund: Parameters<typeof insertRefund>[1]): Promise<void> {
  const payment = refund.payment === null ? null : await findPayment(shop.db, refund.payment)
  if (payment !== null && payment.charge !== null) {
    const amount = { amountMinor: refund.amount_minor, currency: refund.currency }
    await shop.provider.refund({ key: refund.id, charge: payment.charge, amount })
  }
  await refundDone(shop.db, refund.id, await shop.databaseClock(shop.db))
}

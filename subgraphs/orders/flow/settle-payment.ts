import type { Database } from '../../../platform/db/database.js'
import { stateAfter } from '../domain/moves.js'
import {
  decidePayment,
  findPayment,
  insertRefunds,
  refundDone,
  type PaymentRow,
  type RefundRow,
} from '../store/payments.js'
import { lockPurchases, type PurchaseRow } from '../store/purchases.js'
import { releaseECard, spendECard } from './e-card-money.js'
import { balanceUntil } from './deposits.js'
import { byProvider, enterLateMoney, enterPaidBack } from './keep-accounts.js'
import { again } from './retry.js'
import { announce, type Shop } from './shop.js'
import { stepOrders } from './step-orders.js'

/**
 * What the provider decided, however often and however late it tells. Money that came is final; money that came for an order
 * which can no longer be paid, or comes to something else by now, goes back. A refused payment leaves the order as it was before it, to be paid in another way.
 */
export async function settlePayment(shop: Shop, id: string, decision: 'SUCCEEDED' | 'DECLINED'): Promise<void> {
  const moved = await again(() =>
    shop.db.transaction(async (tx) => {
      const { purchase = '' } = (await findPayment(tx, id)) ?? {}
      const order = (await lockPurchases(tx, [purchase])).get(purchase)
      const payment = await findPayment(tx, id) // as it is under the order's lock
      if (payment === null || order === undefined) return []
      const at = await shop.databaseClock(tx)
      if (!(await decidePayment(tx, { id, state: decision, at }))) {
        shop.observer.count('payment.told_again')
        return []
      }
      shop.observer.count('payment.decided', { decision })
      return decision === 'SUCCEEDED'
        ? moneyCame(tx, shop, { payment, order, at })
        : moneyDidNotCome(tx, shop, { payment, order, at })
    }),
  )
  if (moved.length > 0) announce(shop, moved)
}

async function moneyCame(
  tx: Database,
  shop: Shop,
  { payment, order, at }: { payment: PaymentRow; order: PurchaseRow; at: Date },
): Promise<readonly PurchaseRow[]> {
  const deed = payment.part === 'DEPOSIT' ? 'settleDeposit' : 'settle'
  if (
    stateAfter(order.state, deed) !== null &&
    isItsPrice(payment, order) &&
    (await spendECard(tx, { payment, order, at }))
  ) {
    const paidMinor = order.paid_minor + payment.amount_minor + payment.e_card_minor
    const more = deed === 'settle' ? { paidAt: at } : { reservedUntil: await balanceUntil(tx, shop, { order, at }) }
    return stepOrders(tx, shop, { deed, orders: [order], at, details: () => ({ paidMinor, ...more }) })
  }
  await releaseECard(tx, { payment, order, at })
  await enterLateMoney(tx, { payment, order, at })
  await insertRefunds(tx, [refundOf(payment, `paid when the order was ${order.state}`, at)])
  return []
}

/** Pieces may have been given up since a payment that looked declined was begun. */
function isItsPrice(payment: PaymentRow, order: PurchaseRow): boolean {
  return (
    payment.part === 'DEPOSIT' || order.paid_minor + payment.amount_minor + payment.e_card_minor === order.total_minor
  )
}

async function moneyDidNotCome(
  tx: Database,
  shop: Shop,
  { payment, order, at }: { payment: PaymentRow; order: PurchaseRow; at: Date },
): Promise<readonly PurchaseRow[]> {
  await releaseECard(tx, { payment, order, at })
  return stateAfter(order.state, 'decline') === null
    ? []
    : stepOrders(tx, shop, { deed: 'decline', orders: [order], at })
}

/** The refund of a payment that came too late; its id makes it one, however often it is written down. */
function refundOf(payment: PaymentRow, reason: string, at: Date): RefundRow {
  return {
    id: `Refund:${payment.id.slice('Payment:'.length)}`,
    purchase: payment.purchase,
    payment: payment.id,
    state: 'DUE',
    amount_minor: payment.amount_minor,
    e_card_minor: 0,
    currency: payment.currency,
    reason,
    late: true,
    begun_at: at,
  }
}

/** Gives money back by the provider; its idempotency key is the refund's id, so that what was cut off is simply done again. */
export async function sendRefund(shop: Shop, refund: RefundRow): Promise<void> {
  const payment = refund.payment === null ? null : await findPayment(shop.db, refund.payment)
  if (payment !== null && payment.charge !== null) {
    const amount = { amountMinor: byProvider(refund).amount_minor, currency: refund.currency }
    await shop.provider.refund({ key: refund.id, charge: payment.charge, amount })
  }
  await shop.db.transaction(async (tx) => {
    const order = (await lockPurchases(tx, [refund.purchase])).get(refund.purchase)
    const at = await shop.databaseClock(tx)
    const isFirst = await refundDone(tx, refund.id, at)
    if (isFirst && payment !== null && order !== undefined) await enterPaidBack(tx, { refund, order, at })
  })
}

import type { Database } from '../../../platform/db/database.js'
import { once } from '../../../platform/db/once.js'
import { Failure } from '../../../platform/failure.js'
import type { Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import type { Charge, ChargeRequest } from '../payment/provider.js'
import { insertPayment, findPayment, nameCharge, type PaymentRow } from '../store/payments.js'
import type { PurchaseRow } from '../store/purchases.js'
import { lockOrder } from './find-order.js'
import { ownerOf } from './place-request.js'
import { again } from './retry.js'
import { settlePayment } from './settle-payment.js'
import { announce, newKey, type Shop } from './shop.js'
import { stepOrders } from './step-orders.js'

/** A wish to pay. */
export interface PayRequest {
  readonly idempotencyKey: string
  readonly order: string
  readonly method: string
}

/**
 * begin (one transaction) -> the provider, with the payment's id as its key -> settle (one transaction). Killed anywhere, the same
 * key goes on from the payment's row: it is begun once, charged once, and what became of it is told again.
 */
export async function payOrder(shop: Shop, who: Identity, request: PayRequest): Promise<string> {
  const payment = await findPayment(shop.db, await beginPayment(shop, who, request))
  if (payment === null) throw new Error('a payment that was begun is not there')
  await chargePayment(shop, payment)
  const decided = await findPayment(shop.db, payment.id)
  if (decided?.state === 'DECLINED') throw refuse('PAYMENT_DECLINED', 'the payment was declined')
  return payment.purchase
}

async function beginPayment(shop: Shop, who: Identity, request: PayRequest): Promise<string> {
  const { order: id, method } = request
  const begun = await again(() =>
    shop.db.transaction(async (tx) => {
      const order = await lockOrder(tx, who, id)
      const deed = { owner: ownerOf(order), key: `pay ${request.idempotencyKey}`, body: { id, method } }
      let moved: readonly PurchaseRow[] = []
      const { answer } = await once(tx, 'orders', deed, async () => {
        const payment = await newPayment(tx, shop, order, method)
        moved = await stepOrders(tx, { deed: 'pay', orders: [order], at: payment.begun_at })
        return payment.id
      })
      return { payment: answer, moved }
    }),
  )
  if (begun.moved.length > 0) announce(shop, begun.moved)
  return begun.payment
}

async function newPayment(tx: Database, shop: Shop, order: PurchaseRow, method: string): Promise<PaymentRow> {
  const at = await shop.databaseClock(tx)
  if (order.partner !== null) throw refuse('STATE_FORBIDS', "a partner's order is paid at the partner")
  if (order.state === 'RESERVED' && at >= order.reserved_until)
    throw refuse('STATE_FORBIDS', 'the reservation has expired')
  const payment: PaymentRow = {
    id: `Payment:${newKey(shop)}`,
    purchase: order.id,
    method,
    state: 'BEGUN',
    charge: null,
    amount_minor: order.total_minor,
    currency: order.currency,
    begun_at: at,
  }
  await insertPayment(tx, payment)
  return payment
}

/** Null when the provider takes no such charge at all: asking again would not help. */
async function charged(shop: Shop, request: ChargeRequest): Promise<Charge | null> {
  try {
    return await shop.provider.charge(request)
  } catch (refusal) {
    if (refusal instanceof Failure && refusal.code === 'PARTNER_REFUSED') return null
    throw refusal
  }
}

/** Asks the provider for a payment's money; what is decided already is not asked again. Nothing to pay is paid at once. */
export async function chargePayment(shop: Shop, payment: PaymentRow): Promise<void> {
  if (payment.state !== 'BEGUN') return
  if (payment.amount_minor === 0) return settlePayment(shop, payment.id, 'SUCCEEDED')
  const amount = { amountMinor: payment.amount_minor, currency: payment.currency }
  const charge = await charged(shop, { key: payment.id, amount, method: payment.method })
  if (charge === null) return settlePayment(shop, payment.id, 'DECLINED')
  await nameCharge(shop.db, payment.id, charge.charge)
  if (charge.state !== 'PENDING') await settlePayment(shop, payment.id, charge.state)
}

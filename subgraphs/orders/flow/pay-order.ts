import type { Database } from '../../../platform/db/database.js'
import { once } from '../../../platform/db/once.js'
import { Failure } from '../../../platform/failure.js'
import type { Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { isPreSold } from '../domain/moves.js'
import type { Charge, ChargeRequest } from '../payment/provider.js'
import { depositsOf } from '../store/deposits.js'
import { insertPayment, findPayment, nameCharge, type PaymentPart, type PaymentRow } from '../store/payments.js'
import type { PurchaseRow } from '../store/purchases.js'
import { holdECard } from './e-card-money.js'
import { lockOrder } from './find-order.js'
import { ownerOf } from './place-request.js'
import { again } from './retry.js'
import { settlePayment } from './settle-payment.js'
import { announce, newKey, type Shop } from './shop.js'
import { stateFor, stepOrders } from './step-orders.js'

/** A wish to pay. */
export interface PayRequest {
  readonly idempotencyKey: string
  readonly order: string
  readonly method: string
  /** What of it is to come from the member's e-card. */
  readonly eCardMinor?: number
}

/** Which payment of an order: all of it or its deposit, whatever it begins with; or the balance of a pre-sale, which nobody pays by mistake. */
type Paying = 'pay' | 'payBalance'

/**
 * begin (one transaction) -> the provider, with the payment's id as its key -> settle (one transaction). Killed anywhere, the same
 * key goes on from the payment's row: it is begun once, charged once, and what became of it is told again.
 */
export function payOrder(shop: Shop, who: Identity, request: PayRequest): Promise<string> {
  return pay(shop, who, { ...request, paying: 'pay' })
}

/** The same for the balance of a pre-sale whose deposit was paid. */
export function payBalance(shop: Shop, who: Identity, request: PayRequest): Promise<string> {
  return pay(shop, who, { ...request, paying: 'payBalance' })
}

type Request = PayRequest & { readonly paying: Paying }

async function pay(shop: Shop, who: Identity, request: Request): Promise<string> {
  const payment = await findPayment(shop.db, await beginPayment(shop, who, request))
  if (payment === null) throw new Error('a payment that was begun is not there')
  await chargePayment(shop, payment)
  const decided = await findPayment(shop.db, payment.id)
  if (decided?.state === 'DECLINED') throw refuse('PAYMENT_DECLINED', 'the payment was declined')
  return payment.purchase
}

async function beginPayment(shop: Shop, who: Identity, request: Request): Promise<string> {
  const { order: id, method, eCardMinor = 0, paying } = request
  const body = eCardMinor === 0 ? { id, method } : { id, method, eCardMinor }
  const begun = await again(() =>
    shop.db.transaction(async (tx) => {
      const order = await lockOrder(tx, who, id)
      const deed = { owner: ownerOf(order), key: `${KEY[paying]} ${request.idempotencyKey}`, body }
      let moved: readonly PurchaseRow[] = []
      const { answer } = await once(tx, 'orders', deed, async () => {
        stateFor(order, paying)
        const payment = await newPayment(tx, shop, { order, method, eCardMinor })
        moved = await stepOrders(tx, shop, { deed: paying, orders: [order], at: payment.begun_at })
        return payment.id
      })
      return { payment: answer, moved }
    }),
  )
  if (begun.moved.length > 0) announce(shop, begun.moved)
  return begun.payment
}

const KEY: Readonly<Record<Paying, string>> = { pay: 'pay', payBalance: 'pay-balance' }

/** By this method all of it comes from the e-card. */
const BY_E_CARD = 'ecard'

async function newPayment(
  tx: Database,
  shop: Shop,
  { order, method, eCardMinor: asked }: { order: PurchaseRow; method: string; eCardMinor: number },
): Promise<PaymentRow> {
  const at = await shop.databaseClock(tx)
  if (order.partner !== null) throw refuse('STATE_FORBIDS', "a partner's order is paid at the partner")
  if (at >= order.reserved_until) throw refuse('STATE_FORBIDS', 'the reservation has expired')
  const { part, minor } = await dueNow(tx, order, at)
  const eCardMinor = method === BY_E_CARD ? minor : asked
  if (eCardMinor > minor)
    throw refuse('BAD_USER_INPUT', `the payment comes to ${minor}`, { details: { place: 'eCardMinor' } })
  const payment: PaymentRow = {
    id: `Payment:${newKey(shop)}`,
    purchase: order.id,
    part,
    method,
    state: 'BEGUN',
    charge: null,
    amount_minor: minor - eCardMinor,
    e_card_minor: eCardMinor,
    e_card_state: eCardMinor > 0 ? 'HELD' : null,
    back_by: shop.terms.backBy,
    currency: order.currency,
    begun_at: at,
  }
  await insertPayment(tx, payment)
  if (eCardMinor > 0) await holdECard(tx, { payment, order, at })
  return payment
}

/** What of an order is to be paid in its state. */
async function dueNow(
  tx: Database,
  { id, state, total_minor: total }: PurchaseRow,
  at: Date,
): Promise<{ readonly part: PaymentPart; readonly minor: number }> {
  const deposit = isPreSold(state) ? (await depositsOf(tx, [id])).get(id) : undefined
  if (deposit === undefined) return { part: 'WHOLE', minor: total }
  if (state === 'DEPOSIT_DUE') return { part: 'DEPOSIT', minor: deposit.deposit_minor }
  if (at < deposit.balance_from)
    throw refuse('STATE_FORBIDS', `the balance is taken from ${deposit.balance_from.toISOString()} on`)
  return { part: 'BALANCE', minor: total - deposit.deposit_minor }
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

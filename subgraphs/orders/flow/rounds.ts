import { Failure } from '../../../platform/failure.js'
import { repeat } from '../../../platform/time/clock.js'
import { forgetOldKeys } from '../../host/forget-keys.js'
import { wakingFlashSales } from '../store/flash-sales.js'
import { salesWithTurn } from '../store/waiters.js'
import { dueRefunds, undecidedPayments, type PaymentRow } from '../store/payments.js'
import { lockOverdue, lockPurchases } from '../store/purchases.js'
import { purgeAddresses } from '../store/sealed-addresses.js'
import { chargePayment } from './pay-order.js'
import { turnFlashSales } from './flash-sales.js'
import { turnLaunches } from './launches.js'
import { sendRefund, settlePayment } from './settle-payment.js'
import { offerToWaiting } from './waiting-list.js'
import { announce, later, type Shop } from './shop.js'
import { stepOrders } from './step-orders.js'
import { tellDivided } from './tell-divided.js'
import { turnPreSales } from './turn-pre-sales.js'
import { turnOffers } from './tell-offers.js'

/** How many rows one round takes in hand. */
const MOST = 500
const DAY_MS = 86_400_000

/** Does again and again what nobody asks for: the process's clock says how often, the database's what is due. */
export function startRounds(shop: Shop, everyMs: number): { stop(): Promise<void> } {
  let round: Promise<void> = Promise.resolve()
  const cancel = repeat(shop.clock, everyMs, () => (round = everyRound(shop)))
  return {
    async stop() {
      cancel()
      await round
    },
  }
}

async function everyRound(shop: Shop): Promise<void> {
  for (const [name, round] of ROUNDS) await tried(shop, name, () => round(shop))
}

const ROUNDS: readonly (readonly [string, (shop: Shop) => Promise<void>])[] = [
  ['ask about payments', askAboutPayments],
  ['expire', expireOverdue],
  ['turn flash sales', async (shop) => turnFlashSales(shop, await wakingFlashSales(shop.db, await now(shop), MOST))],
  ['tell of divided sales', tellDivided],
  ['turn offers', turnOffers],
  ['offer to who waits', async (shop) => offerToWaiting(shop, await salesWithTurn(shop.db, await now(shop), MOST))],
  ['turn launches', turnLaunches],
  ['turn pre-sales', turnPreSales],
  ['send refunds', sendRefunds],
  ['forget keys', forgetKeys],
  ['forget addresses', forgetAddresses],
]

/** A round that fails is logged and comes again; it must not end the others. */
async function tried(shop: Shop, name: string, round: () => Promise<void>): Promise<void> {
  try {
    await round()
  } catch (error) {
    shop.observer.count('orders.round_failed', { round: name })
    shop.observer.log('warn', 'a round of orders failed', { round: name, fault: String(error) })
  }
}

/** Unpaid orders whose time is over give their pieces back, once. */
export async function expireOverdue(shop: Shop): Promise<void> {
  const moved = await shop.db.transaction(async (tx) => {
    const at = await shop.databaseClock(tx)
    const due = { at, payingBefore: later(at, -shop.terms.payingGraceMs), most: MOST }
    const orders = [...(await lockPurchases(tx, await lockOverdue(tx, due))).values()]
    return stepOrders(tx, shop, { deed: 'expire', orders, at, details: () => ({ closedAt: at }) })
  })
  if (moved.length > 0) announce(shop, moved)
}

/** A result that was lost is asked for: nobody waits for a webhook that never comes. */
export async function askAboutPayments(shop: Shop): Promise<void> {
  const before = later(await now(shop), -shop.terms.askAfterMs)
  for (const payment of await undecidedPayments(shop.db, before, MOST))
    await oneOfMany(shop, 'a payment', () => askAbout(shop, payment))
}

async function askAbout(shop: Shop, payment: PaymentRow): Promise<void> {
  if (payment.charge === null) return chargePayment(shop, payment)
  const charge = await shop.provider.find(payment.charge)
  if (charge !== null && charge.state !== 'PENDING') await settlePayment(shop, payment.id, charge.state)
}

/** Money that is due goes back. */
export async function sendRefunds(shop: Shop): Promise<void> {
  for (const refund of await dueRefunds(shop.db, MOST))
    await oneOfMany(shop, 'a refund', () => sendRefund(shop, refund))
}

/** One that fails must not stand in the way of the others; but when the provider is away, none is tried further. */
async function oneOfMany(shop: Shop, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Failure && error.code === 'PARTNER_UNAVAILABLE') throw error
    shop.observer.log('error', `${what} could not be dealt with`, { fault: String(error) })
  }
}

/** Idempotency keys are kept for three days by the database's time, and what is forgotten is counted. */
export async function forgetKeys(shop: Shop): Promise<void> {
  const count = await forgetOldKeys(shop.db, 'orders', await now(shop))
  shop.observer.count('orders.deeds.forgotten', {}, count)
}

/** The rule: where a parcel went is forgotten so many days after its order ended, and what is forgotten is counted. The order stays. */
export async function forgetAddresses(shop: Shop): Promise<void> {
  const before = later(await now(shop), -shop.terms.personalDays * DAY_MS)
  const count = await purgeAddresses(shop.db, { before, most: MOST })
  shop.observer.count('orders.addresses.forgotten', {}, count)
}

function now(shop: Shop): Promise<Date> {
  return shop.databaseClock(shop.db)
}

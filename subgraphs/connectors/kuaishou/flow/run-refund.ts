import { refuse } from '../../../../schema/refuse.js'
import type { Outcome } from '../../connector.js'
import {
  isOrderFirst,
  isPart,
  isUnpaidInShop,
  nextRefundStep,
  type PartnerRefund,
  type RefundStep,
} from '../domain/partner-refund.js'
import { isFinal, type Shop, type ShopOrder } from '../shop.js'
import { keepShopState, readOrder } from '../store/partner-orders.js'
import { keepGiven, keepRefund, keepRefundRefused, readRefund } from '../store/refunds.js'
import { refundContent } from '../translate.js'
import { isRefused, type Work } from './work.js'

const MOST_STEPS = 20
/** The order's own errand is at work; the refund waits for it. */
const ORDER_FIRST_MS = 1_000

const DO: Readonly<Record<RefundStep, (work: Work, refund: PartnerRefund) => Promise<unknown>>> = {
  look,
  giveBack,
  approveReturn: ({ calls }, it) => calls.approveReturn(it),
  confirmReturn: ({ calls }, it) => calls.confirmReturn(it.refundId),
  approve: ({ calls }, it) => calls.approve(it),
  reject: ({ calls }, it) => calls.reject(it.refundId),
}

/** row -> next step -> row, as with orders: a refusal (300014, the refund moved meanwhile) makes us look and try as it now is. */
export async function runRefund(work: Work, refundId: string): Promise<Outcome> {
  const refusals = new Map<string, Error>()
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const refund = await readRefund(work.ground.db, refundId)
    if (refund === null) return null
    const step = nextRefundStep(refund)
    if (step === null) return await rest(work, refund)
    const seen = `${step} ${refund.knownVersion}`
    const refusal = refusals.get(seen)
    if (refusal !== undefined) throw refusal
    try {
      await DO[step](work, refund)
      if (step !== 'look' && step !== 'giveBack') await look(work, refund)
      work.ground.observer.count('kuaishou.refund', { step })
    } catch (error) {
      if (!isRefused(error)) throw error
      refusals.set(seen, error)
      await look(work, refund)
    }
  }
  throw new Error('a refund of Kuaishou does not come to rest')
}

async function look({ calls, ground }: Work, { refundId }: PartnerRefund): Promise<void> {
  await keepRefund(ground.db, refundContent(await calls.refund(refundId)))
}

/** Our shop gives back before the partner is told. What it gave is in its books under the refund's number: asked again, it gives nothing more. */
async function giveBack({ shop, ground: { db } }: Work, refund: PartnerRefund): Promise<void> {
  const { oid, refundId } = refund
  if (isPart(refund) && refund.withReturn)
    throw forAPerson('which pieces come back for a part of the money is not said')
  try {
    const { state } = await shopGives(shop, refund)
    await keepShopState(db, oid, { state })
    await keepGiven(db, refundId, isUnpaidInShop(refund) ? 0 : Math.min(refund.amountMinor, refund.leftMinor))
  } catch (error) {
    if (!isFinal(error)) throw error
    if (isPart(refund) && error.code === 'IDEMPOTENCY_MISMATCH')
      throw forAPerson('another amount was given back for this refund before')
    await keepRefundRefused(db, refundId, error.code)
  }
}

/** Unpaid it cancels; paid it refunds a part, or all that is left. */
function shopGives(shop: Shop, refund: PartnerRefund): Promise<ShopOrder> {
  const { oid, refundId, amountMinor } = refund
  const reason = 'refund asked for at Kuaishou'
  if (isUnpaidInShop(refund)) return shop.cancel(oid, reason)
  if (isPart(refund)) return shop.refundPart(oid, { refundId, minor: amountMinor, reason })
  return shop.refund(oid, reason)
}

function forAPerson(why: string): Error {
  return refuse('PARTNER_REFUSED', `${why}; a person decides`)
}

/** Asked for, and the order is not so far in our shop: it will be, unless it ended before. */
async function rest({ ground: { db } }: Work, refund: PartnerRefund): Promise<Outcome> {
  if (!isOrderFirst(refund)) return null
  const order = await readOrder(db, refund.oid)
  return order?.refused == null && order?.state !== 'CLOSED' ? { againInMs: ORDER_FIRST_MS } : null
}

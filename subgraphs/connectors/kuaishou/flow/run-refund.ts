import { refuse } from '../../../../schema/refuse.js'
import type { Outcome } from '../../connector.js'
import { nextRefundStep, type PartnerRefund, type RefundStep } from '../domain/partner-refund.js'
import { isFinal } from '../shop.js'
import { keepShopState, readOrder } from '../store/partner-orders.js'
import { keepRefund, keepRefundRefused, readRefund } from '../store/refunds.js'
import { refundContent } from '../translate.js'
import { isRefused, type Work } from './work.js'

const MOST_STEPS = 20
/** The order's own errand is at work; the refund waits for what the shop says to it. */
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

/** Our shop gives back before the partner is told: unpaid it cancels, paid it refunds. */
async function giveBack({ shop, ground: { db } }: Work, refund: PartnerRefund): Promise<void> {
  const order = await readOrder(db, refund.oid)
  if (order !== null && order.totalMinor !== refund.amountMinor)
    throw refuse('PARTNER_REFUSED', `a part of an order's money is asked back; a person decides`)
  const unpaid = refund.shopState === 'RESERVED' || refund.shopState === 'PAYING'
  try {
    const reason = 'refund asked for at Kuaishou'
    const { state } = unpaid ? await shop.cancel(refund.oid, reason) : await shop.refund(refund.oid, reason)
    await keepShopState(db, refund.oid, { state })
  } catch (error) {
    if (!isFinal(error)) throw error
    await keepRefundRefused(db, refund.refundId, error.code)
  }
}

/** Asked for, and the shop does not know the order yet: it will. */
async function rest({ ground: { db } }: Work, refund: PartnerRefund): Promise<Outcome> {
  if (refund.shopState !== null || refund.state !== 'ASKED') return null
  const order = await readOrder(db, refund.oid)
  return order?.refused == null && order?.state !== 'CLOSED' ? { againInMs: ORDER_FIRST_MS } : null
}

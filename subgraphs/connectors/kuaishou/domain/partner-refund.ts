import type { OrderState } from '../../../../schema/events/orders.js'

/** How far a refund is at the partner's, in our words. */
export const REFUND_STATES = ['ASKED', 'RETURNING', 'RETURNED', 'DONE', 'REFUSED'] as const
/** One of the states above. */
export type RefundState = (typeof REFUND_STATES)[number]

/** A refund as its row remembers it, with how far our shop's order is. */
export interface PartnerRefund {
  readonly refundId: string
  readonly oid: string
  readonly seenVersion: number
  readonly knownVersion: number
  readonly state: RefundState | null
  /** The partner's own numbers of the state that we read: it approves only what it still is. */
  readonly status: number
  readonly negotiation: number
  /** The goods come back first. */
  readonly withReturn: boolean
  readonly amountMinor: number
  /** What the order came to, less what our shop gave back for its other refunds. */
  readonly leftMinor: number
  /** What our shop gave back for this one. */
  readonly givenMinor: number
  readonly shopState: OrderState | null
  /** The code with which the shop refused to give the money back. */
  readonly refused: string | null
}

/** What may be the next thing to do for a refund. */
export type RefundStep = 'look' | 'giveBack' | 'approveReturn' | 'confirmReturn' | 'approve' | 'reject'

const GIVEN_BACK: readonly (OrderState | null)[] = ['CANCELLED', 'EXPIRED', 'REFUNDED']

/**
 * The way of a refund that a buyer asked for at the partner's: our shop gives back first, then the partner is told.
 * Goods that were sent come back before the money goes.
 */
export const REFUND_STEPS: readonly { readonly step: RefundStep; readonly when: (it: PartnerRefund) => boolean }[] = [
  { step: 'look', when: (it) => it.state === null || it.seenVersion > it.knownVersion },
  { step: 'reject', when: (it) => it.state === 'ASKED' && it.refused !== null },
  { step: 'approveReturn', when: (it) => it.state === 'ASKED' && it.withReturn && isSent(it) },
  { step: 'giveBack', when: (it) => isRipe(it) && it.refused === null && isHeldByShop(it) && !isEarly(it) },
  { step: 'confirmReturn', when: (it) => it.state === 'RETURNED' && isGiven(it) },
  { step: 'approve', when: (it) => it.state === 'ASKED' && isGiven(it) },
]

/** The next step of a refund; null when nothing is to be done until somebody tells something. */
export function nextRefundStep(refund: PartnerRefund): RefundStep | null {
  return REFUND_STEPS.find(({ when }) => when(refund))?.step ?? null
}

/** Whether less is asked back than is left of the order: it stays bought. */
export function isPart({ amountMinor, leftMinor }: PartnerRefund): boolean {
  return amountMinor < leftMinor
}

/** Whether our shop has the order and has not been told that it is paid. */
export function isUnpaidInShop({ shopState }: PartnerRefund): boolean {
  return shopState === 'RESERVED' || shopState === 'PAYING'
}

/** Whether the order's own errand has something to do first: our shop does not know it yet, or not that it is paid. */
export function isOrderFirst(it: PartnerRefund): boolean {
  return isRipe(it) && it.refused === null && (it.shopState === null || isEarly(it))
}

/** A part of what our shop does not know to be paid; all of that is cancelled. */
function isEarly(it: PartnerRefund): boolean {
  return isPart(it) && isUnpaidInShop(it)
}

/** The money is due: asked for, with the goods back, or given by the partner itself. */
function isRipe(it: PartnerRefund): boolean {
  return it.state === 'ASKED' || it.state === 'RETURNED' || it.state === 'DONE'
}

function isSent(it: PartnerRefund): boolean {
  return it.shopState === 'SHIPPED' || it.shopState === 'COMPLETED'
}

function isHeldByShop(it: PartnerRefund): boolean {
  return it.shopState !== null && !isGiven(it)
}

/** Another amount than the one given is another wish. */
function isGiven({ shopState, givenMinor, amountMinor }: PartnerRefund): boolean {
  return GIVEN_BACK.includes(shopState) || (givenMinor > 0 && givenMinor === amountMinor)
}

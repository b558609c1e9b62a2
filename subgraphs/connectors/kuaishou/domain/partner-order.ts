import type { OrderState } from '../../../../schema/events/orders.js'

/** How far an order is at the partner's, in our words. */
export const PARTNER_STATES = ['TO_PAY', 'PAID', 'SENT', 'RECEIVED', 'COMPLETED', 'CLOSED'] as const
/** One of the states above. */
export type PartnerState = (typeof PARTNER_STATES)[number]

/** A partner's order as its row remembers it: what the partner told, what our shop did, and nothing else. */
export interface PartnerOrder {
  readonly oid: string
  /** The newest version that was told of, and the one whose content stands below; null states were never read. */
  readonly seenVersion: number
  readonly knownVersion: number
  /** Something was told of it without a version. */
  readonly doubted: boolean
  readonly state: PartnerState | null
  readonly relSku: string | null
  readonly quantity: number
  readonly unitPriceMinor: number
  readonly totalMinor: number
  readonly paidAt: Date | null
  /** The partner advises not to ship. */
  readonly risky: boolean
  /** The partner forbids to ship for now. */
  readonly held: boolean
  /** The buyer has asked for all his money there, and it is not decided: what the refund does ends the order. */
  readonly refunding: boolean
  /** Whether the buyer's address has been opened. */
  readonly addressed: boolean
  /** Whether our shop has that address. */
  readonly addressTold: boolean
  /** Null: the shop has not been asked, or has not answered yet. */
  readonly shopState: OrderState | null
  /** The code with which the shop refused the order. */
  readonly refused: string | null
  readonly carrier: string | null
  readonly waybill: string | null
}

/** What may be the next thing to do for an order. */
export type OrderStep =
  'look' | 'cancel' | 'giveBack' | 'close' | 'open' | 'place' | 'address' | 'confirm' | 'deliver' | 'receive'

const GONE: readonly (OrderState | null)[] = ['CANCELLED', 'EXPIRED', 'REFUNDED', 'FORFEITED']

/** The way of a partner's order, read from the top: the first step whose time has come. Killed anywhere, it goes on from the row. */
export const STEPS: readonly { readonly step: OrderStep; readonly when: (order: PartnerOrder) => boolean }[] = [
  // What the partner told last is not what we know.
  { step: 'look', when: (it) => it.state === null || it.doubted || it.seenVersion > it.knownVersion },
  // The partner's order ended and ours has not: stock or money goes back.
  { step: 'cancel', when: (it) => it.state === 'CLOSED' && isUnpaidInShop(it) },
  { step: 'giveBack', when: (it) => it.state === 'CLOSED' && isPaidInShop(it) },
  // Ours ended, was refused or must not be shipped, and the partner's has not: the buyer gets everything back there.
  { step: 'close', when: (it) => isOpen(it) && !isEndedByRefund(it) && isUnwanted(it) },
  // Opening an address costs: not before somebody needs it, the shop to reserve or, when it reserved without one, to ship.
  { step: 'open', when: (it) => isAlive(it) && !it.addressed && (it.shopState === null || isPaid(it)) },
  { step: 'place', when: (it) => isAlive(it) && it.shopState === null },
  // Reserved before it was known where it goes, or it goes elsewhere now: until it is shipped our shop is told.
  { step: 'address', when: (it) => isPaid(it) && it.addressed && !it.addressTold && isUnsent(it) },
  // While the partner reviews an order our shop only reserves it: what is not confirmed is not shipped.
  { step: 'confirm', when: (it) => isPaid(it) && it.shopState === 'RESERVED' && !it.held },
  { step: 'deliver', when: (it) => it.state === 'PAID' && it.waybill !== null && isShipped(it) && !it.held },
  {
    step: 'receive',
    when: (it) => (it.state === 'RECEIVED' || it.state === 'COMPLETED') && it.shopState === 'SHIPPED',
  },
]

/** The next step; null when nothing is to be done until somebody tells something. */
export function nextStep(order: PartnerOrder): OrderStep | null {
  return STEPS.find(({ when }) => when(order))?.step ?? null
}

/** Whether somebody should look again without being told: the partner may lift a review silently. */
export function isWaiting(order: PartnerOrder): boolean {
  return isOpen(order) && order.held
}

/** Whether a state of our shop's order may follow the one we know: events come late and twice. */
export function isForward(from: OrderState | null, to: OrderState): boolean {
  return from === null || RANK[to] > RANK[from]
}

const RANK: Readonly<Record<OrderState, number>> = {
  ...{ RESERVED: 1, PAYING: 2, PAID: 3, SHIPPED: 4, COMPLETED: 5 },
  ...{ CANCELLED: 6, EXPIRED: 6, REFUNDED: 7 },
  // Pre-sales are for members of ours only.
  ...{ DEPOSIT_DUE: 1, DEPOSIT_PAYING: 1, DEPOSIT_PAID: 1, BALANCE_PAYING: 2, FORFEITED: 6 },
}

function isUnpaidInShop(it: PartnerOrder): boolean {
  return it.shopState === 'RESERVED' || it.shopState === 'PAYING'
}

function isPaidInShop(it: PartnerOrder): boolean {
  return it.shopState === 'PAID' || isShipped(it)
}

function isUnsent(it: PartnerOrder): boolean {
  return it.state === 'PAID' && (it.shopState === 'RESERVED' || it.shopState === 'PAID')
}

function isUnwanted(it: PartnerOrder): boolean {
  return it.risky || it.refused !== null || GONE.includes(it.shopState)
}

/** What our shop never had, no refund ends. */
function isEndedByRefund(it: PartnerOrder): boolean {
  return it.refunding && it.shopState !== null
}

/** May still be closed at the partner's: nothing has been sent. */
function isOpen(it: PartnerOrder): boolean {
  return it.state === 'TO_PAY' || it.state === 'PAID'
}

function isAlive(it: PartnerOrder): boolean {
  return it.state !== 'CLOSED' && it.refused === null
}

function isPaid(it: PartnerOrder): boolean {
  return isAlive(it) && it.state !== 'TO_PAY'
}

function isShipped(it: PartnerOrder): boolean {
  return it.shopState === 'SHIPPED' || it.shopState === 'COMPLETED'
}

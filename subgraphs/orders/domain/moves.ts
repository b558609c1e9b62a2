import { ORDER_STATES, type OrderState } from '../../../schema/events/orders.js'

/**
 * What can be done to an order. `pay` begins a payment, `settle` says that the money came, `decline` that it did not; `undoPart`
 * cancels or refunds a part of it, `movePart` ships or receives one, and the whole stays where it is. A pre-sale's order is paid in two
 * steps: its deposit (`pay`, `settleDeposit`) and its balance (`payBalance`, `settle`). Between them it may end: the seller keeps the
 * deposit (`forfeit`), or it goes back (`returnDeposit`).
 */
export const DEEDS = [
  'pay',
  'settleDeposit',
  'payBalance',
  'settle',
  'decline',
  'cancel',
  'expire',
  'forfeit',
  'returnDeposit',
  'ship',
  'receive',
  'movePart',
  'undoPart',
  'refund',
] as const
export type Deed = (typeof DEEDS)[number]

/** The way of an order: from each state, what may be done and where it leads. What is not here is refused. */
export const MOVES: Readonly<Record<OrderState, Readonly<Partial<Record<Deed, OrderState>>>>> = {
  RESERVED: { pay: 'PAYING', settle: 'PAID', cancel: 'CANCELLED', expire: 'EXPIRED', undoPart: 'RESERVED' },
  PAYING: { settle: 'PAID', decline: 'RESERVED', cancel: 'CANCELLED', expire: 'EXPIRED' },
  PAID: { ship: 'SHIPPED', movePart: 'PAID', undoPart: 'PAID', refund: 'REFUNDED' },
  SHIPPED: { receive: 'COMPLETED', movePart: 'SHIPPED', undoPart: 'SHIPPED', refund: 'REFUNDED' },
  COMPLETED: { movePart: 'COMPLETED', undoPart: 'COMPLETED', refund: 'REFUNDED' },
  CANCELLED: {},
  EXPIRED: {},
  REFUNDED: {},
  DEPOSIT_DUE: { pay: 'DEPOSIT_PAYING', settleDeposit: 'DEPOSIT_PAID', cancel: 'CANCELLED', expire: 'EXPIRED' },
  DEPOSIT_PAYING: { settleDeposit: 'DEPOSIT_PAID', decline: 'DEPOSIT_DUE', cancel: 'CANCELLED', expire: 'EXPIRED' },
  DEPOSIT_PAID: { payBalance: 'BALANCE_PAYING', settle: 'PAID', forfeit: 'FORFEITED', returnDeposit: 'CANCELLED' },
  BALANCE_PAYING: { settle: 'PAID', decline: 'DEPOSIT_PAID', forfeit: 'FORFEITED', returnDeposit: 'CANCELLED' },
  FORFEITED: {},
}

/** Where an order begins: it is placed by reserving its pieces. */
export const FIRST_STATE: OrderState = 'RESERVED'
/** Where an order of a pre-sale begins: with its pieces reserved too. */
export const FIRST_OF_PRE_SALE: OrderState = 'DEPOSIT_DUE'

/** Whether an order in this state is of a pre-sale and not paid yet. */
export function isPreSold(state: OrderState): boolean {
  return PRE_SOLD.includes(state)
}
/** The states of a pre-sale's order before it is an order like others, or at its end. */
export const PRE_SOLD: readonly OrderState[] = ['DEPOSIT_DUE', 'DEPOSIT_PAYING', 'DEPOSIT_PAID', 'BALANCE_PAYING']

/** What a deed does to the pieces of an order: they are sold, given up before they were sold, or taken back after it. A part decides for itself. */
export const STOCK_EFFECT: Readonly<Record<Deed, StockEffect | null>> = {
  pay: null,
  settleDeposit: null,
  payBalance: null,
  settle: 'sell',
  decline: null,
  cancel: 'release',
  expire: 'release',
  forfeit: 'release',
  returnDeposit: 'release',
  ship: null,
  receive: null,
  movePart: null,
  undoPart: null,
  refund: 'takeBack',
}
export type StockEffect = 'sell' | 'release' | 'takeBack'

/** The state that a deed leads to; null when the state forbids it. */
export function stateAfter(state: OrderState, deed: Deed): OrderState | null {
  return MOVES[state][deed] ?? null
}

/** The states in which a deed is allowed, for statements that choose their rows by it. */
export function statesAllowing(deed: Deed): readonly OrderState[] {
  return ORDER_STATES.filter((state) => stateAfter(state, deed) !== null)
}

import { ORDER_STATES, type OrderState } from '../../../schema/events/orders.js'

/** What can be done to an order. `pay` begins a payment, `settle` says that the money came, `decline` that it did not. */
export const DEEDS = ['pay', 'settle', 'decline', 'cancel', 'expire', 'ship', 'receive', 'refund'] as const
export type Deed = (typeof DEEDS)[number]

/** The way of an order: from each state, what may be done and where it leads. What is not here is refused. */
export const MOVES: Readonly<Record<OrderState, Readonly<Partial<Record<Deed, OrderState>>>>> = {
  RESERVED: { pay: 'PAYING', settle: 'PAID', cancel: 'CANCELLED', expire: 'EXPIRED' },
  PAYING: { settle: 'PAID', decline: 'RESERVED', cancel: 'CANCELLED', expire: 'EXPIRED' },
  PAID: { ship: 'SHIPPED', refund: 'REFUNDED' },
  SHIPPED: { receive: 'COMPLETED', refund: 'REFUNDED' },
  COMPLETED: { refund: 'REFUNDED' },
  CANCELLED: {},
  EXPIRED: {},
  REFUNDED: {},
}

/** Where an order begins: it is placed by reserving its pieces. */
export const FIRST_STATE: OrderState = 'RESERVED'

/** What a deed does to the pieces of an order: they are sold, given up before they were sold, or taken back after it. */
export const STOCK_EFFECT: Readonly<Record<Deed, StockEffect | null>> = {
  pay: null,
  settle: 'sell',
  decline: null,
  cancel: 'release',
  expire: 'release',
  ship: null,
  receive: null,
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

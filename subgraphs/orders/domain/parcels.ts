import type { OrderState } from '../../../schema/events/orders.js'
import type { Deed } from './moves.js'

/** Where a part of an order stands: what one seller sends. */
export const PARCEL_STATES = ['WAITING', 'SHIPPED', 'RECEIVED', 'CANCELLED'] as const
export type ParcelState = (typeof PARCEL_STATES)[number]

/** What can be done to a parcel. `cancel` happens to one of which nothing is bought any more before it left. */
export const PARCEL_DEEDS = ['ship', 'receive', 'cancel'] as const
export type ParcelDeed = (typeof PARCEL_DEEDS)[number]

/** The way of a parcel: from each state, what may be done and where it leads. */
export const PARCEL_MOVES: Readonly<Record<ParcelState, Readonly<Partial<Record<ParcelDeed, ParcelState>>>>> = {
  WAITING: { ship: 'SHIPPED', cancel: 'CANCELLED' },
  SHIPPED: { receive: 'RECEIVED' },
  RECEIVED: {},
  CANCELLED: {},
}

/** A whole order is as far as its slowest part: the step that it makes when its parts stand so; null as long as one is behind. */
export function stepOfWhole(state: OrderState, parts: readonly ParcelState[]): Deed | null {
  const open = parts.filter((part) => part !== 'CANCELLED')
  if (open.length === 0 || open.includes('WAITING')) return null
  if (state === 'PAID') return 'ship'
  return state === 'SHIPPED' && open.every((part) => part === 'RECEIVED') ? 'receive' : null
}

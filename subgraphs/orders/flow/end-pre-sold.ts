import type { Database } from '../../../platform/db/database.js'
import type { Identity } from '../../../schema/identity.js'
import { stateAfter, type Deed } from '../domain/moves.js'
import { deedByRule } from '../domain/pre-sale.js'
import { depositsOf, type DepositRow } from '../store/deposits.js'
import type { PurchaseRow } from '../store/purchases.js'
import type { StepDetails } from './step-orders.js'

/** By what deed an order ends that its member or the shop gives up: a deposit that was paid goes by its rule when it is the member. */
export async function givingUp(tx: Database, order: PurchaseRow, who: Identity): Promise<Deed> {
  if (!isDeposited(order)) return 'cancel'
  if (!isMembersOwn(order, who)) return 'returnDeposit'
  const deposit = (await depositsOf(tx, [order.id])).get(order.id)
  return deedByRule(deposit?.given_up ?? 'GIVE_BACK')
}

/** By what deed an order ends whose time is over. */
export function missing(order: PurchaseRow, deposit: DepositRow | undefined): Deed {
  return isDeposited(order) ? deedByRule(deposit?.missed ?? 'GIVE_BACK') : 'expire'
}

/** By what deed an order ends whose pre-sale was called off: nobody loses anything. */
export function callingOff(order: PurchaseRow): Deed {
  return isDeposited(order) ? 'returnDeposit' : 'cancel'
}

/** What is written on an order's row when a deed ends it. */
export function endedBy(deed: Deed, order: PurchaseRow, at: Date): StepDetails {
  return { closedAt: at, ...(deed === 'returnDeposit' && { refundedMinor: order.paid_minor }) }
}

/** Whether whoever asks is the member who bought. */
export function isMembersOwn(order: PurchaseRow, who: Identity): boolean {
  return order.member !== null && order.member === who.member
}

/** Whether a deposit is held for it now. */
function isDeposited({ state }: PurchaseRow): boolean {
  return stateAfter(state, 'returnDeposit') !== null
}

import type { Database } from '../../../platform/db/database.js'
import type { Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { findPartnerPurchases, lockPurchases, type PurchaseRow } from '../store/purchases.js'

/** Whether the asker is one of those who run the shop and see every order. */
export function runsShop(who: Identity): boolean {
  return who.roles.some((role) => role === 'operator' || role === 'merchant' || role === 'platform-operator')
}

/** Whether an order is the asker's to see and to act on: its own, its partner's, or anybody's for those who run the shop. */
export function mayTouch(who: Identity, order: Pick<PurchaseRow, 'member' | 'partner'>): boolean {
  if (runsShop(who)) return true
  if (order.partner !== null) return who.roles.includes('partner') && who.partner === order.partner
  return who.member !== null && who.member === order.member
}

/** Locks one order for a deed of the asker's; a foreign one is as unknown as one that never was. */
export async function lockOrder(tx: Database, who: Identity, id: string): Promise<PurchaseRow> {
  const order = (await lockPurchases(tx, [id])).get(id)
  if (order === undefined || !mayTouch(who, order)) throw refuse('NOT_FOUND', 'no such order of yours')
  return order
}

/** Locks a partner's order by the partner's own number. */
export async function lockPartnerOrder(tx: Database, partner: string, partnerOrder: string): Promise<PurchaseRow> {
  const [found] = await findPartnerPurchases(tx, [{ partner, partnerOrder }])
  const order = found === undefined ? undefined : (await lockPurchases(tx, [found.id])).get(found.id)
  if (order === undefined) throw refuse('NOT_FOUND', 'no such order of yours')
  return order
}

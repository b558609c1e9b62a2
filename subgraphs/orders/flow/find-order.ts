import type { Database } from '../../../platform/db/database.js'
import { holdsScope, type Identity, type PartnerScope } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { actedFor } from '../store/acted-for.js'
import { findPartnerPurchases, lockPurchases, type PurchaseRow } from '../store/purchases.js'

/** Whether the asker is one of those who run the shop and see every order. */
export function runsShop(who: Identity): boolean {
  return who.roles.some((role) => role === 'operator' || role === 'platform-operator')
}

/** Any of these lets a partner's credential see the partner's orders. */
export const SEES_ORDERS: readonly PartnerScope[] = ['order', 'after-sales', 'events']

/** Whether an order is the asker's own or its partner's, or anybody's for those who run the shop. */
export function isOwn(who: Identity, order: Pick<PurchaseRow, 'member' | 'partner'>): boolean {
  if (runsShop(who)) return true
  if (order.partner !== null)
    return who.roles.includes('partner') && who.partner === order.partner && holdsScope(who, ...SEES_ORDERS)
  return who.member !== null && who.member === order.member
}

/** The merchant who asks, to be looked up for whom he acts; null for everybody else. */
export function merchantIn(who: Identity): string | null {
  return who.roles.includes('merchant') ? who.member : null
}

/** Whether an order is the asker's to see and to act on: his own, or a merchant's who acts for the sellers of all its lines. */
async function mayTouch(tx: Database, who: Identity, order: PurchaseRow): Promise<boolean> {
  if (isOwn(who, order)) return true
  const merchant = merchantIn(who)
  return merchant !== null && (await actedFor(tx, merchant, [order.id])).has(order.id)
}

/** Locks one order for a deed of the asker's; a foreign one is as unknown as one that never was. */
export async function lockOrder(tx: Database, who: Identity, id: string): Promise<PurchaseRow> {
  const order = (await lockPurchases(tx, [id])).get(id)
  if (order === undefined || !(await mayTouch(tx, who, order))) throw refuse('NOT_FOUND', 'no such order of yours')
  return order
}

/** The id of a partner's order by the partner's own number. */
export async function findPartnerOrder(db: Database, partner: string, partnerOrder: string): Promise<string> {
  const [found] = await findPartnerPurchases(db, [{ partner, partnerOrder }])
  if (found === undefined) throw refuse('NOT_FOUND', 'no such order of yours')
  return found.id
}

/** Locks a partner's order by the partner's own number. */
export async function lockPartnerOrder(tx: Database, partner: string, partnerOrder: string): Promise<PurchaseRow> {
  const [found] = await findPartnerPurchases(tx, [{ partner, partnerOrder }])
  const order = found === undefined ? undefined : (await lockPurchases(tx, [found.id])).get(found.id)
  if (order === undefined) throw refuse('NOT_FOUND', 'no such order of yours')
  return order
}

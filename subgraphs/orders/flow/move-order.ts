import type { Database } from '../../../platform/db/database.js'
import type { Identity } from '../../../schema/identity.js'
import type { Deed } from '../domain/moves.js'
import type { PurchaseRow } from '../store/purchases.js'
import { endedBy, givingUp, isMembersOwn } from './end-pre-sold.js'
import { lockOrder } from './find-order.js'
import { again } from './retry.js'
import { announce, type Shop } from './shop.js'
import { stepOrders, type StepDetails } from './step-orders.js'

/** One deed on one order in one transaction of its own. */
export interface Deeds {
  /** It may depend on the order as it is under its lock. */
  readonly deed: Deed | ((tx: Database, order: PurchaseRow) => Promise<Deed>)
  readonly lock: (tx: Database) => Promise<PurchaseRow>
  readonly details?: (order: PurchaseRow, at: Date, deed: Deed) => StepDetails
  /** Whether the order is already where the deed would lead, by the same deed: then asking again does nothing. */
  readonly isDone?: (order: PurchaseRow) => boolean
}

/** lock -> done before? -> step -> commit -> announce; gives the order's id. */
export async function moveOrder(shop: Shop, { deed: named, lock, details, isDone }: Deeds): Promise<string> {
  const outcome = await again(() =>
    shop.db.transaction(async (tx) => {
      const order = await lock(tx)
      if (isDone?.(order) === true) return { id: order.id, moved: [] }
      const at = await shop.databaseClock(tx)
      const deed = typeof named === 'string' ? named : await named(tx, order)
      const written = (row: PurchaseRow): StepDetails => details?.(row, at, deed) ?? {}
      return { id: order.id, moved: await stepOrders(tx, shop, { deed, orders: [order], at, details: written }) }
    }),
  )
  if (outcome.moved.length > 0) announce(shop, outcome.moved)
  return outcome.id
}

/** Gives up an order that is not paid. Of a pre-sale whose deposit was paid: what becomes of it says its rule, unless the shop gives it up. */
export function cancelOrder(shop: Shop, who: Identity, order: { id: string; reason: string | null }): Promise<string> {
  return moveOrder(shop, {
    deed: (tx, row) => givingUp(tx, row, who),
    lock: (tx) => lockOrder(tx, who, order.id),
    details: (row, at, deed) => ({ ...endedBy(deed, row, at), reason: order.reason }),
    isDone: (row) => row.state === 'CANCELLED' || (row.state === 'FORFEITED' && isMembersOwn(row, who)),
  })
}

/** A paid order leaves the house. Saying so twice with one waybill is saying it once. */
export function shipOrder(
  shop: Shop,
  who: Identity,
  parcel: { id: string; carrier: string; waybill: string },
): Promise<string> {
  const { id, carrier, waybill } = parcel
  return moveOrder(shop, {
    deed: 'ship',
    lock: (tx) => lockOrder(tx, who, id),
    details: (_, at) => ({ carrier, waybill, shippedAt: at }),
    isDone: (row) => row.state === 'SHIPPED' && row.carrier === carrier && row.waybill === waybill,
  })
}

/** A shipped order has arrived. */
export function confirmReceipt(shop: Shop, who: Identity, id: string): Promise<string> {
  return moveOrder(shop, {
    deed: 'receive',
    lock: (tx) => lockOrder(tx, who, id),
    details: (_, at) => ({ closedAt: at }),
    isDone: (row) => row.state === 'COMPLETED',
  })
}

import type { Database } from '../../../platform/db/database.js'
import { stepOfWhole } from '../domain/parcels.js'
import { parcelsOf, type ParcelRow } from '../store/parcels.js'
import type { PurchaseRow } from '../store/purchases.js'
import type { Shop } from './shop.js'
import { stepOrders } from './step-orders.js'

/** Makes the steps of a whole order that its parts have made possible: shipped when all have left, completed when all have arrived. Gives the row as it is then. */
export async function followParts(
  tx: Database,
  shop: Shop,
  { moved, at }: { readonly moved: readonly PurchaseRow[]; readonly at: Date },
): Promise<readonly PurchaseRow[]> {
  const [row] = moved
  if (row === undefined) return moved
  const parcels = (await parcelsOf(tx, [row.id])).get(row.id) ?? []
  const deed = stepOfWhole(
    row.state,
    parcels.map(({ state }) => state),
  )
  if (deed === null) return moved
  const details = deed === 'ship' ? lastSent(parcels, at) : { closedAt: at }
  return followParts(tx, shop, {
    moved: await stepOrders(tx, shop, { deed, orders: moved, at, details: () => details }),
    at,
  })
}

/** An order bears the waybill of the part that left last. */
function lastSent(parcels: readonly ParcelRow[], at: Date) {
  const sent = parcels.filter(({ shipped_at }) => shipped_at !== null)
  const last = sent.toSorted((one, other) => Number(one.shipped_at) - Number(other.shipped_at)).at(-1)
  return { carrier: last?.carrier ?? null, waybill: last?.waybill ?? null, shippedAt: at }
}

import type { Database } from '../../../platform/db/database.js'
import type { Identity } from '../../../schema/identity.js'
import { globalId, keyFrom } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { actsForAll, needSellers, sellersOf } from '../../host/acting/acting-for.js'
import { MAIN } from '../domain/warehouses.js'
import { allWarehouses, findWarehouses, keepWarehouse, type WarehouseRow } from '../store/warehouses.js'
import type { Shop } from './shop.js'

/** The most warehouses that are listed. */
const MOST = 500

/** A warehouse is known by its seller and its name: saying the same again changes nothing, and other regions hold from now on. Gives it as it is. */
export async function saveWarehouse(
  { db }: Shop,
  who: Identity,
  asked: Omit<WarehouseRow, 'id'>,
): Promise<WarehouseRow> {
  if (asked.seller !== null) await needSellers(db, 'orders', { who, sellers: [asked.seller] })
  else if (!actsForAll(who)) throw refuse('FORBIDDEN', 'a merchant keeps warehouses of the sellers that it acts for')
  const row = { ...asked, id: globalId('Warehouse', keyFrom(asked.seller ?? '', asked.name)) }
  await keepWarehouse(db, row)
  return row
}

/** The warehouses that may be spoken of: all for operators, for merchants their sellers' and everybody's. */
export async function warehousesFor({ db }: Shop, who: Identity): Promise<readonly WarehouseRow[]> {
  return allWarehouses(db, actsForAll(who) ? null : await sellersOf(db, 'orders', who), MOST)
}

/** Refuses a warehouse that nobody knows, and one in which only others' goods lie. */
export async function needWarehouseFor(db: Database, warehouse: string, seller: string): Promise<void> {
  if (warehouse === MAIN) return
  const row = (await findWarehouses(db, [warehouse])).get(warehouse)
  const details = { place: 'warehouseId' }
  if (row === undefined) throw refuse('NOT_FOUND', 'no such warehouse', { details })
  if (row.seller !== null && row.seller !== seller)
    throw refuse('FORBIDDEN', `goods of ${row.seller} alone lie there`, { details })
}

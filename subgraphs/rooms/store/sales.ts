import type { Database } from '../../../platform/db/database.js'
import { rooms } from './tables.js'

/** The newest version that was heard of each of these flash sales. */
export async function findSaleVersions(tx: Database, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map()
  const found = await rooms(tx)
    .selectFrom('sale')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  return new Map(found.map((row) => [row.id, row.version]))
}

/** Keeps the newest version of each flash sale. */
export async function saveSaleVersions(tx: Database, versions: ReadonlyMap<string, number>): Promise<void> {
  if (versions.size === 0) return
  await tx.query(
    `insert into rooms.sale (id, version) select * from unnest($1::text[], $2::bigint[])
     on conflict (id) do update set version = excluded.version where sale.version < excluded.version`,
    [[...versions.keys()], [...versions.values()]],
  )
}

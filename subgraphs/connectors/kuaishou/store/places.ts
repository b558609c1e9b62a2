import type { Database } from '../../../../platform/db/database.js'
import { tables } from '../../../../platform/db/tables.js'
import { SCHEMA, type KuaishouTables, type PlaceTable } from './kuaishou-tables.js'

const open = (db: Database) => tables<KuaishouTables>(db, SCHEMA)

/** Keeps the numbers of places that an order told with their names; few are ever new. */
export async function keepPlaces(db: Database, places: readonly PlaceTable[]): Promise<void> {
  if (places.length === 0) return
  await open(db)
    .insertInto('known_place')
    .values([...places])
    .onConflict((clash) => clash.column('path').doNothing())
    .execute()
}

/** The numbers of places by their names, as far as an order ever told them. */
export async function findPlaces(db: Database, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map()
  const rows = await open(db)
    .selectFrom('known_place')
    .selectAll()
    .where('path', 'in', [...new Set(paths)])
    .execute()
  return new Map(rows.map(({ path, code }) => [path, code]))
}

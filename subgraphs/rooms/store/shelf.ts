import { sql } from 'kysely'
import type { Database } from '../../../platform/db/database.js'
import { grouped } from './grouped.js'
import { rooms, type ShelfRow } from './tables.js'

/** What was ever on a room's shelf under this variant, also when it was taken off since. */
export async function findShelfRow(tx: Database, room: string, variant: string): Promise<ShelfRow | null> {
  const row = await rooms(tx)
    .selectFrom('shelf')
    .selectAll()
    .where('room', '=', room)
    .where('variant', '=', variant)
    .executeTakeFirst()
  return row ?? null
}

/** How many variants the shelf holds, and the position after its last. */
export async function measureShelf(
  tx: Database,
  room: string,
): Promise<{ readonly size: number; readonly end: number }> {
  const row = await rooms(tx)
    .selectFrom('shelf')
    .select((of) => [of.fn.countAll<number>().as('size'), sql<number>`coalesce(max(position) + 1, 0)`.as('end')])
    .where('room', '=', room)
    .where('shelved', '=', true)
    .executeTakeFirstOrThrow()
  return row
}

/** Moves everything at a position and behind it one place back. */
export async function makePlace(tx: Database, room: string, position: number): Promise<void> {
  await rooms(tx)
    .updateTable('shelf')
    .set((of) => ({ position: of('position', '+', 1) }))
    .where('room', '=', room)
    .where('position', '>=', position)
    .where('shelved', '=', true)
    .execute()
}

/** Writes a shelf row as it is now; what is known of its stock stays. */
export async function saveShelfRow(tx: Database, row: Omit<ShelfRow, 'stock_version'>): Promise<void> {
  const { product, position, price_minor, currency, version, shelved } = row
  const rest = { product, position, price_minor, currency, version, shelved }
  await rooms(tx)
    .insertInto('shelf')
    .values({ room: row.room, variant: row.variant, ...rest, stock_version: 0 })
    .onConflict((on) => on.columns(['room', 'variant']).doUpdateSet(rest))
    .execute()
}

/** The shelf of each room in its order, in the order of the rooms; one statement for all of them. */
export async function findShelves(db: Database, ids: readonly string[]): Promise<readonly (readonly ShelfRow[])[]> {
  const found = await rooms(db)
    .selectFrom('shelf')
    .selectAll()
    .where('room', 'in', [...new Set(ids)])
    .where('shelved', '=', true)
    .orderBy('position')
    .orderBy('variant')
    .execute()
  const byRoom = grouped(found, (row) => row.room)
  return ids.map((id) => byRoom.get(id) ?? [])
}

/** Where variants stand on a shelf of a live room, sorted by room. */
export async function findOnShelves(tx: Database, variants: readonly string[]): Promise<readonly ShelfRow[]> {
  if (variants.length === 0) return []
  return rooms(tx)
    .selectFrom('shelf')
    .innerJoin('room', 'room.id', 'shelf.room')
    .selectAll('shelf')
    .where('shelf.variant', 'in', [...new Set(variants)])
    .where('shelf.shelved', '=', true)
    .where('room.state', '=', 'LIVE')
    .orderBy('shelf.room')
    .execute()
}

/** Remembers the newest version of the stock that a room was told for each of these variants. */
export async function rememberStock(tx: Database, room: string, seen: ReadonlyMap<string, number>): Promise<void> {
  await tx.query(
    `update rooms.shelf set stock_version = seen.version
     from unnest($2::text[], $3::bigint[]) as seen (variant, version)
     where shelf.room = $1 and shelf.variant = seen.variant`,
    [room, [...seen.keys()], [...seen.values()]],
  )
}

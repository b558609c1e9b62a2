import type { Database } from '../../../platform/db/database.js'
import type { RoomChanged, ShelfChanged } from '../../../schema/events/rooms.js'

/** What orders knows of a room. */
export interface RoomRow {
  readonly room: string
  readonly host: string
  readonly state: string
}

/** What a room asks for a variant on its shelf. */
export interface RoomPriceRow {
  readonly room: string
  readonly variant: string
  readonly price_minor: number
  readonly currency: string
}

/** Keeps the newest of what was told of rooms; one entry per room. */
export async function keepRooms(tx: Database, told: readonly RoomChanged[]): Promise<void> {
  await tx.query(
    `insert into orders.room as r (room, version, host, state)
     select room, version, host, state
     from jsonb_to_recordset($1::jsonb) as x(room text, version bigint, host text, state text) order by room
     on conflict (room) do update set version = excluded.version, host = excluded.host, state = excluded.state
     where r.version < excluded.version`,
    [JSON.stringify(told)],
  )
}

/** Keeps the newest of what was told of shelves; one entry per room and variant. */
export async function keepRoomPrices(tx: Database, told: readonly ShelfChanged[]): Promise<void> {
  await tx.query(
    `insert into orders.room_price as p (room, variant, version, shelved, price_minor, currency)
     select room, variant, version, shelved, "roomPriceMinor", currency
     from jsonb_to_recordset($1::jsonb) as x(room text, variant text, version bigint, shelved boolean, "roomPriceMinor" bigint, currency text)
     order by room, variant
     on conflict (room, variant) do update set version = excluded.version, shelved = excluded.shelved,
       price_minor = excluded.price_minor, currency = excluded.currency
     where p.version < excluded.version`,
    [JSON.stringify(told)],
  )
}

/** The rooms under these ids, by id. */
export async function findRooms(db: Database, rooms: readonly string[]): Promise<ReadonlyMap<string, RoomRow>> {
  const { rows } = await db.query<RoomRow>('select room, host, state from orders.room where room = any($1::text[])', [
    rooms,
  ])
  return new Map(rows.map((row) => [row.room, row]))
}

/** The prices that hold now: of shelved goods, in rooms that are live. By `roomPriceKey`. */
export async function findRoomPrices(
  db: Database,
  wanted: readonly { readonly room: string; readonly variant: string }[],
): Promise<ReadonlyMap<string, RoomPriceRow>> {
  const { rows } = await db.query<RoomPriceRow>(
    `select p.room, p.variant, p.price_minor, p.currency
     from unnest($1::text[], $2::text[]) as wanted(room, variant)
     join orders.room_price p using (room, variant)
     join orders.room r using (room)
     where p.shelved and p.price_minor is not null and p.currency is not null and r.state = 'LIVE'`,
    [wanted.map((pair) => pair.room), wanted.map((pair) => pair.variant)],
  )
  return new Map(rows.map((row) => [roomPriceKey(row.room, row.variant), row]))
}

/** The key under which `findRoomPrices` gives a price. */
export function roomPriceKey(room: string, variant: string): string {
  return `${room} ${variant}`
}

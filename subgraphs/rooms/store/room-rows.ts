import type { Database } from '../../../platform/db/database.js'
import type { RoomState } from '../../../schema/events/rooms.js'
import { rooms, type RoomRow } from './tables.js'

export async function insertRoom(db: Database, room: RoomRow): Promise<void> {
  await rooms(db).insertInto('room').values(room).execute()
}

/** The room, held by this transaction until it ends: whoever writes to its log waits for his turn here. */
export async function lockRoom(tx: Database, id: string): Promise<RoomRow | null> {
  const row = await rooms(tx).selectFrom('room').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row ?? null
}

export async function changeRoom(tx: Database, id: string, change: Partial<RoomRow>): Promise<void> {
  await rooms(tx).updateTable('room').set(change).where('id', '=', id).execute()
}

/** One room or null for each id, in the order of the ids. */
export async function findRooms(db: Database, ids: readonly string[]): Promise<readonly (RoomRow | null)[]> {
  const found = await rooms(db)
    .selectFrom('room')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const byId = new Map(found.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** A place in the list of rooms, which is sorted by time and then id, the latest first. */
export interface RoomPlace {
  readonly at: Date
  readonly id: string
}

/** Rooms after a place of the list, all of them or those of one state. */
export async function listRooms(
  db: Database,
  page: { readonly limit: number; readonly after: RoomPlace | null; readonly state: RoomState | null },
): Promise<readonly RoomRow[]> {
  let query = rooms(db).selectFrom('room').selectAll()
  const { after, state } = page
  if (state !== null) query = query.where('state', '=', state)
  if (after !== null)
    query = query.where((has) =>
      has.or([
        has('scheduled_at', '<', after.at),
        has.and([has('scheduled_at', '=', after.at), has('id', '<', after.id)]),
      ]),
    )
  return query.orderBy('scheduled_at', 'desc').orderBy('id', 'desc').limit(page.limit).execute()
}

/** The last number of each room's log, for those rooms that exist. */
export async function lastSeqs(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map()
  const found = await rooms(db)
    .selectFrom('room')
    .select(['id', 'seq'])
    .where('id', 'in', [...ids])
    .execute()
  return new Map(found.map((row) => [row.id, row.seq]))
}

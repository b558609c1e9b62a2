import type { Database } from '../../../platform/db/database.js'
import { rooms } from './tables.js'

/** A viewer counts as present for this long after his last sign of life. */
export const PRESENT_MS = 45_000

/** What a room's audience amounts to. */
export interface Figures {
  readonly likes: number
  readonly concurrent: number
  readonly unique: number
}

export const NO_FIGURES: Figures = { likes: 0, concurrent: 0, unique: 0 }

/** A sign of life of a viewer in a room. */
export interface Heartbeat {
  readonly room: string
  readonly member: string
}

/** Adds likes to many rooms at once and gives their new totals. */
export async function addLikes(db: Database, added: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ room: string; likes: number }>(
    `insert into rooms.figure (room, likes) select * from unnest($1::text[], $2::bigint[]) order by 1
     on conflict (room) do update set likes = figure.likes + excluded.likes returning room, likes`,
    [[...added.keys()], [...added.values()]],
  )
  return new Map(rows.map((row) => [row.room, row.likes]))
}

/**
 * Takes many signs of life in one statement (each viewer of a room once). Watched is the time between two signs that are not
 * further apart than a viewer counts as present. Gives the rooms that got viewers who had never been there, and how many.
 */
export async function takeHeartbeats(
  tx: Database,
  beats: readonly Heartbeat[],
  at: Date,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await tx.query<{ room: string; fresh: number }>(
    `with beat as (
       insert into rooms.watch as seen (room, member, first_at, last_at)
       select it.room, it.member, $3::timestamptz, $3::timestamptz from unnest($1::text[], $2::text[]) as it (room, member)
       order by 1, 2
       on conflict (room, member) do update set
         seconds = seen.seconds + case
           when excluded.last_at - seen.last_at between interval '0' and $4::int * interval '1 millisecond'
           then floor(extract(epoch from excluded.last_at) - extract(epoch from seen.last_at))::bigint else 0 end,
         last_at = greatest(seen.last_at, excluded.last_at)
       returning seen.room, (xmax = 0) as fresh)
     select room, count(*) as fresh from beat where fresh group by room`,
    [beats.map((beat) => beat.room), beats.map((beat) => beat.member), at, PRESENT_MS],
  )
  return new Map(rows.map((row) => [row.room, row.fresh]))
}

/** Adds first-time viewers to the totals of their rooms. */
export async function addUniqueViewers(tx: Database, added: ReadonlyMap<string, number>): Promise<void> {
  if (added.size === 0) return
  await tx.query(
    `insert into rooms.figure (room, viewers_unique) select * from unnest($1::text[], $2::bigint[]) order by 1
     on conflict (room) do update set viewers_unique = figure.viewers_unique + excluded.viewers_unique`,
    [[...added.keys()], [...added.values()]],
  )
}

/** The figures of each room at a moment, in the order of the rooms; one statement for all of them. */
export async function findFigures(db: Database, ids: readonly string[], at: Date): Promise<readonly Figures[]> {
  const { rows } = await db.query<Figures & { room: string }>(
    `select it.room, coalesce(figure.likes, 0) as likes, coalesce(figure.viewers_unique, 0) as "unique",
       (select count(*) from rooms.watch where watch.room = it.room and watch.last_at > $2) as concurrent
     from (select distinct unnest($1::text[]) as room) as it left join rooms.figure on figure.room = it.room`,
    [ids, new Date(at.getTime() - PRESENT_MS)],
  )
  const byRoom = new Map(
    rows.map((row) => [row.room, { likes: row.likes, concurrent: row.concurrent, unique: row.unique }]),
  )
  return ids.map((id) => byRoom.get(id) ?? NO_FIGURES)
}

/** How many seconds each of the members has watched the room, as far as it was counted. */
export async function findWatched(
  tx: Database,
  room: string,
  members: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = await rooms(tx)
    .selectFrom('watch')
    .select(['member', 'seconds'])
    .where('room', '=', room)
    .where('member', 'in', [...members])
    .execute()
  return new Map(found.map((row) => [row.member, row.seconds]))
}

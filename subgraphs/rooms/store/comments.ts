import type { Database } from '../../../platform/db/database.js'
import type { RateCount } from '../domain/comment-rate.js'
import { grouped } from './grouped.js'
import { rooms, type CommentRow } from './tables.js'

/** Keeps comments of one room, many in one statement. */
export async function insertComments(tx: Database, comments: readonly CommentRow[]): Promise<void> {
  await tx.query(
    `insert into rooms.comment (id, room, seq, member, text, offset_ms, at)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[])`,
    [
      comments.map((one) => one.id),
      comments.map((one) => one.room),
      comments.map((one) => one.seq),
      comments.map((one) => one.member),
      comments.map((one) => one.text),
      comments.map((one) => one.offset_ms),
      comments.map((one) => one.at),
    ],
  )
}

/** One comment or null for each id, in the order of the ids. */
export async function findComments(db: Database, ids: readonly string[]): Promise<readonly (CommentRow | null)[]> {
  const found = await rooms(db)
    .selectFrom('comment')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const byId = new Map(found.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** The comments of each room before a number of its log, the newest first; one statement for all of them. */
export async function listComments(
  db: Database,
  ids: readonly string[],
  page: { readonly limit: number; readonly before: number | null },
): Promise<ReadonlyMap<string, readonly CommentRow[]>> {
  const { rows } = await db.query<CommentRow>(
    `select it.* from unnest($1::text[]) as wanted (id) cross join lateral
       (select * from rooms.comment where room = wanted.id and ($2::bigint is null or seq < $2) order by seq desc limit $3) as it`,
    [ids, page.before, page.limit],
  )
  return grouped(rows, (row) => row.room)
}

/** Those of the members who may not comment in the room. */
export async function findMuted(tx: Database, room: string, members: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await rooms(tx)
    .selectFrom('mute')
    .select('member')
    .where('room', '=', room)
    .where('member', 'in', [...members])
    .execute()
  return new Set(found.map((row) => row.member))
}

/** Silences a member in a room; once is enough. */
export async function saveMute(
  tx: Database,
  mute: { readonly room: string; readonly member: string; readonly by: string; readonly at: Date },
): Promise<void> {
  await rooms(tx)
    .insertInto('mute')
    .values(mute)
    .onConflict((on) => on.columns(['room', 'member']).doNothing())
    .execute()
}

/** Lets a silenced member speak again. */
export async function dropMute(tx: Database, room: string, member: string): Promise<void> {
  await rooms(tx).deleteFrom('mute').where('room', '=', room).where('member', '=', member).execute()
}

/** The running counts of comments of these members in a room. */
export async function findCounts(
  tx: Database,
  room: string,
  members: readonly string[],
): Promise<ReadonlyMap<string, RateCount>> {
  const found = await rooms(tx)
    .selectFrom('comment_count')
    .select(['member', 'since', 'count'])
    .where('room', '=', room)
    .where('member', 'in', [...members])
    .execute()
  return new Map(found.map((row) => [row.member, { since: row.since, count: row.count }]))
}

/** Keeps the counts of many members in one statement. */
export async function saveCounts(tx: Database, room: string, counts: ReadonlyMap<string, RateCount>): Promise<void> {
  const all = [...counts]
  await tx.query(
    `insert into rooms.comment_count (room, member, since, count)
     select $1, * from unnest($2::text[], $3::timestamptz[], $4::int[])
     on conflict (room, member) do update set since = excluded.since, count = excluded.count`,
    [room, all.map(([member]) => member), all.map(([, it]) => it.since), all.map(([, it]) => it.count)],
  )
}

/** Those of the members who have commented in the room. */
export async function findCommenters(
  tx: Database,
  room: string,
  members: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = await rooms(tx)
    .selectFrom('comment')
    .select('member')
    .distinct()
    .where('room', '=', room)
    .where('member', 'in', [...members])
    .execute()
  return new Set(found.map((row) => row.member))
}

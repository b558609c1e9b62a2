import type { Database } from '../../../platform/db/database.js'
import type { Scored } from '../domain/draw.js'
import { grouped } from './grouped.js'
import { rooms, type DrawRow, type WinnerRow } from './tables.js'

export async function insertDraw(tx: Database, draw: DrawRow): Promise<void> {
  await rooms(tx).insertInto('draw').values(draw).execute()
}

/** The draw, held so that nobody enters or closes it beside us. */
export async function lockDraw(tx: Database, id: string): Promise<DrawRow | null> {
  const row = await rooms(tx).selectFrom('draw').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row ?? null
}

/** The draw, held so that it is not closed while entrants are written; several may enter side by side. */
export async function holdDrawOpen(tx: Database, id: string): Promise<DrawRow | null> {
  const row = await rooms(tx).selectFrom('draw').selectAll().where('id', '=', id).forShare().executeTakeFirst()
  return row ?? null
}

export async function changeDraw(tx: Database, id: string, change: Partial<DrawRow>): Promise<void> {
  await rooms(tx).updateTable('draw').set(change).where('id', '=', id).execute()
}

/** Enters many members in one statement; who is in already stays in once. */
export async function insertEntrants(tx: Database, draw: string, members: readonly string[], at: Date): Promise<void> {
  await tx.query(
    `insert into rooms.entrant (draw, member, at) select $1, it.member, $3::timestamptz
     from (select distinct unnest($2::text[]) as member order by 1) as it on conflict (draw, member) do nothing`,
    [draw, members, at],
  )
}

/** All entrants of a draw, sorted as its root wants them. */
export async function allEntrants(tx: Database, draw: string): Promise<readonly string[]> {
  const found = await rooms(tx).selectFrom('entrant').select('member').where('draw', '=', draw).execute()
  return found.map((row) => row.member).sort()
}

/** Entrants after a member, sorted by their ids. */
export async function listEntrants(
  db: Database,
  draw: string,
  page: { readonly limit: number; readonly after: string | null },
): Promise<readonly string[]> {
  let query = rooms(db).selectFrom('entrant').select('member').where('draw', '=', draw)
  if (page.after !== null) query = query.where('member', '>', page.after)
  const found = await query.orderBy('member').limit(page.limit).execute()
  return found.map((row) => row.member)
}

/** Keeps who won, the first place first. */
export async function insertWinners(tx: Database, draw: string, winners: readonly Scored[]): Promise<void> {
  if (winners.length === 0) return
  await rooms(tx)
    .insertInto('winner')
    .values(winners.map((winner, place) => ({ draw, place: place + 1, member: winner.entrant, score: winner.score })))
    .execute()
}

/** The winners of each draw by place, in the order of the draws. */
export async function findWinners(db: Database, ids: readonly string[]): Promise<readonly (readonly WinnerRow[])[]> {
  const found = await rooms(db)
    .selectFrom('winner')
    .selectAll()
    .where('draw', 'in', [...new Set(ids)])
    .orderBy('place')
    .execute()
  const byDraw = grouped(found, (row) => row.draw)
  return ids.map((id) => byDraw.get(id) ?? [])
}

/** How many have entered each draw, in the order of the draws. */
export async function countEntrants(db: Database, ids: readonly string[]): Promise<readonly number[]> {
  const found = await rooms(db)
    .selectFrom('entrant')
    .select((of) => ['draw', of.fn.countAll<number>().as('count')])
    .where('draw', 'in', [...new Set(ids)])
    .groupBy('draw')
    .execute()
  const byDraw = new Map(found.map((row) => [row.draw, row.count]))
  return ids.map((id) => byDraw.get(id) ?? 0)
}

/** One draw or null for each id, in the order of the ids. */
export async function findDraws(db: Database, ids: readonly string[]): Promise<readonly (DrawRow | null)[]> {
  const found = await rooms(db)
    .selectFrom('draw')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const byId = new Map(found.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** The draws of each room, the newest first, at most `each` of a room. */
export async function findDrawsOf(
  db: Database,
  ids: readonly string[],
  each: number,
): Promise<readonly (readonly DrawRow[])[]> {
  const { rows } = await db.query<DrawRow>(
    `select draw.* from (select distinct unnest($1::text[]) as room) as it cross join lateral
       (select * from rooms.draw where draw.room = it.room order by opened_at desc, id desc limit $2) as draw`,
    [ids, each],
  )
  const byRoom = grouped(rows, (row) => row.room)
  return ids.map((id) => byRoom.get(id) ?? [])
}

/** Draws of a room that still take entries. */
export async function openDrawsOf(tx: Database, room: string): Promise<readonly string[]> {
  const found = await rooms(tx)
    .selectFrom('draw')
    .select('id')
    .where('room', '=', room)
    .where('state', '=', 'OPEN')
    .orderBy('id')
    .execute()
  return found.map((row) => row.id)
}

/** Draws whose hour has come, the longest due first. */
export async function dueDraws(
  db: Database,
  at: Date,
  limit: number,
): Promise<readonly { id: string; room: string }[]> {
  return rooms(db)
    .selectFrom('draw')
    .select(['id', 'room'])
    .where('state', '=', 'OPEN')
    .where('closes_at', '<=', at)
    .orderBy('closes_at')
    .limit(limit)
    .execute()
}

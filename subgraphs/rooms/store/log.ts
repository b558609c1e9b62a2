import type { Database } from '../../../platform/db/database.js'
import type { Fact, Logged } from '../domain/live-event.js'
import { grouped } from './grouped.js'
import { readFact } from './read-fact.js'

/** A fact on its way into a log. `source` is the id of the event it was told by; without one it is the room's own. A log takes each source once. */
export interface Draft {
  readonly fact: Fact
  readonly source?: string
}

/** Writes facts at the end of a room's log, the first at `from`; the room must be held by this transaction. One statement for all. */
export async function appendLog(
  tx: Database,
  to: { readonly room: string; readonly from: number; readonly at: Date },
  drafts: readonly Draft[],
): Promise<readonly Logged[]> {
  if (drafts.length === 0) return []
  await tx.query(
    `insert into rooms.log (room, seq, kind, body, at, source)
     select $1, $2::bigint + it.nth - 1, it.kind, it.body::jsonb, $3, it.source
     from unnest($4::text[], $5::text[], $6::text[]) with ordinality as it (kind, body, source, nth)`,
    [
      to.room,
      to.from,
      to.at,
      drafts.map((draft) => draft.fact.kind),
      drafts.map((draft) => JSON.stringify(draft.fact)),
      drafts.map((draft, nth) => draft.source ?? `rooms:${to.from + nth}`),
    ],
  )
  return drafts.map((draft, nth) => ({ seq: to.from + nth, at: to.at, fact: draft.fact }))
}

/** The facts after a number, in order, at most `limit` of them. */
export async function readLog(db: Database, room: string, after: number, limit: number): Promise<readonly Logged[]> {
  const { rows } = await db.query<{ seq: number; at: Date; body: unknown }>(
    'select seq, at, body from rooms.log where room = $1 and seq > $2 order by seq limit $3',
    [room, after, limit],
  )
  return rows.map((row) => ({ seq: row.seq, at: row.at, fact: readFact(row.body) }))
}

/** The facts of each room's log after a number, in order; one statement for all of them. */
export async function readLogs(
  db: Database,
  ids: readonly string[],
  page: { readonly limit: number; readonly after: number },
): Promise<ReadonlyMap<string, readonly Logged[]>> {
  const { rows } = await db.query<{ room: string; seq: number; at: Date; body: unknown }>(
    `select it.* from unnest($1::text[]) as wanted (id) cross join lateral
       (select room, seq, at, body from rooms.log where room = wanted.id and seq > $2 order by seq limit $3) as it`,
    [ids, page.after, page.limit],
  )
  const logged = rows.map((row) => ({ room: row.room, seq: row.seq, at: row.at, fact: readFact(row.body) }))
  return grouped(logged, (row) => row.room)
}

/** Those of the sources that the room's log already has. */
export async function knownSources(
  tx: Database,
  room: string,
  sources: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ source: string }>(
    'select source from rooms.log where room = $1 and source = any($2::text[])',
    [room, sources],
  )
  return new Set(rows.map((row) => row.source))
}

/** Drops what is older than the newest `keep` events of each room that is over its measure; gives how many rows went. */
export async function dropOld(db: Database, keep: number): Promise<number> {
  const { count } = await db.query(
    'delete from rooms.log using rooms.room where log.room = room.id and room.seq > $1 and log.seq <= room.seq - $1',
    [keep],
  )
  return count
}

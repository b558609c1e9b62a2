import type { Database } from '../db/database.js'
import type { Entry, Position } from './bus.js'
import { parts } from './position.js'

/** What may be told now, and whether more is written that must wait for a transaction that still runs. */
export interface Untold {
  readonly entries: readonly Entry[]
  readonly heldBack: boolean
}

/**
 * The next entries above a position, in order of (transaction, number). Only those of transactions below every running one: a running
 * transaction may still write a lower number, and whoever had passed it would never hear of it.
 */
export async function untold(db: Database, schema: string, above: Position | null, most: number): Promise<Untold> {
  const { tx, row } = parts(above ?? '0-0')
  const { rows } = await db.query<Entry & { settled: boolean }>(
    `select tx::text || '-' || number as position, body, tx < pg_snapshot_xmin(pg_current_snapshot()) as settled
     from ${schema}.outbox where (tx, number) > ($1::xid8, $2::int8) order by tx, number limit $3`,
    [tx, row, most],
  )
  const running = rows.findIndex((entry) => !entry.settled)
  const entries = running === -1 ? rows : rows.slice(0, running)
  return { entries: entries.map(({ position, body }) => ({ position, body })), heldBack: running !== -1 }
}

/** How long what was told is kept for a bus that forgets; both bounds hold. */
export interface Retention {
  readonly seconds: number
  readonly rows: number
}

/** Forgets the oldest of what has been told up to a position; gives how many. Call it again while it gives `most`. */
export async function forget(
  db: Database,
  schema: string,
  told: Position,
  { seconds, rows, most }: Retention & { most: number },
): Promise<number> {
  const { tx, row } = parts(told)
  const { count } = await db.query(
    `with oldest as (
       select tx, number, at from ${schema}.outbox where (tx, number) <= ($1::xid8, $2::int8) order by tx, number limit $5
     )
     delete from ${schema}.outbox o using oldest
     where (o.tx, o.number) = (oldest.tx, oldest.number)
       and (oldest.at < now() - make_interval(secs => $3) or oldest.number <= $4::int8)`,
    [tx, row, seconds, row - BigInt(rows), most],
  )
  return count
}

import type { Database } from '../../../platform/db/database.js'
import type { StockChange } from '../domain/ledger.js'

/** A variant's balance. */
export interface StockRow {
  readonly variant: string
  readonly on_hand: number
  readonly reserved: number
  readonly sold: number
  readonly available: number
  readonly version: number
}

const COLUMNS = 's.variant, s.on_hand, s.reserved, s.sold, s.on_hand - s.reserved - s.sold as available, s.version'

/** Locks the balances of these variants, in one order everywhere, so that nobody waits in a circle; missing ones are begun at zero. */
export async function lockStock(tx: Database, variants: readonly string[]): Promise<ReadonlyMap<string, StockRow>> {
  const rows = await lockExisting(tx, variants)
  const missing = variants.filter((variant) => !rows.has(variant))
  if (missing.length === 0) return rows
  await tx.query(
    `insert into orders.stock (variant) select g.variant from orders.goods g where g.variant = any($1::text[]) order by 1
     on conflict do nothing`,
    [missing],
  )
  return lockExisting(tx, variants)
}

async function lockExisting(tx: Database, variants: readonly string[]): Promise<ReadonlyMap<string, StockRow>> {
  const { rows } = await tx.query<StockRow>(
    `select ${COLUMNS} from orders.stock s where s.variant = any($1::text[]) order by s.variant for update`,
    [variants],
  )
  return new Map(rows.map((row) => [row.variant, row]))
}

/** Changes many balances in one statement; the table's checks refuse whatever would leave less than nothing. One entry per variant. */
export async function moveStock(tx: Database, changes: readonly StockChange[]): Promise<readonly StockRow[]> {
  const { rows } = await tx.query<StockRow>(
    `update orders.stock s set on_hand = s.on_hand + c.on_hand, reserved = s.reserved + c.reserved, sold = s.sold + c.sold,
       version = s.version + 1
     from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) as c(variant, on_hand, reserved, sold)
     where s.variant = c.variant
     returning ${COLUMNS}`,
    [
      changes.map((change) => change.variant),
      changes.map((change) => change.onHand),
      changes.map((change) => change.reserved),
      changes.map((change) => change.sold),
    ],
  )
  return rows
}

/** Which feed quantities are newer than the ones already taken over; marks them as taken. Rows must be locked. */
export async function newerFeeds(
  tx: Database,
  feeds: readonly { readonly variant: string; readonly version: number }[],
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ readonly variant: string }>(
    `update orders.stock s set feed_version = f.version
     from unnest($1::text[], $2::bigint[]) as f(variant, version)
     where s.variant = f.variant and s.feed_version < f.version
     returning s.variant`,
    [feeds.map((feed) => feed.variant), feeds.map((feed) => feed.version)],
  )
  return new Set(rows.map((row) => row.variant))
}

/** The balances of these variants, by variant; one that never had any is left out. */
export async function findStock(db: Database, variants: readonly string[]): Promise<ReadonlyMap<string, StockRow>> {
  const { rows } = await db.query<StockRow>(`select ${COLUMNS} from orders.stock s where s.variant = any($1::text[])`, [
    variants,
  ])
  return new Map(rows.map((row) => [row.variant, row]))
}

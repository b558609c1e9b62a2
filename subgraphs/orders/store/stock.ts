import type { Database } from '../../../platform/db/database.js'
import { fields, list, text, whole } from '../../../platform/decode.js'
import { freeIn, MAIN, type Shelf } from '../domain/warehouses.js'

/** A variant's balance. */
export interface StockRow {
  readonly variant: string
  readonly on_hand: number
  readonly reserved: number
  readonly sold: number
  readonly available: number
  readonly version: number
  /** What of it lies where; null: all of it lies in the main warehouse. */
  readonly shelves: readonly Shelf[] | null
}

type Found = Omit<StockRow, 'shelves'> & { readonly shelves: unknown }

const COLUMNS = `s.variant, s.on_hand, s.reserved, s.sold, s.on_hand - s.reserved - s.sold as available, s.version,
  case when s.places is not null then (
    select jsonb_agg(jsonb_build_object('warehouse', p.key, 'onHand', p.value -> 0, 'reserved', p.value -> 1, 'sold', p.value -> 2,
      'serves', coalesce(w.serves, '{}')) order by p.key)
    from jsonb_each(s.places) p left join orders.warehouse w on w.id = p.key) end as shelves`

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
  const { rows } = await tx.query<Found>(
    `select ${COLUMNS} from orders.stock s where s.variant = any($1::text[]) order by s.variant for update`,
    [variants],
    { prepared: true },
  )
  return byVariant(rows)
}

function byVariant(rows: readonly Found[]): ReadonlyMap<string, StockRow> {
  return new Map(
    rows.map((row) => [row.variant, { ...row, shelves: row.shelves === null ? null : shelves(row.shelves) }]),
  )
}

function shelves(value: unknown): readonly Shelf[] {
  return list(value, 'shelves', (shelf, place) => {
    const it = fields(shelf, place)
    return {
      warehouse: text(it['warehouse'], place),
      onHand: whole(it['onHand'], place),
      reserved: whole(it['reserved'], place),
      sold: whole(it['sold'], place),
      serves: list(it['serves'], place, text),
    }
  })
}

/** Pieces of a variant that can be sold from a warehouse now. */
export function freeAt({ shelves, available }: StockRow, warehouse: string): number {
  if (shelves === null) return warehouse === MAIN ? available : 0
  const shelf = shelves.find((one) => one.warehouse === warehouse)
  return shelf === undefined ? 0 : freeIn(shelf)
}

/** What is to be added to a variant's balance, and how all of it lies afterwards where it does not lie in one warehouse. */
export interface StockMove {
  readonly variant: string
  readonly onHand: number
  readonly reserved: number
  readonly sold: number
  readonly shelves: readonly Shelf[] | null
}

/** Changes many balances in one statement; the table's checks refuse whatever would leave less than nothing. One entry per variant. */
export async function moveStock(tx: Database, changes: readonly StockMove[]): Promise<void> {
  await tx.query(
    `update orders.stock s set on_hand = s.on_hand + c.on_hand, reserved = s.reserved + c.reserved, sold = s.sold + c.sold,
       version = s.version + 1, places = coalesce(c.places::jsonb, s.places)
     from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) as c(variant, on_hand, reserved, sold, places)
     where s.variant = c.variant`,
    [
      changes.map((change) => change.variant),
      changes.map((change) => change.onHand),
      changes.map((change) => change.reserved),
      changes.map((change) => change.sold),
      changes.map((change) => (change.shelves === null ? null : placesOf(change.shelves))),
    ],
    { prepared: true },
  )
}

/** As the row keeps it: on hand, reserved and sold by warehouse. The table's check says that together they are the balance. */
function placesOf(all: readonly Shelf[]): string {
  return JSON.stringify(
    Object.fromEntries(all.map(({ warehouse, onHand, reserved, sold }) => [warehouse, [onHand, reserved, sold]])),
  )
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
  const { rows } = await db.query<Found>(`select ${COLUMNS} from orders.stock s where s.variant = any($1::text[])`, [
    variants,
  ])
  return byVariant(rows)
}

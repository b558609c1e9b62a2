import type { Database } from '../../../platform/db/database.js'
import type { FlashSaleState } from '../../../schema/events/orders.js'

/** A flash sale. */
export interface FlashSaleRow {
  readonly id: string
  readonly variant: string
  readonly product: string
  readonly room: string | null
  readonly price_minor: number
  readonly currency: string
  readonly quota: number
  readonly held: number
  readonly sold: number
  /** Pieces given back to the free stock at or after its closing. */
  readonly returned: number
  readonly per_member: number
  readonly starts_at: Date
  readonly ends_at: Date | null
  readonly closed: boolean
  /** The state that was told last. */
  readonly told_state: FlashSaleState
  readonly version: number
}

/** What is to be written on a sale's row. */
export interface FlashSaleChange {
  readonly id: string
  readonly held: number
  readonly sold: number
  readonly returned: number
  readonly closed: boolean
  readonly toldState: FlashSaleState
}

const COLUMNS = `f.id, f.variant, f.product, f.room, f.price_minor, f.currency, f.quota, f.held, f.sold, f.returned, f.per_member,
  f.starts_at, f.ends_at, f.closed, f.told_state, f.version`

/** Writes down a new sale. */
export async function insertFlashSale(
  tx: Database,
  sale: Omit<FlashSaleRow, 'held' | 'sold' | 'returned' | 'closed' | 'version'> & { readonly openedBy: string },
): Promise<void> {
  await tx.query(
    `insert into orders.flash_sale (id, variant, product, room, price_minor, currency, quota, per_member, starts_at, ends_at, told_state, opened_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[sale.id, sale.variant, sale.product, sale.room, sale.price_minor, sale.currency, sale.quota],
      ...[sale.per_member, sale.starts_at, sale.ends_at, sale.told_state, sale.openedBy],
    ],
  )
}

/** Locks sales, in one order everywhere; sales are locked before stock. By id. */
export async function lockFlashSales(tx: Database, ids: readonly string[]): Promise<ReadonlyMap<string, FlashSaleRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await tx.query<FlashSaleRow>(
    `select ${COLUMNS} from orders.flash_sale f where f.id = any($1::text[]) order by f.id for update`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Adds to many sales in one statement (`held`, `sold`, `returned` are differences) and gives them as they are now. */
export async function moveFlashSales(
  tx: Database,
  changes: readonly FlashSaleChange[],
): Promise<readonly FlashSaleRow[]> {
  if (changes.length === 0) return []
  const { rows } = await tx.query<FlashSaleRow>(
    `update orders.flash_sale f set held = f.held + c.held, sold = f.sold + c.sold, returned = f.returned + c.returned,
       closed = c.closed, told_state = c."toldState", version = f.version + 1
     from jsonb_to_recordset($1::jsonb) as c(id text, held bigint, sold bigint, returned bigint, closed boolean, "toldState" text)
     where f.id = c.id returning ${COLUMNS}`,
    [JSON.stringify(changes)],
  )
  return rows
}

/** The sales under these ids, by id. */
export async function findFlashSales(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, FlashSaleRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await db.query<FlashSaleRow>(
    `select ${COLUMNS} from orders.flash_sale f where f.id = any($1::text[])`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Sales whose time has come: to begin or to end. */
export async function wakingFlashSales(db: Database, at: Date, most: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string }>(
    `select id from orders.flash_sale
     where not closed and (ends_at <= $1 or (told_state = 'SCHEDULED' and starts_at <= $1))
     order by id limit $2`,
    [at, most],
  )
  return rows.map((row) => row.id)
}

/** Pieces that buyers have had of sales, by sale and buyer. Sales must be locked. */
export async function takenBy(
  tx: Database,
  pairs: readonly { readonly flashSale: string; readonly buyer: string }[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const taken = new Map<string, Map<string, number>>()
  if (pairs.length === 0) return taken
  const { rows } = await tx.query<{ readonly flash_sale: string; readonly buyer: string; readonly taken: number }>(
    `select distinct m.flash_sale, m.buyer, m.taken from unnest($1::text[], $2::text[]) as p(flash_sale, buyer)
     join orders.flash_sale_member m using (flash_sale, buyer)`,
    [pairs.map((pair) => pair.flashSale), pairs.map((pair) => pair.buyer)],
  )
  for (const row of rows) {
    const of = taken.get(row.flash_sale) ?? new Map<string, number>()
    taken.set(row.flash_sale, of.set(row.buyer, row.taken))
  }
  return taken
}

/** Counts what buyers took of sales (or gave back: negative). */
export async function countTaken(
  tx: Database,
  taken: readonly { readonly flashSale: string; readonly buyer: string; readonly quantity: number }[],
): Promise<void> {
  if (taken.length === 0) return
  // Two statements, since a row that gives back must exist and the check would refuse the negative one before the conflict is seen.
  const values = [taken.map((row) => row.flashSale), taken.map((row) => row.buyer), taken.map((row) => row.quantity)]
  const summed = `select flash_sale, buyer, sum(quantity)::bigint as quantity
     from unnest($1::text[], $2::text[], $3::bigint[]) as t(flash_sale, buyer, quantity) group by 1, 2 order by 1, 2`
  await tx.query(
    `insert into orders.flash_sale_member (flash_sale, buyer, taken) select flash_sale, buyer, 0 from (${summed}) s
     on conflict do nothing`,
    values,
  )
  await tx.query(
    `update orders.flash_sale_member m set taken = m.taken + s.quantity from (${summed}) s
     where m.flash_sale = s.flash_sale and m.buyer = s.buyer`,
    values,
  )
}

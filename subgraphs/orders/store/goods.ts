import type { Database } from '../../../platform/db/database.js'
import type { VariantFed } from '../../../schema/events/catalog.js'

/** What orders knows of a variant, as catalog told it last. */
export interface GoodsRow {
  readonly variant: string
  readonly product: string
  readonly title: string
  readonly seller: string
  readonly version: number
  readonly currency: string
  readonly list_minor: number
  readonly compare_at_minor: number | null
  /** What no offers together may go below. */
  readonly floor_minor: number | null
  /** Whether there may be stored offers of it. */
  readonly offered: boolean
  /** The `Launch:…` that it waits for; null when it is sold. */
  readonly launch: string | null
  /** Where it is delivered to; null: nobody said, and it goes everywhere. */
  readonly deliver_only: readonly string[] | null
  readonly deliver_except: readonly string[] | null
}

const COLUMNS =
  'variant, product, title, seller, version, currency, list_minor, compare_at_minor, floor_minor, offered, launch, deliver_only, deliver_except'

/** What a feed changed: the copy as it is now, and whether its price is another one than before. */
export interface KeptGoods extends GoodsRow {
  readonly priceChanged: boolean
}

/** Keeps the newest of what catalog told; `fed` holds one entry per variant. Gives the rows that were renewed. */
export async function keepGoods(tx: Database, fed: readonly VariantFed[]): Promise<readonly KeptGoods[]> {
  const before = await lockGoods(
    tx,
    fed.map((event) => event.variant),
  )
  const { rows } = await tx.query<GoodsRow>(
    `insert into orders.goods as g (variant, product, title, sku, seller, self_operated, image, version, currency, list_minor, compare_at_minor)
     select variant, product, title, sku, seller, "selfOperated", image, version, currency, "priceMinor", "compareAtMinor"
     from jsonb_to_recordset($1::jsonb) as x(variant text, product text, title text, sku text, seller text,
       "selfOperated" boolean, image text, version bigint, currency text, "priceMinor" bigint, "compareAtMinor" bigint)
     order by variant
     on conflict (variant) do update set product = excluded.product, title = excluded.title, sku = excluded.sku,
       seller = excluded.seller, self_operated = excluded.self_operated, image = excluded.image, version = excluded.version,
       currency = excluded.currency, list_minor = excluded.list_minor, compare_at_minor = excluded.compare_at_minor
     where g.version < excluded.version
     returning ${COLUMNS}`,
    [JSON.stringify(fed)],
  )
  return rows.map((row) => ({ ...row, priceChanged: priceOf(row) !== priceOf(before.get(row.variant)) }))
}

async function lockGoods(tx: Database, variants: readonly string[]): Promise<ReadonlyMap<string, GoodsRow>> {
  const { rows } = await tx.query<GoodsRow>(
    `select ${COLUMNS} from orders.goods where variant = any($1::text[]) order by variant for update`,
    [variants],
  )
  return new Map(rows.map((row) => [row.variant, row]))
}

function priceOf(row: GoodsRow | undefined): string | null {
  return row === undefined ? null : JSON.stringify([row.currency, row.list_minor, row.compare_at_minor])
}

/** The copies of these variants, by variant; an unknown one is left out. */
export async function findGoods(db: Database, variants: readonly string[]): Promise<ReadonlyMap<string, GoodsRow>> {
  const { rows } = await db.query<GoodsRow>(
    `select ${COLUMNS} from orders.goods where variant = any($1::text[])`,
    [variants],
    { prepared: true },
  )
  return new Map(rows.map((row) => [row.variant, row]))
}

/** Says what no offers together may go below; null takes the floor away. False when it was so before. */
export async function keepFloor(tx: Database, variant: string, floorMinor: number | null): Promise<boolean> {
  const { count } = await tx.query(
    'update orders.goods set floor_minor = $2::bigint where variant = $1 and floor_minor is distinct from $2::bigint',
    [variant, floorMinor],
  )
  return count > 0
}

/** Who sells a product; null when none of its variants is sold here. */
export async function sellerOf(db: Database, product: string): Promise<string | null> {
  const { rows } = await db.query<{ readonly seller: string }>(
    'select seller from orders.goods where product = $1 order by variant limit 1',
    [product],
  )
  return rows[0]?.seller ?? null
}

/** Who sells a product; nobody for an unknown one. */
export async function sellersOfProduct(db: Database, product: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly seller: string }>(
    'select distinct seller from orders.goods where product = $1',
    [product],
  )
  return rows.map((row) => row.seller)
}

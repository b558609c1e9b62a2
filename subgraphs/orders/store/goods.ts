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
}

const COLUMNS = 'variant, product, title, seller, version, currency, list_minor, compare_at_minor'

/** What a feed changed: the copy as it is now, and whether its price is another one than before. */
export interface KeptGoods extends GoodsRow {
  readonly price_changed: boolean
}

/** Keeps the newest of what catalog told; `fed` holds one entry per variant. Gives the rows that were renewed. */
export async function keepGoods(tx: Database, fed: readonly VariantFed[]): Promise<readonly KeptGoods[]> {
  const { rows } = await tx.query<KeptGoods>(
    `with fed as (
       select * from jsonb_to_recordset($1::jsonb) as x(variant text, product text, title text, sku text, seller text,
         "selfOperated" boolean, image text, version bigint, currency text, "priceMinor" bigint, "compareAtMinor" bigint)
     ), old as (
       select g.* from orders.goods g join fed using (variant) order by variant for update of g
     ), kept as (
       insert into orders.goods as g (variant, product, title, sku, seller, self_operated, image, version, currency, list_minor, compare_at_minor)
       select variant, product, title, sku, seller, "selfOperated", image, version, currency, "priceMinor", "compareAtMinor"
       from fed order by variant
       on conflict (variant) do update set product = excluded.product, title = excluded.title, sku = excluded.sku,
         seller = excluded.seller, self_operated = excluded.self_operated, image = excluded.image, version = excluded.version,
         currency = excluded.currency, list_minor = excluded.list_minor, compare_at_minor = excluded.compare_at_minor
       where g.version < excluded.version
       returning g.*
     )
     select ${COLUMNS.split(', ')
       .map((name) => `kept.${name}`)
       .join(', ')},
       (kept.currency, kept.list_minor, kept.compare_at_minor) is distinct from (old.currency, old.list_minor, old.compare_at_minor) as price_changed
     from kept left join old using (variant)`,
    [JSON.stringify(fed)],
  )
  return rows
}

/** The copies of these variants, by variant; an unknown one is left out. */
export async function findGoods(db: Database, variants: readonly string[]): Promise<ReadonlyMap<string, GoodsRow>> {
  const { rows } = await db.query<GoodsRow>(`select ${COLUMNS} from orders.goods where variant = any($1::text[])`, [
    variants,
  ])
  return new Map(rows.map((row) => [row.variant, row]))
}

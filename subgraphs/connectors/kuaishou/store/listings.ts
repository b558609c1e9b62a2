import type { Selectable } from 'kysely'
import type { Database } from '../../../../platform/db/database.js'
import { tables } from '../../../../platform/db/tables.js'
import { keyFrom } from '../../../../schema/ids.js'
import { SCHEMA, type KuaishouTables, type ListingTable } from './kuaishou-tables.js'

/** A listing as it is read. */
export type ListingRow = Selectable<ListingTable>

/** A listing with what our shop says of its variant now. */
export interface OfferedSku extends Pick<ListingRow, 'variant' | 'rel_sku' | 'wanted' | 'kwai_sku'> {
  readonly title: string
  readonly list_minor: number | null
  readonly available: number | null
}

/** A product with its listings, as it should stand at the partner's. */
export interface OfferedItem {
  readonly product: string
  readonly relItem: number
  readonly kwaiItem: string | null
  readonly title: string
  readonly published: boolean
  readonly skus: readonly OfferedSku[]
}

const open = (db: Database) => tables<KuaishouTables>(db, SCHEMA)

/** Wants variants listed (or no longer); what was refused before is tried anew. */
export async function wantListed(
  tx: Database,
  goods: readonly { readonly variant: string; readonly product: string }[],
  now: Date,
): Promise<void> {
  const products = [...new Set(goods.map((good) => good.product))].sort()
  await open(tx)
    .insertInto('item')
    .values(products.map((product) => ({ product, kwai_item: null })))
    .onConflict((clash) => clash.column('product').doNothing())
    .execute()
  await open(tx)
    .insertInto('listing')
    .values(
      goods.map(({ variant, product }) => ({
        ...{ variant, product, wanted: true, key: keyFrom(SCHEMA, variant) },
        ...{ kwai_sku: null, told_price_minor: null, told_stock: null, refused: null },
      })),
    )
    .onConflict((clash) => clash.column('variant').doUpdateSet({ wanted: true, refused: null, updated_at: now }))
    .execute()
}

/** Wants listings gone; gives the products whose items change by it. */
export async function wantUnlisted(tx: Database, variants: readonly string[], now: Date): Promise<readonly string[]> {
  const rows = await open(tx)
    .updateTable('listing')
    .set({ wanted: false, updated_at: now })
    .where('variant', 'in', [...variants])
    .returning('product')
    .execute()
  return [...new Set(rows.map((row) => row.product))]
}

/** One row or null for each variant, in their order. */
export async function findListings(db: Database, variants: readonly string[]): Promise<readonly (ListingRow | null)[]> {
  const rows = await open(db)
    .selectFrom('listing')
    .selectAll()
    .where('variant', 'in', [...variants])
    .execute()
  const byVariant = new Map(rows.map((row) => [row.variant, row]))
  return variants.map((variant) => byVariant.get(variant) ?? null)
}

/** One row or null for each key, in their order. */
export async function findListingsByKey(
  db: Database,
  keys: readonly string[],
): Promise<readonly (ListingRow | null)[]> {
  const rows = await open(db)
    .selectFrom('listing')
    .selectAll()
    .where('key', 'in', [...keys])
    .execute()
  const byKey = new Map(rows.map((row) => [row.key, row]))
  return keys.map((key) => byKey.get(key) ?? null)
}

/** The partner's number of each listing's item, by the listing's key; null for one that is not shown there. */
export async function findItemsByKey(db: Database, keys: readonly string[]): Promise<readonly (string | null)[]> {
  const rows = await open(db)
    .selectFrom('listing')
    .innerJoin('item', 'item.product', 'listing.product')
    .select(['listing.key', 'item.kwai_item'])
    .where('listing.key', 'in', [...keys])
    .where('listing.kwai_sku', 'is not', null)
    .execute()
  const byKey = new Map(rows.map((row) => [row.key, row.kwai_item]))
  return keys.map((key) => byKey.get(key) ?? null)
}

/** A page in the order in which the numbers were given. */
export async function pageListings(db: Database, after: number, limit: number): Promise<readonly ListingRow[]> {
  return await open(db)
    .selectFrom('listing')
    .selectAll()
    .where('rel_sku', '>', after)
    .orderBy('rel_sku')
    .limit(limit)
    .execute()
}

/** The listing by our number of it at the partner's; null when it is none of ours. */
export async function findListingByRelSku(db: Database, relSku: string): Promise<ListingRow | null> {
  const row = await open(db).selectFrom('listing').selectAll().where('rel_sku', '=', Number(relSku)).executeTakeFirst()
  return row ?? null
}

/** The same of several, by the number. */
export async function findListingsByRelSku(
  db: Database,
  relSkus: readonly string[],
): Promise<ReadonlyMap<string, ListingRow>> {
  const rows = await open(db)
    .selectFrom('listing')
    .selectAll()
    .where('rel_sku', 'in', [...new Set(relSkus.map(Number))])
    .execute()
  return new Map(rows.map((row) => [row.rel_sku.toString(), row]))
}

/** Those of the variants that have a listing, with their products. */
export async function findListedProducts(db: Database, variants: readonly string[]): Promise<readonly string[]> {
  if (variants.length === 0) return []
  const rows = await findListings(db, variants)
  return [...new Set(rows.flatMap((row) => (row === null ? [] : [row.product])))]
}

/** Those of the products of which something was ever listed. */
export async function findItems(db: Database, products: readonly string[]): Promise<readonly string[]> {
  if (products.length === 0) return []
  const rows = await open(db)
    .selectFrom('item')
    .select('product')
    .where('product', 'in', [...products])
    .execute()
  return rows.map((row) => row.product)
}

/** The product that is this item of the partner's; null when it is none of ours. */
export async function findProductOfItem(db: Database, kwaiItem: string): Promise<string | null> {
  const row = await open(db).selectFrom('item').select('product').where('kwai_item', '=', kwaiItem).executeTakeFirst()
  return row?.product ?? null
}

/** The item of a product as it should stand now; null when nothing of it was ever listed. */
export async function readOffer(db: Database, product: string): Promise<OfferedItem | null> {
  const item = await open(db)
    .selectFrom('item')
    .leftJoin('product', 'product.product', 'item.product')
    .select(['item.rel_item', 'item.kwai_item', 'product.title', 'product.published'])
    .where('item.product', '=', product)
    .executeTakeFirst()
  if (item === undefined) return null
  const skus = await open(db)
    .selectFrom('listing')
    .innerJoin('good', 'good.variant', 'listing.variant')
    .select(['listing.variant', 'rel_sku', 'wanted', 'kwai_sku', 'title', 'list_minor', 'available'])
    .where('listing.product', '=', product)
    .orderBy('rel_sku')
    .execute()
  return {
    ...{ product, relItem: item.rel_item, kwaiItem: item.kwai_item, skus },
    title: item.title ?? skus[0]?.title ?? '',
    published: item.published ?? true,
  }
}

/** The partner's number of an item, once for ever. */
export async function keepItem(db: Database, product: string, kwaiItem: string): Promise<void> {
  await open(db).updateTable('item').set({ kwai_item: kwaiItem }).where('product', '=', product).execute()
}

/** What the partner shows of a SKU now. */
export async function keepTold(
  db: Database,
  relSku: number,
  told: Pick<ListingRow, 'kwai_sku' | 'told_price_minor' | 'told_subsidy_minor' | 'told_stock'>,
): Promise<void> {
  await open(db)
    .updateTable('listing')
    .set({ ...told, refused: null })
    .where('rel_sku', '=', relSku)
    .execute()
}

/** Why the partner would not take what we wanted to show of a product. */
export async function keepListingRefused(db: Database, product: string, reason: string): Promise<void> {
  await open(db).updateTable('listing').set({ refused: reason }).where('product', '=', product).execute()
}

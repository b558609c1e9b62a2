import { sql } from 'kysely'
import { oneOf } from '../../../platform/decode.js'
import type { Database } from '../../../platform/db/database.js'
import type { InventoryPolicy } from '../domain/product-feed.js'
import { catalogTables } from './catalog-tables.js'

/** A variant as it is kept and shown. One that its seller's feed no longer names is not listed, but stays known to old orders. */
export interface Variant {
  readonly id: string
  readonly productId: string
  readonly sku: string | null
  readonly title: string | null
  readonly optionValues: readonly string[]
  readonly priceMinor: number
  readonly compareAtMinor: number | null
  readonly quantity: number | null
  readonly inventoryPolicy: InventoryPolicy
  readonly barcode: string | null
  readonly grams: number | null
  readonly image: string | null
  readonly requiresShipping: boolean
  readonly taxable: boolean
  readonly listed: boolean
}

const COLUMNS = [
  'id',
  'product_id as productId',
  'sku',
  'title',
  'option_values as optionValues',
  'price_minor as priceMinor',
  'compare_at_minor as compareAtMinor',
  'quantity',
  'inventory_policy as inventoryPolicy',
  'barcode',
  'grams',
  'image',
  'requires_shipping as requiresShipping',
  'taxable',
  'listed',
] as const

/** One variant or null for each id, in the order of the ids. */
export async function findVariants(db: Database, ids: readonly string[]): Promise<readonly (Variant | null)[]> {
  const rows = await catalogTables(db)
    .selectFrom('variant')
    .select(COLUMNS)
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, variant(row)]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** The listed variants of each product in their order, in the order of the products. */
export async function findVariantsOf(
  db: Database,
  products: readonly string[],
): Promise<readonly (readonly Variant[])[]> {
  const rows = await catalogTables(db)
    .selectFrom('variant')
    .select(COLUMNS)
    .where('product_id', '=', sql<string>`any(${products}::text[])`)
    .where('listed', '=', true)
    .orderBy('product_id')
    .orderBy('position')
    .execute()
  const byProduct = new Map<string, Variant[]>(products.map((id) => [id, []]))
  for (const row of rows) byProduct.get(row.productId)?.push(variant(row))
  return products.map((id) => byProduct.get(id) ?? [])
}

type Row = Omit<Variant, 'inventoryPolicy'> & { readonly inventoryPolicy: string }

function variant(row: Row): Variant {
  return { ...row, inventoryPolicy: oneOf(row.inventoryPolicy, 'variant.inventoryPolicy', ['DENY', 'CONTINUE']) }
}

import { sql, type ExpressionBuilder, type SqlBool, type Expression } from 'kysely'
import { fields, list, maybe, text } from '../../../platform/decode.js'
import type { Database } from '../../../platform/db/database.js'
import type { Image } from '../domain/product-feed.js'
import { titleBigrams } from '../domain/title-bigrams.js'
import { catalogTables, type CatalogTables } from './catalog-tables.js'

/** A product as it is kept and shown. */
export interface Product {
  readonly id: string
  readonly seller: string
  readonly handle: string
  readonly title: string
  readonly descriptionHtml: string
  readonly vendor: string | null
  readonly productType: string | null
  readonly tags: readonly string[]
  readonly published: boolean
  readonly selfOperated: boolean
  readonly options: readonly { readonly name: string; readonly values: readonly string[] }[]
  readonly images: readonly Image[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

const COLUMNS = [
  'id',
  'seller',
  'handle',
  'title',
  'description_html as descriptionHtml',
  'vendor',
  'product_type as productType',
  'tags',
  'published',
  'self_operated as selfOperated',
  'options',
  'images',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const

/** One product or null for each id, in the order of the ids. */
export async function findProducts(db: Database, ids: readonly string[]): Promise<readonly (Product | null)[]> {
  const rows = await catalogTables(db)
    .selectFrom('product')
    .select(COLUMNS)
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, product(row)]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** Which products a list holds. */
export interface ProductFilter {
  /** A part of the title. */
  readonly search: string | null
  readonly selfOperated: boolean | null
  readonly publishedOnly: boolean
}

/** Where a list goes on: behind a product that was created then. */
export interface ProductPlace {
  readonly createdAt: Date
  readonly id: string
}

/** The newest products first, at most `limit`. */
export async function pageProducts(
  db: Database,
  filter: ProductFilter,
  { limit, after }: { limit: number; after: ProductPlace | null },
): Promise<readonly Product[]> {
  const rows = await catalogTables(db)
    .selectFrom('product')
    .select(COLUMNS)
    .where((columns) => columns.and([...filtered(columns, filter), ...(after === null ? [] : [behind(after)])]))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(product)
}

function filtered(
  columns: ExpressionBuilder<CatalogTables, 'product'>,
  { search, selfOperated, publishedOnly }: ProductFilter,
): readonly Expression<SqlBool>[] {
  return [
    ...(publishedOnly ? [columns('published', '=', true)] : []),
    ...(selfOperated === null ? [] : [columns('self_operated', '=', selfOperated)]),
    ...(search === null ? [] : matching(search)),
  ]
}

/** The pairs of letters narrow by the index, each word is then looked for itself. */
function matching(search: string): readonly Expression<SqlBool>[] {
  const bigrams = titleBigrams(search)
  const words = search.split(/\s+/).filter((word) => word !== '')
  return [
    ...(bigrams.length === 0 ? [] : [sql<SqlBool>`title_bigrams @> ${bigrams}::text[]`]),
    ...words.map((word) => sql<SqlBool>`title ilike ${`%${word.replace(/[\\%_]/g, '\\$&')}%`}`),
  ]
}

function behind({ createdAt, id }: ProductPlace): Expression<SqlBool> {
  return sql<SqlBool>`(created_at, id) < (${createdAt}::timestamptz, ${id}::text)`
}

type Row = Omit<Product, 'options' | 'images'> & { readonly options: unknown; readonly images: unknown }

function product(row: Row): Product {
  return {
    ...row,
    options: list(row.options, 'product.options', (option, at) => {
      const it = fields(option, at)
      return { name: text(it['name'], `${at}.name`), values: list(it['values'], `${at}.values`, text) }
    }),
    images: list(row.images, 'product.images', (image, at) => {
      const it = fields(image, at)
      return { url: text(it['url'], `${at}.url`), alt: maybe(it['alt'], `${at}.alt`, text) }
    }),
  }
}

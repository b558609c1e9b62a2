import { sql } from 'kysely'
import { fields, list, maybe, oneOf, text } from '../../../platform/decode.js'
import type { Database } from '../../../platform/db/database.js'
import { GRADES, type Grade } from '../domain/grade.js'
import type { Image } from '../domain/product-feed.js'
import type { Attribute } from '../domain/search-words.js'
import { catalogTables } from './catalog-tables.js'

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
  readonly currency: string
  readonly options: readonly { readonly name: string; readonly values: readonly string[] }[]
  readonly images: readonly Image[]
  readonly brandId: string | null
  readonly categoryId: string | null
  /** The names by which its feed found the category. */
  readonly categoryPath: readonly string[]
  readonly attributes: readonly Attribute[]
  readonly grade: Grade | null
  readonly deliverOnly: readonly string[]
  readonly deliverExcept: readonly string[]
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
  'currency',
  'options',
  'images',
  'brand as brandId',
  'category as categoryId',
  'category_path as categoryPath',
  'attributes',
  'grade',
  'deliver_only as deliverOnly',
  'deliver_except as deliverExcept',
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

interface Row extends Omit<Product, 'options' | 'images' | 'attributes' | 'grade'> {
  readonly options: unknown
  readonly images: unknown
  readonly attributes: unknown
  readonly grade: string | null
}

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
    attributes: list(row.attributes, 'product.attributes', (attribute, at) => {
      const it = fields(attribute, at)
      return { name: text(it['name'], `${at}.name`), value: text(it['value'], `${at}.value`) }
    }),
    grade: maybe(row.grade, 'product.grade', (grade, at) => oneOf(grade, at, GRADES)),
  }
}

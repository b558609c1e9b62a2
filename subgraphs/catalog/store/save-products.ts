import type { Database } from '../../../platform/db/database.js'
import type { FedProduct } from '../domain/product-feed.js'
import { brandId, categoryId } from '../domain/catalog-ids.js'

/** A product to be written: its HTML is clean, and the hash is of all that the feed says. */
export interface ProductToSave {
  readonly fed: FedProduct
  readonly descriptionHtml: string
  readonly hash: string
}

/** A product that was written; version 1 is a new one. */
export interface SavedProduct {
  readonly id: string
  readonly version: number
}

/** The hashes of what was fed last, by the ids of those that are known. */
export async function findFedHashes(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ id: string; fed_hash: string }>(
    'select id, fed_hash from catalog.product where id = any($1)',
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row.fed_hash]))
}

/**
 * Writes many products in one statement and gives those that are new or were changed by it; one that another import has brought to
 * the same state meanwhile is left alone. In the order of ids, so that two imports wait for each other and never in a circle.
 */
export async function saveProducts(
  tx: Database,
  products: readonly ProductToSave[],
  now: Date,
): Promise<readonly SavedProduct[]> {
  const { rows } = await tx.query<SavedProduct>(SAVE, [JSON.stringify(products.map(row)), now])
  return rows
}

/** Points products at the brands of their vendors, where that was not done when they were written. */
export async function setBrands(
  tx: Database,
  products: readonly { readonly id: string; readonly vendor: string | null }[],
): Promise<void> {
  const named = products.flatMap(({ id, vendor }) => (vendor === null ? [] : [{ id, brand: brandId(vendor) }]))
  await tx.query(
    `update catalog.product set brand = fed.brand from unnest($1::text[], $2::text[]) as fed (id, brand)
     where product.id = fed.id and product.brand is null`,
    [named.map(({ id }) => id), named.map(({ brand }) => brand)],
  )
}

const SAVE = `
  insert into catalog.product as kept (id, seller, handle, title, description_html, vendor, product_type, tags, published,
    self_operated, currency, options, images, brand, category, category_path, attributes, fed_hash, version, created_at, updated_at)
  select id, seller, handle, title, description_html, vendor, product_type, tags, published,
    self_operated, currency, options, images, brand, category, category_path, attributes, fed_hash, 1, $2::timestamptz, $2::timestamptz
  from jsonb_to_recordset($1::jsonb) as fed (id text, seller text, handle text, title text, description_html text, vendor text,
    product_type text, tags text[], published boolean, self_operated boolean, currency text, options jsonb, images jsonb,
    brand text, category text, category_path text[], attributes jsonb, fed_hash text)
  order by id
  on conflict (id) do update set
    title = excluded.title, description_html = excluded.description_html, vendor = excluded.vendor,
    product_type = excluded.product_type, tags = excluded.tags, published = excluded.published,
    self_operated = excluded.self_operated, currency = excluded.currency, options = excluded.options, images = excluded.images,
    brand = excluded.brand, category = excluded.category, category_path = excluded.category_path,
    attributes = excluded.attributes, fed_hash = excluded.fed_hash, version = kept.version + 1,
    updated_at = excluded.updated_at
  where kept.fed_hash <> excluded.fed_hash
  returning id, version`

function row({ fed, descriptionHtml, hash }: ProductToSave): object {
  return {
    id: fed.id,
    seller: fed.seller,
    handle: fed.handle,
    title: fed.title,
    description_html: descriptionHtml,
    vendor: fed.vendor,
    product_type: fed.productType,
    tags: fed.tags,
    published: fed.published,
    self_operated: fed.selfOperated,
    currency: fed.currency,
    options: fed.options,
    images: fed.images,
    brand: fed.vendor === null ? null : brandId(fed.vendor),
    category: fed.category.length === 0 ? null : categoryId(fed.category),
    category_path: fed.category,
    attributes: fed.attributes,
    fed_hash: hash,
  }
}

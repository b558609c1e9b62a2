import type { Database } from '../../../platform/db/database.js'
import type { FedVariant } from '../domain/product-feed.js'

/** A variant to be written; the hash is of all that others are told of it. */
export interface VariantToSave {
  readonly productId: string
  readonly fed: FedVariant
  readonly hash: string
}

/** What was kept of a variant before. */
export interface KeptVariant {
  readonly id: string
  readonly productId: string
  readonly quantity: number | null
  readonly listed: boolean
  readonly hash: string
}

/** A variant that was written, with its new version. */
export interface SavedVariant {
  readonly id: string
  readonly version: number
}

/** A variant that its feed no longer names, with what was last fed of it. */
export interface DroppedVariant extends SavedVariant {
  readonly productId: string
  readonly priceMinor: number
  readonly compareAtMinor: number | null
  readonly sku: string | null
  readonly title: string | null
  readonly image: string | null
}

/** All variants of the products as they are kept, listed or not. */
export async function findKeptVariants(tx: Database, products: readonly string[]): Promise<readonly KeptVariant[]> {
  const { rows } = await tx.query<KeptVariant>(
    `select id, product_id as "productId", quantity, listed, fed_hash as hash from catalog.variant where product_id = any($1)`,
    [products],
  )
  return rows
}

/** Writes many variants in one statement; each gets the next version. */
export async function saveVariants(tx: Database, variants: readonly VariantToSave[]): Promise<readonly SavedVariant[]> {
  if (variants.length === 0) return []
  const { rows } = await tx.query<SavedVariant>(SAVE, [JSON.stringify(variants.map(row))])
  return rows
}

/** Takes off the list what is not among `named`, and gives what it took off. */
export async function dropVariants(
  tx: Database,
  products: readonly string[],
  named: readonly string[],
): Promise<readonly DroppedVariant[]> {
  const { rows } = await tx.query<DroppedVariant>(
    `update catalog.variant set listed = false, quantity = 0, version = version + 1
     where product_id = any($1) and listed and not id = any($2)
     returning id, version, product_id as "productId", price_minor as "priceMinor", compare_at_minor as "compareAtMinor",
       sku, title, image`,
    [products, named],
  )
  return rows
}

const SAVE = `
  insert into catalog.variant as kept (id, product_id, position, sku, title, option_values, price_minor, compare_at_minor, quantity,
    inventory_policy, barcode, grams, image, requires_shipping, taxable, listed, fed_hash, version)
  select id, product_id, position, sku, title, option_values, price_minor, compare_at_minor, quantity,
    inventory_policy, barcode, grams, image, requires_shipping, taxable, true, fed_hash, 1
  from jsonb_to_recordset($1::jsonb) as fed (id text, product_id text, position int, sku text, title text, option_values text[],
    price_minor bigint, compare_at_minor bigint, quantity bigint, inventory_policy text, barcode text, grams bigint, image text,
    requires_shipping boolean, taxable boolean, fed_hash text)
  order by id
  on conflict (id) do update set
    position = excluded.position, sku = excluded.sku, title = excluded.title, option_values = excluded.option_values,
    price_minor = excluded.price_minor, compare_at_minor = excluded.compare_at_minor, quantity = excluded.quantity,
    inventory_policy = excluded.inventory_policy, barcode = excluded.barcode, grams = excluded.grams, image = excluded.image,
    requires_shipping = excluded.requires_shipping, taxable = excluded.taxable, listed = true, fed_hash = excluded.fed_hash,
    version = kept.version + 1
  returning id, version`

function row({ productId, fed, hash }: VariantToSave): object {
  return {
    id: fed.id,
    product_id: productId,
    position: fed.position,
    sku: fed.sku,
    title: fed.title,
    option_values: fed.optionValues,
    price_minor: fed.priceMinor,
    compare_at_minor: fed.compareAtMinor,
    quantity: fed.quantity,
    inventory_policy: fed.inventoryPolicy,
    barcode: fed.barcode,
    grams: fed.grams,
    image: fed.image,
    requires_shipping: fed.requiresShipping,
    taxable: fed.taxable,
    fed_hash: hash,
  }
}

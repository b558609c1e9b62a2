import { misread, text } from '../../../platform/decode.js'
import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import type { Failure } from '../../../platform/failure.js'
import type { Clock } from '../../../platform/time/clock.js'
import type { CatalogEvent } from '../../../schema/events/catalog.js'
import { needRole, type Identity } from '../../../schema/identity.js'
import { currency } from '../../../schema/money.js'
import { needSellers } from '../../host/acting/acting-for.js'
import { readProduct, type FedProduct, type FeedOwner, type ProductFeed, type Reading } from '../domain/product-feed.js'
import { saveBrands } from '../store/brands.js'
import { saveCategories } from '../store/categories.js'
import { indexProducts } from '../store/index-products.js'
import { SCHEMA } from '../store/migrations.js'
import { findFedHashes, saveProducts, type ProductToSave, type SavedProduct } from '../store/save-products.js'
import { dropVariants, findKeptVariants, saveVariants, type KeptVariant } from '../store/save-variants.js'
import { cleanHtml } from './clean-html.js'
import { productHash, variantHash } from './fed-hash.js'
import { productChanged, variantDropped, variantFed } from './told-events.js'

/** A batch of a feed. */
export interface ImportBatch extends FeedOwner {
  readonly products: readonly ProductFeed[]
}

export type ImportOutcome = 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'REFUSED'

/** What became of one product of a batch. */
export interface Imported {
  readonly handle: string
  readonly outcome: ImportOutcome
  /** Its id; null when it was refused. */
  readonly product: string | null
  readonly wrong: readonly Failure[]
}

/** What an import works with. `wake` tells the relay that there is something in the outbox. */
export interface ImportGround {
  readonly db: Database
  readonly clock: Clock
  readonly wake: () => void
}

/** The most products of one batch. */
export const MOST_PRODUCTS = 200

/**
 * batch -> each product read whole or refused -> those that differ from what was fed last -> one transaction of a handful of
 * statements, however many there are: products, variants, dropped variants, events.
 */
export async function importProducts(
  ground: ImportGround,
  who: Identity,
  batch: ImportBatch,
): Promise<readonly Imported[]> {
  needRole(who, 'merchant', 'operator')
  await needSellers(ground.db, SCHEMA, { who, sellers: [batch.seller.trim()] })
  const readings = readBatch(batch)
  const good = readings.flatMap(({ product }) => product ?? [])
  const different = await differing(ground.db, good)
  const saved = different.length === 0 ? [] : await save(ground, different)
  const versions = new Map(saved.map(({ id, version }) => [id, version]))
  return readings.map((reading, at) => imported(batch.products[at]?.handle ?? '', reading, versions))
}

function readBatch(batch: ImportBatch): readonly Reading[] {
  if (batch.products.length > MOST_PRODUCTS)
    throw misread('products', `a list of at most ${MOST_PRODUCTS}`, `${batch.products.length} items`)
  const owner = {
    seller: text(batch.seller.trim(), 'seller', { most: 100 }),
    selfOperated: batch.selfOperated,
    currency: currency(batch.currency, 'currency'),
  }
  const seen = new Set<string>()
  return batch.products.map((feed, at) => {
    const reading = readProduct(feed, owner, `products[${at}]`)
    if (reading.product === null || !seen.has(reading.product.id)) {
      if (reading.product !== null) seen.add(reading.product.id)
      return reading
    }
    return {
      product: null,
      wrong: [misread(`products[${at}].handle`, 'a handle of its own in the batch', feed.handle)],
    }
  })
}

async function differing(db: Database, products: readonly FedProduct[]): Promise<readonly ProductToSave[]> {
  const hashes = await findFedHashes(
    db,
    products.map(({ id }) => id),
  )
  return products
    .map((fed) => ({ ...fed, bodyHtml: cleanHtml(fed.bodyHtml) })) // clean HTML stays as it is: what was exported comes back as the same
    .map((fed) => ({ fed, hash: productHash(fed), descriptionHtml: fed.bodyHtml }))
    .filter(({ fed, hash }) => hashes.get(fed.id) !== hash)
}

async function save(
  { db, clock, wake }: ImportGround,
  products: readonly ProductToSave[],
): Promise<readonly SavedProduct[]> {
  const at = clock.now()
  const saved = await db.transaction(async (tx) => {
    await saveBrands(
      tx,
      products.flatMap(({ fed }) => fed.vendor ?? []),
      at,
    )
    await saveCategories(
      tx,
      products.map(({ fed }) => fed.category),
      at,
    )
    const written = await saveProducts(tx, products, at)
    const byId = new Map(products.map(({ fed }) => [fed.id, fed]))
    const fed = written.flatMap(({ id, version }) => {
      const product = byId.get(id)
      return product === undefined ? [] : [{ product, version }]
    })
    const events = await saveTheirVariants(
      tx,
      fed.map(({ product }) => product),
      at,
    )
    await indexProducts(
      tx,
      fed.map(({ product }) => ({ ...product, description: product.bodyHtml })),
    )
    await tell(tx, SCHEMA, [...fed.map(({ product, version }) => productChanged(product, version, at)), ...events])
    return written
  })
  wake()
  return saved
}

async function saveTheirVariants(
  tx: Database,
  products: readonly FedProduct[],
  at: Date,
): Promise<readonly CatalogEvent[]> {
  const ids = products.map(({ id }) => id)
  const kept = new Map((await findKeptVariants(tx, ids)).map((variant) => [variant.id, variant]))
  const rows = products.flatMap((product) =>
    product.variants.map((fed) => ({ product, productId: product.id, fed, hash: variantHash(product, fed) })),
  )
  const changed = rows.filter(({ fed, hash }) => isNews(kept.get(fed.id), hash))
  const versions = new Map((await saveVariants(tx, changed)).map(({ id, version }) => [id, version]))
  const dropped =
    kept.size === 0
      ? []
      : await dropVariants(
          tx,
          ids,
          rows.map(({ fed }) => fed.id),
        )
  const byId = new Map(products.map((product) => [product.id, product]))
  return [
    ...changed.map(({ product, fed }) => {
      const quantity = kept.get(fed.id)?.quantity === fed.quantity ? null : fed.quantity
      return variantFed(product, fed, { version: versions.get(fed.id) ?? 1, quantity, at })
    }),
    ...dropped.flatMap((variant) => {
      const product = byId.get(variant.productId)
      return product === undefined ? [] : [variantDropped(product, variant, at)]
    }),
  ]
}

function isNews(kept: KeptVariant | undefined, hash: string): boolean {
  return kept?.hash !== hash || !kept.listed
}

function imported(handle: string, { product, wrong }: Reading, versions: ReadonlyMap<string, number>): Imported {
  if (product === null) return { handle, outcome: 'REFUSED', product: null, wrong }
  const version = versions.get(product.id)
  const outcome = version === undefined ? 'UNCHANGED' : version === 1 ? 'CREATED' : 'UPDATED'
  return { handle, outcome, product: product.id, wrong }
}

import { createHash } from 'node:crypto'
import type { FedProduct, FedVariant } from '../domain/product-feed.js'

/** Grows when the same feed is to be kept in another way, so that the next import writes everything anew. */
const RULES = 2

/** The same for the same feed of a product, variants included. */
export function productHash(product: FedProduct): string {
  return hash([RULES, product])
}

/** The same as long as all that is told of a variant is the same. */
export function variantHash(product: FedProduct, variant: FedVariant): string {
  const { seller, selfOperated, currency, title } = product
  return hash([RULES, seller, selfOperated, currency, title, pictureOf(product, variant), variant])
}

/** A variant's own picture, else its product's first. */
export function pictureOf(product: FedProduct, variant: FedVariant): string | null {
  return variant.image ?? product.images[0]?.url ?? null
}

// Both are made by `readProduct`, always with the same keys in the same order.
function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64')
}

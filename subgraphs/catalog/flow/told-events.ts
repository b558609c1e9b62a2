import type { DeliverySet, ProductChanged, VariantFed } from '../../../schema/events/catalog.js'
import type { Delivery } from '../../../schema/regions.js'
import type { FedProduct, FedVariant } from '../domain/product-feed.js'
import type { DroppedVariant, SavedVariant } from '../store/save-variants.js'
import { pictureOf } from './fed-hash.js'

/** The event of a product that was written. */
export function productChanged(fed: FedProduct, version: number, at: Date): ProductChanged {
  const { id, seller, selfOperated, title, handle, published } = fed
  return {
    id: `${id}:${version}`,
    kind: 'catalog.productChanged',
    at: at.toISOString(),
    ...{ product: id, version, seller, selfOperated, title, handle, published },
  }
}

/** The event of a variant that was written. `quantity` is null when the feed said the same before. */
export function variantFed(
  product: FedProduct,
  fed: FedVariant,
  { version, quantity, at }: { version: number; quantity: number | null; at: Date },
): VariantFed {
  return {
    ...told(product, { id: fed.id, version }, at),
    ...{ priceMinor: fed.priceMinor, compareAtMinor: fed.compareAtMinor, quantity },
    ...{ title: fullTitle(product, fed.title), sku: fed.sku, image: pictureOf(product, fed) },
  }
}

/** The event of where a product is delivered to from now on. */
export function deliverySet(product: string, set: Delivery & { readonly version: number }, at: Date): DeliverySet {
  const { version, only, except } = set
  const told = { id: `${product}:delivery:${version}`, kind: 'catalog.deliverySet', at: at.toISOString() } as const
  return { ...told, product, version, only, except }
}

/** A variant that the feed no longer names has nothing left to sell. */
export function variantDropped(product: FedProduct, dropped: DroppedVariant, at: Date): VariantFed {
  const { priceMinor, compareAtMinor, sku, image } = dropped
  return {
    ...told(product, dropped, at),
    ...{ priceMinor, compareAtMinor, quantity: 0, title: fullTitle(product, dropped.title), sku, image },
  }
}

function told(product: FedProduct, { id, version }: SavedVariant, at: Date) {
  const { seller, selfOperated, currency } = product
  return {
    id: `${id}:${version}`,
    kind: 'catalog.variantFed' as const,
    at: at.toISOString(),
    ...{ product: product.id, variant: id, version, currency, seller, selfOperated },
  }
}

function fullTitle(product: FedProduct, own: string | null): string {
  return own === null ? product.title : `${product.title} · ${own}`
}

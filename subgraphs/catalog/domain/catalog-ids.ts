import { globalId, keyFrom } from '../../../schema/ids.js'
import { folded } from './search-words.js'

/** A product is known by its seller and its handle there, however often it is imported. */
export function productId(seller: string, handle: string): string {
  return globalId('Product', keyFrom(seller, handle))
}

/** A variant is known by its SKU; one without is known by its option values. The word between keeps the two apart. */
export function variantId(
  product: { readonly seller: string; readonly handle: string },
  { sku, optionValues }: { readonly sku: string | null; readonly optionValues: readonly string[] },
): string {
  const own = sku === null ? ['options', ...optionValues] : ['sku', sku]
  return globalId('Variant', keyFrom(product.seller, product.handle, ...own))
}

/** A brand is known by its name, however that is written. */
export function brandId(name: string): string {
  return globalId('Brand', keyFrom(folded(name)))
}

/** A category is known by the path that first named it; it keeps its id when it is renamed or moved, so that feeds still find it. */
export function categoryId(path: readonly string[]): string {
  return globalId('Category', keyFrom(...path.map(folded)))
}

import DataLoader from 'dataloader'
import type { Database } from '../../../platform/db/database.js'
import { findProducts, type Product } from '../store/find-products.js'
import { findVariants, findVariantsOf, type Variant } from '../store/find-variants.js'

/** What one request loads by id, each in one statement for all that is asked at a time. */
export interface Loaders {
  readonly products: DataLoader<string, Product | null>
  readonly variants: DataLoader<string, Variant | null>
  /** The listed variants of a product. */
  readonly variantsOf: DataLoader<string, readonly Variant[]>
}

/** Loaders for one request: what they remember must not outlive it. */
export function loaders(db: Database): Loaders {
  return {
    products: new DataLoader((ids) => findProducts(db, ids)),
    variants: new DataLoader((ids) => findVariants(db, ids)),
    variantsOf: new DataLoader((ids) => findVariantsOf(db, ids)),
  }
}

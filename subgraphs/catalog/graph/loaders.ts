import DataLoader from 'dataloader'
import type { Database } from '../../../platform/db/database.js'
import { findBrands, type Brand } from '../store/brands.js'
import { findCategories, findChildren, type Category } from '../store/categories.js'
import { findProducts, type Product } from '../store/find-products.js'
import { findVariants, findVariantsOf, type Variant } from '../store/find-variants.js'
import { findGradings, type Grading } from '../store/quality.js'
import { poolLoaders } from './loaders-of-pool.js'

/** What one request loads by id, each in one statement for all that is asked at a time. */
export interface Loaders extends ReturnType<typeof poolLoaders> {
  readonly products: DataLoader<string, Product | null>
  readonly variants: DataLoader<string, Variant | null>
  /** The listed variants of a product. */
  readonly variantsOf: DataLoader<string, readonly Variant[]>
  readonly brands: DataLoader<string, Brand | null>
  readonly categories: DataLoader<string, Category | null>
  /** What stands right below a category, or below `TOP`. */
  readonly childrenOf: DataLoader<string, readonly Category[]>
  /** The judgements on a product. */
  readonly gradingsOf: DataLoader<string, readonly Grading[]>
}

/** What no category is below of: a loader takes no null. */
export const TOP = ''

/** Loaders for one request: what they remember must not outlive it. */
export function loaders(db: Database): Loaders {
  return {
    ...poolLoaders(db),
    products: new DataLoader((ids) => findProducts(db, ids)),
    variants: new DataLoader((ids) => findVariants(db, ids)),
    variantsOf: new DataLoader((ids) => findVariantsOf(db, ids)),
    brands: new DataLoader((ids) => findBrands(db, ids)),
    categories: new DataLoader((ids) => findCategories(db, ids)),
    childrenOf: new DataLoader((ids) =>
      findChildren(
        db,
        ids.map((id) => (id === TOP ? null : id)),
      ),
    ),
    gradingsOf: new DataLoader((ids) => findGradings(db, ids)),
  }
}

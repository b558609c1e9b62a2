import type { Identity } from '../../../schema/identity.js'
import type { RequestContext } from '../../host/subgraph.js'
import type { Imported, ImportBatch } from '../flow/import-products.js'
import type { Product, ProductFilter, ProductPlace } from '../store/find-products.js'
import type { Loaders } from './loaders.js'

/** What catalog's resolvers may do beside loading by id. */
export interface CatalogFlow {
  importProducts(who: Identity, batch: ImportBatch): Promise<readonly Imported[]>
  pageProducts(
    filter: ProductFilter,
    page: { readonly limit: number; readonly after: ProductPlace | null },
  ): Promise<readonly Product[]>
}

export type CatalogContext = RequestContext<Loaders, CatalogFlow>

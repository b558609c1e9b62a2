import type { Chance } from '../../../platform/time/chance.js'
import type { Identity } from '../../../schema/identity.js'
import type { Delivery } from '../../../schema/regions.js'
import type { RequestContext } from '../../host/subgraph.js'
import type { CountedFacets } from '../flow/facet-counter.js'
import type { FoundProduct } from '../flow/find-products.js'
import type { PoolGround } from '../flow/pool.js'
import type { Imported, ImportBatch } from '../flow/import-products.js'
import type { AskedGrading } from '../flow/keep-products.js'
import type { AskedBrandPage, AskedCategory } from '../flow/keep-tree.js'
import type { Brand, BrandPlace } from '../store/brands.js'
import type { Place, ProductSearch } from '../store/search-products.js'
import type { Loaders } from './loaders.js'

/** What catalog's resolvers may do beside loading by id. */
export interface CatalogFlow {
  /** What deeds of the pool work with. */
  readonly pool: PoolGround & { readonly chance: Chance }
  importProducts(who: Identity, batch: ImportBatch): Promise<readonly Imported[]>
  findPage(
    search: ProductSearch,
    page: { readonly limit: number; readonly after: Place | null },
  ): Promise<readonly FoundProduct[]>
  countFacets(search: ProductSearch): Promise<CountedFacets>
  pageBrands(
    beginning: string | null,
    page: { readonly limit: number; readonly after: BrandPlace | null },
  ): Promise<readonly Brand[]>
  /** These give the id of what they wrote. */
  saveCategory(who: Identity, asked: AskedCategory): Promise<string>
  describeBrand(who: Identity, asked: AskedBrandPage): Promise<string>
  gradeProduct(who: Identity, asked: AskedGrading): Promise<string>
  setDeliveryRegions(who: Identity, asked: Delivery & { readonly productId: string }): Promise<string>
}

export type CatalogContext = RequestContext<Loaders, CatalogFlow>

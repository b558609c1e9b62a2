import { consume } from '../../platform/bus/consume.js'
import { startRelay } from '../../platform/bus/outbox.js'
import { MEMBERS } from '../../schema/events/members.js'
import { keepActing } from '../host/acting/acting-for.js'
import { forgetKeys } from '../host/forget-keys.js'
import { buildFederatedSubgraph } from '../host/graph/federated-schema.js'
import type { Ground, Subgraph } from '../host/subgraph.js'
import { facetCounter } from './flow/facet-counter.js'
import { findPage } from './flow/find-products.js'
import { importProducts } from './flow/import-products.js'
import { indexAgain } from './flow/index-again.js'
import { gradeProduct, setDeliveryRegions } from './flow/keep-products.js'
import { saveBrandPage, saveCategory } from './flow/keep-tree.js'
import type { CatalogContext, CatalogFlow } from './graph/catalog-context.js'
import { BrandCountResolver, CategoryCountResolver, ProductFacetsResolver } from './graph/facet-resolver.js'
import { ImportedProductResolver, ImportResolver } from './graph/import-resolver.js'
import { KeepResolver } from './graph/keep-resolver.js'
import { loaders } from './graph/loaders.js'
import { PoolMutations } from './graph/pool-mutations.js'
import { PoolResolver } from './graph/pool-resolver.js'
import { ProductResolver } from './graph/product-resolver.js'
import { QualityGoodResolver, QualitySessionResolver } from './graph/quality-session-resolver.js'
import { BrandResolver, CategoryResolver } from './graph/tree-resolver.js'
import { VariantResolver } from './graph/variant-resolver.js'
import { pageBrands } from './store/brands.js'
import { countFacets } from './store/count-facets.js'
import { MIGRATIONS, SCHEMA } from './store/migrations.js'

/** What a thing is: products, their variants and their feeds. What it costs and how many are left is decided in `orders`. */
export function catalog(): Subgraph {
  return {
    name: SCHEMA,
    migrations: MIGRATIONS,
    schema: buildFederatedSubgraph({
      resolvers: [
        ...([ProductResolver, VariantResolver, ImportResolver, ImportedProductResolver] as const),
        ...[BrandResolver, CategoryResolver, KeepResolver, PoolResolver, PoolMutations],
        ...[QualitySessionResolver, QualityGoodResolver],
        ...[ProductFacetsResolver, CategoryCountResolver, BrandCountResolver],
      ],
      references: {
        Product: ({ id }, context: CatalogContext) => context.loaders.products.load(id),
        Variant: ({ id }, context: CatalogContext) => context.loaders.variants.load(id),
        Brand: ({ id }, context: CatalogContext) => context.loaders.brands.load(id),
        Category: ({ id }, context: CatalogContext) => context.loaders.categories.load(id),
      },
    }),
    async start(ground) {
      const { db, bus, clock, observer } = ground
      const indexed = await indexAgain(db, clock)
      if (indexed > 0) observer.log('info', 'products were indexed anew', { products: indexed })
      const stopHearing = consume({
        ...{ db, bus, clock, observer, schema: SCHEMA, consumer: 'copies', topic: MEMBERS },
        apply: (tx, events) => keepActing(tx, SCHEMA, events),
      })
      const relay = startRelay({ db, bus, clock, observer, schema: SCHEMA })
      const cancelForgetting = forgetKeys(ground, SCHEMA)
      const flow = flowOf(ground, () => relay.wake())
      return {
        context: (who): CatalogContext => ({ who, flow, loaders: loaders(db) }),
        doors: [],
        async stop() {
          cancelForgetting()
          await stopHearing()
          await relay.stop()
        },
      }
    },
  }
}

function flowOf({ db, clock, chance, observer }: Ground, wake: () => void): CatalogFlow {
  const facets = facetCounter({ clock, observer, count: (search) => countFacets(db, search) })
  const written = <T>(writing: Promise<T>): Promise<T> => writing.finally(() => facets.forget())
  return {
    pool: { db, clock, chance, wake },
    importProducts: (who, batch) => written(importProducts({ db, clock, wake }, who, batch)),
    findPage: (search, page) => findPage(db, search, page),
    countFacets: (search) => facets.facetsOf(search),
    pageBrands: (beginning, page) => pageBrands(db, beginning, page),
    saveCategory: (who, asked) => written(saveCategory({ db, clock }, who, asked)),
    describeBrand: (who, asked) => saveBrandPage(db, who, asked),
    gradeProduct: (who, asked) => written(gradeProduct({ db, clock }, who, asked)),
    setDeliveryRegions: (who, asked) => written(setDeliveryRegions({ db, clock, wake }, who, asked)),
  }
}

import { startRelay } from '../../platform/bus/outbox.js'
import { buildFederatedSubgraph } from '../host/graph/federated-schema.js'
import type { Subgraph } from '../host/subgraph.js'
import { importProducts } from './flow/import-products.js'
import type { CatalogContext } from './graph/catalog-context.js'
import { ImportedProductResolver, ImportResolver } from './graph/import-resolver.js'
import { loaders } from './graph/loaders.js'
import { ProductResolver, VariantResolver } from './graph/product-resolver.js'
import { pageProducts } from './store/find-products.js'
import { MIGRATIONS, SCHEMA } from './store/migrations.js'

/** What a thing is: products, their variants and their feeds. What it costs and how many are left is decided in `orders`. */
export function catalog(): Subgraph {
  return {
    name: SCHEMA,
    migrations: MIGRATIONS,
    schema: buildFederatedSubgraph({
      resolvers: [ProductResolver, VariantResolver, ImportResolver, ImportedProductResolver],
      references: {
        Product: ({ id }, context: CatalogContext) => context.loaders.products.load(id),
        Variant: ({ id }, context: CatalogContext) => context.loaders.variants.load(id),
      },
    }),
    start({ db, bus, clock, observer }) {
      const relay = startRelay({ db, bus, clock, observer, schema: SCHEMA })
      const flow: CatalogContext['flow'] = {
        importProducts: (who, batch) => importProducts({ db, clock, wake: () => relay.wake() }, who, batch),
        pageProducts: (filter, page) => pageProducts(db, filter, page),
      }
      return Promise.resolve({
        context: (who): CatalogContext => ({ who, flow, loaders: loaders(db) }),
        doors: [],
        stop: () => relay.stop(),
      })
    },
  }
}

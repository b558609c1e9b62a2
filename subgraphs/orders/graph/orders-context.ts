import type { Secrets } from '../../../platform/secret.js'
import type { RequestContext } from '../../host/subgraph.js'
import type { Counter } from '../flow/counter.js'
import type { Shop } from '../flow/shop.js'
import type { Loaders } from './loaders.js'

/** What resolvers of orders act with, beside loading by id. */
export interface OrdersFlow {
  readonly shop: Shop
  readonly counter: Counter
  readonly secrets: Secrets
}

export type OrdersContext = RequestContext<Loaders, OrdersFlow>

import type { RequestContext } from '../../../host/subgraph.js'
import type { Listings } from '../flow/listings.js'
import type { Loaders } from './loaders.js'

/** What every resolver here is handed. */
export type Asking = RequestContext<Loaders, Listings>

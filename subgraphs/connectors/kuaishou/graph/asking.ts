import type { Database } from '../../../../platform/db/database.js'
import type { RequestContext } from '../../../host/subgraph.js'
import type { Agreeing } from '../flow/agree.js'
import type { Listings } from '../flow/listings.js'
import type { Live } from '../flow/live.js'
import type { Loaders } from './loaders.js'

/** What resolvers act with, beside loading by id. */
export interface KuaishouFlow extends Listings {
  readonly agreeing: Agreeing
  readonly live: Live
  /** Reads an order anew, and does what is due for it. */
  fetch(oid: string): Promise<void>
  readonly db: Database
  now(): Date
}

/** What every resolver here is handed. */
export type Asking = RequestContext<Loaders, KuaishouFlow>

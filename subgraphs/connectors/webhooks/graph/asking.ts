import type { Database } from '../../../../platform/db/database.js'
import type { Clock } from '../../../../platform/time/clock.js'
import type { RequestContext } from '../../../host/subgraph.js'
import type { WebhooksConfig } from '../config.js'
import type { Desk } from '../flow/credentials.js'
import type { PartnerFeed } from '../flow/partner-feed.js'

/** What resolvers act with. */
export interface WebhooksFlow {
  readonly db: Database
  readonly clock: Clock
  readonly config: WebhooksConfig
  readonly key: Buffer
  /** Where credentials are dealt with. */
  readonly desk: Desk
  readonly feed: PartnerFeed
  wake(): void
}

/** What every resolver here is handed. */
export type Asking = RequestContext<null, WebhooksFlow>

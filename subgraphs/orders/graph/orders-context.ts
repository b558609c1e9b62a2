import type { Secrets } from '../../../platform/secret.js'
import type { ToldAddresses } from '../../../schema/address.js'
import type { RequestContext } from '../../host/subgraph.js'
import type { Agreeing } from '../flow/agree-days.js'
import type { Counter } from '../flow/counter.js'
import type { Addresses } from '../flow/seal-address.js'
import type { QueueDesk } from '../flow/queue-desk.js'
import type { Shop } from '../flow/shop.js'
import type { QueueWatch } from '../flow/watch-queues.js'
import type { WaitingList } from '../flow/waiting-list.js'
import type { Loaders } from './loaders.js'

/** What resolvers of orders act with, beside loading by id. */
export interface OrdersFlow {
  readonly shop: Shop
  readonly counter: Counter
  readonly desk: QueueDesk
  readonly queues: QueueWatch
  readonly waiting: WaitingList
  readonly secrets: Secrets
  /** Where partners' parcels go. */
  readonly addresses: Addresses
  /** Where members' do. */
  readonly toldAddresses: ToldAddresses
  /** Where partners' books are compared with ours. */
  readonly agreeing: Agreeing
}

export type OrdersContext = RequestContext<Loaders, OrdersFlow>

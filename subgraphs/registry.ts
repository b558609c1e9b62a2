import type { Secrets } from '../platform/secret.js'
import type { Ask } from '../schema/ask.js'
import { campaigns } from './campaigns/subgraph.js'
import { catalog } from './catalog/subgraph.js'
import { kuaishou } from './connectors/kuaishou/subgraph.js'
import { weibo } from './connectors/weibo/subgraph.js'
import { webhooks } from './connectors/webhooks/subgraph.js'
import type { Subgraph } from './host/subgraph.js'
import { members } from './members/subgraph.js'
import { node } from './node/subgraph.js'
import { orders } from './orders/subgraph.js'
import { rooms } from './rooms/subgraph.js'

/** What a starting file hands to a subgraph when it makes it; each takes what it needs. */
export interface SubgraphOptions {
  readonly secrets: Secrets
  readonly env: Readonly<Record<string, string | undefined>>
  /** The graph, asked with the credentials of the partner that the subgraph connects; a subgraph without one never asks. */
  readonly ask: Ask
}

/** A subgraph that can be made. `partner` is whose credentials its questions to the graph bear. */
export interface Registered {
  readonly name: string
  readonly partner: string | null
  readonly make: (options: SubgraphOptions) => Subgraph
}

/** Every subgraph of the graph. A new partner is one line here. */
export const REGISTRY: readonly Registered[] = [
  { name: 'catalog', partner: null, make: catalog },
  { name: 'members', partner: null, make: members },
  { name: 'orders', partner: null, make: orders },
  { name: 'rooms', partner: null, make: rooms },
  { name: 'campaigns', partner: null, make: campaigns },
  { name: 'kuaishou', partner: 'kuaishou', make: kuaishou },
  { name: 'weibo', partner: 'weibo', make: weibo },
  { name: 'webhooks', partner: null, make: webhooks },
  { name: 'node', partner: null, make: node },
]

import type { Door } from '../platform/http/door.js'
import type { Observer } from '../platform/observe/observer.js'
import type { Chance } from '../platform/time/chance.js'
import type { Clock } from '../platform/time/clock.js'
import { openEngine, type Engine } from './answer.js'
import type { GatewayConfig } from './config.js'
import type { Verify } from './edge/bearer.js'
import { Engines } from './edge/engines.js'
import { openEdge } from './edge/http.js'
import { NO_DOCUMENTS, type TrustedDocuments } from './edge/trusted-documents.js'
import type { MetricsPage } from './edge/status.js'
import type { Subgraphs } from './fetch/ask-subgraph.js'
import { guardedSubgraphs } from './fetch/guarded-subgraphs.js'
import { Groups } from './live/groups.js'

/** What a gateway is opened with. */
export interface GatewayOptions {
  /** The supergraph's SDL. */
  readonly supergraph: string
  readonly subgraphs: Subgraphs
  /** Null leaves tokens to the subgraphs, who get them as they came. */
  readonly verify: Verify | null
  readonly config: GatewayConfig
  readonly doors?: readonly Door[]
  /** Documents that clients may name; without them every document is served as it comes. */
  readonly documents?: TrustedDocuments
  readonly metrics?: MetricsPage
  readonly clock: Clock
  readonly chance: Chance
  readonly observer: Observer
}

/** A gateway that serves. */
export interface Gateway {
  /** Like `http://127.0.0.1:4000`; the graph is at `/graphql`. */
  readonly url: string
  /** The engine that answers new requests; who asks in process was authenticated by himself. */
  readonly engine: Engine
  /** Who watches now. */
  readonly live: Groups['figures']
  /** Serves another supergraph from here on; a bad one is thrown, and the old one goes on. */
  update(supergraph: string): void
  stop(): Promise<void>
}

/** supergraph -> engine -> live groups -> edge, opened in this order and closed in the reverse. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, observer } = options
  const subgraphs = guardedSubgraphs(options.subgraphs, config.fetch, options)
  const engineFor = (supergraph: string): Engine => engineOf(supergraph, { ...options, subgraphs })
  const engines = new Engines(engineFor(options.supergraph))
  const groups = new Groups({
    subgraphs,
    live: config.live,
    mostBacklog: config.sockets.mostBacklog,
    reloadMs: config.reloadMs,
    clock: options.clock,
    chance: options.chance,
    observer,
  })
  const edge = await openEdge({
    engines,
    groups,
    verify: options.verify,
    doors: options.doors ?? [],
    documents: options.documents ?? NO_DOCUMENTS,
    metrics: options.metrics ?? null,
    settings: config,
    clock: options.clock,
    chance: options.chance,
    observer,
  })
  return {
    url: edge.url,
    get engine() {
      return engines.now
    },
    get live() {
      return groups.figures
    },
    update(supergraph) {
      engines.replace(engineFor(supergraph))
      void groups.reload(engines.now)
      observer.count('gateway.updated')
    },
    stop: () => edge.stop(),
  }
}

function engineOf(supergraph: string, { subgraphs, observer, chance, config }: GatewayOptions): Engine {
  return openEngine({
    supergraph,
    subgraphs,
    observer,
    chance,
    sharing: config.sharing,
    telling: config.tellAll ? 'all' : 'known',
    mostTokens: config.limits.tokens,
    mostSelections: config.limits.height,
  })
}

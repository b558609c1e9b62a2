import type { Door } from '../platform/http/door.js'
import type { Tracer } from '../platform/observe/tracer.js'
import type { Observer } from '../platform/observe/observer.js'
import type { Chance } from '../platform/time/chance.js'
import type { Clock } from '../platform/time/clock.js'
import { loopShare } from '../platform/time/loop-share.js'
import { openEngine } from './answer.js'
import type { OpenAside } from './aside/aside.js'
import type { Engine, EngineOptions } from './engine.js'
import type { GatewayConfig } from './config.js'
import type { Verify } from './edge/bearer.js'
import { Engines } from './edge/engines.js'
import { openEdge } from './edge/http.js'
import { NO_DOCUMENTS, type TrustedDocuments } from './edge/trusted-documents.js'
import type { MetricsPage } from './edge/status.js'
import type { Subgraphs } from './fetch/ask-subgraph.js'
import type { PolicyHook } from './operation/grants.js'
import { guardedSubgraphs } from './fetch/guarded-subgraphs.js'
import { headerRules } from './fetch/header-rules.js'
import { Turnstile } from './execute/turnstile.js'
import { Groups } from './live/groups.js'
import { contracted } from './supergraph/contract.js'
import { managed, type ManagedSupergraph, type SupergraphManager } from './supergraph/managed-supergraph.js'
import { operationFigures } from './operation-figures.js'
import { warm } from './warm.js'

/** What a gateway is opened with. */
export interface GatewayOptions {
  /** The supergraph's SDL, or whoever finds it and its successors. */
  readonly supergraph: string | SupergraphManager
  /** Hears of each supergraph before it serves. */
  readonly served?: (supergraph: string) => void
  readonly subgraphs: Subgraphs
  /** Null leaves tokens to the subgraphs, who get them as they came. */
  readonly verify: Verify | null
  readonly config: GatewayConfig
  readonly doors?: readonly Door[]
  /** Decides on policies beside the settings; it has to answer at once. */
  readonly policy?: PolicyHook
  /** Documents that clients may name; without them every document is served as it comes. */
  readonly documents?: TrustedDocuments
  /** Opens the place where large documents are read and planned; without it that is done on the event loop, too. */
  readonly openAside?: OpenAside
  readonly metrics?: MetricsPage
  /** Where the spans of requests go; without it nobody traces, and traces go through as they came. */
  readonly tracer?: Tracer | null
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
  /** Plans on another supergraph what is asked most, then serves it; a bad one is refused, and the old one goes on. */
  update(supergraph: string): Promise<void>
  stop(): Promise<void>
}

/** supergraph -> engine -> live groups -> edge, opened in this order and closed in the reverse. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, observer } = options
  const subgraphs = guardedSubgraphs(options.subgraphs, config.fetch, options)
  const figures = operationFigures(
    { most: config.telemetry.operations, trusted: options.documents?.names ?? [] },
    options,
  )
  const turnstile = new Turnstile(config.turnstile, { ...options, busy: loopShare() })
  const engineFor = (supergraph: string): Engine =>
    engineOf(supergraph, { ...options, subgraphs }, { figures, turnstile })
  let later: (supergraph: string) => void = () => undefined
  const source = await sourceOf(options.supergraph, (supergraph) => later(supergraph))
  const first = engineFor(source.supergraph)
  options.served?.(source.supergraph)
  const engines = new Engines(first)
  const headers = headerRules(config.fetch)
  const groups = new Groups({
    subgraphs,
    live: config.live,
    tellNothing: headers.tellNothing,
    mostBacklog: config.sockets.mostBacklog,
    reloadMs: config.reloadMs,
    clock: options.clock,
    chance: options.chance,
    observer,
  })
  const edge = await openEdge({
    engines,
    groups,
    subgraphs,
    verify: options.verify,
    doors: options.doors ?? [],
    documents: options.documents ?? NO_DOCUMENTS,
    passed: headers.names,
    tracer: options.tracer ?? null,
    metrics: options.metrics ?? null,
    settings: config,
    turnstile,
    clock: options.clock,
    chance: options.chance,
    observer,
  })
  let newest = 0
  const update = async (supergraph: string): Promise<void> => {
    const turn = ++newest
    const engine = engineFor(supergraph)
    await warm(engines.now, engine, { most: config.warmPlans, clock: options.clock, observer })
    if (turn !== newest) return // a newer one has come meanwhile
    options.served?.(supergraph)
    const { aside } = engines.now
    engines.replace(engine)
    aside?.retire()
    void groups.reload(engine)
    observer.count('gateway.updated')
  }
  later = (supergraph) => {
    update(supergraph).then(
      () => observer.log('info', 'serves the new supergraph'),
      (error: unknown) => {
        observer.count('gateway.refused')
        observer.log('error', 'the new supergraph is wrong; the old one serves on', { error })
      },
    )
  }
  return {
    url: edge.url,
    get engine() {
      return engines.now
    },
    get live() {
      return groups.figures
    },
    update,
    async stop() {
      await source.stop()
      await edge.stop()
      engines.now.aside?.retire()
    },
  }
}

function sourceOf(supergraph: string | SupergraphManager, update: (newer: string) => void): Promise<ManagedSupergraph> {
  if (typeof supergraph !== 'string') return managed(supergraph, update)
  return Promise.resolve({ supergraph, stop: () => Promise.resolve() })
}

function engineOf(
  given: string,
  { subgraphs, observer, clock, chance, config, policy, openAside }: GatewayOptions,
  shared: Pick<EngineOptions, 'figures' | 'turnstile'>,
): Engine {
  const supergraph = contracted(given, config.contract)
  return openEngine({
    supergraph,
    subgraphs,
    observer,
    chance,
    aside: openAside?.({ supergraph, documents: config }, { clock, observer }) ?? null,
    authorization: config.authorization,
    shared: config.live.shared,
    policies: config.policies,
    policy: policy ?? null,
    overrides: config.overrides,
    sharing: config.sharing,
    ...shared,
    telling: config.tellAll ? 'all' : 'known',
    cost: config.limits,
    mostTokens: config.limits.tokens,
    mostSelections: config.limits.height,
  })
}

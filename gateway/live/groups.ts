import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Engine, GraphRequest, PlannedSubscription } from '../answer.js'
import type { Subgraphs } from '../fetch/ask-subgraph.js'
import { errorsIn, Group } from './group.js'
import type { Sink } from './sink.js'
import { Upstreams, type Leave } from './upstream.js'

/** What the live part stands on. */
export interface LiveOptions {
  readonly subgraphs: Subgraphs
  /**
   * What an answer may depend on beside the question: equal texts may share one answer. It must hold everything of the
   * asker that any subgraph or rule reads; the whole token is always right.
   */
  readonly authority: (planned: PlannedSubscription, request: GraphRequest) => string
  readonly mostBacklog: number
  /** Over how long the ends of what a new supergraph made invalid are spread. */
  readonly reloadMs: number
  readonly clock: Clock
  readonly chance: Chance
  readonly observer: Observer
}

/** Groups that are looked at in one go when the supergraph changes, before others may have the thread. */
const REPLANNED_AT_ONCE = 100

/** All groups of this process. Who watches was authenticated before he came here. */
export class Groups {
  readonly #options: LiveOptions
  readonly #upstreams: Upstreams
  readonly #groups = new Map<string, Open>()
  #viewers = 0
  #returned = 0

  constructor(options: LiveOptions) {
    this.#options = options
    this.#upstreams = new Upstreams(options.subgraphs, options.observer)
  }

  get figures(): { readonly groups: number; readonly viewers: number; readonly upstreams: number } {
    return { groups: this.#groups.size, viewers: this.#viewers, upstreams: this.#upstreams.size }
  }

  /** question -> plan -> the group of all who ask the same -> events into the sink, until it is left. */
  watch(engine: Engine, request: GraphRequest, viewer: Sink): Leave {
    const planned = engine.planSubscription(request)
    if (!('upstream' in planned)) {
      viewer.fail(errorsIn(planned))
      return () => undefined
    }
    const shared = this.#options.authority(planned, request)
    const authority = comesBack(planned) ? `${shared} ${++this.#returned}` : shared
    const key = JSON.stringify([planned.renderKey, authority])
    const open = this.#groups.get(key) ?? this.#open(key, { engine, planned, request, authority })
    if (open.engine !== engine) this.#replan(open, engine)
    open.group.add(viewer)
    this.#moved(1)
    return () => {
      if (!open.group.remove(viewer)) return
      this.#moved(-1)
      if (open.group.size === 0) this.#close(key, open)
    }
  }

  /**
   * Every group goes on under the new supergraph: unnoticed when its upstream's question is the same, with a new upstream when it
   * is not. Only what is no longer valid ends, with a code, at its own moment within a while.
   */
  async reload(engine: Engine): Promise<void> {
    let looked = 0
    for (const open of [...this.#groups.values()]) {
      if (open.engine !== engine) this.#replan(open, engine)
      if (++looked % REPLANNED_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  #open(key: string, { engine, planned, request, authority }: Opening): Open {
    // The request's own signal is one viewer's; the group lives as long as anybody watches.
    const context = { ...request.context, signal: null }
    const group = new Group(planned, context, {
      ...this.#options,
      over: () => this.#close(key, open),
      left: (viewers) => this.#moved(-viewers),
    })
    const open: Open = {
      group,
      engine,
      authority,
      request: { ...request, context },
      upstreamKey: '',
      leave: () => undefined,
    }
    this.#groups.set(key, open)
    this.#listen(open, planned)
    return open
  }

  #listen(open: Open, planned: PlannedSubscription): void {
    open.upstreamKey = planned.upstreamKey
    const question = { ...planned.upstream, context: open.request.context }
    open.leave = this.#upstreams.join(JSON.stringify([planned.upstreamKey, open.authority]), question, open.group)
  }

  #replan(open: Open, engine: Engine): void {
    const { text, operationName, variables, context } = open.request
    const planned = engine.planSubscription({ text, operationName, variables, context })
    open.engine = engine
    if (!('upstream' in planned)) {
      this.#invalid(open)
      return
    }
    open.group.replan(planned)
    if (planned.upstreamKey === open.upstreamKey) return
    const { leave } = open
    this.#listen(open, planned)
    leave()
  }

  #invalid(open: Open): void {
    const { clock, chance, reloadMs, observer } = this.#options
    observer.count('live.invalidated')
    clock.after(chance.fraction() * reloadMs, () => open.group.ended(schemaReload()))
  }

  #close(key: string, open: Open): void {
    if (this.#groups.get(key) === open) this.#groups.delete(key)
    open.leave()
  }

  #moved(by: number): void {
    this.#viewers += by
    this.#options.observer.gauge('live.viewers', this.#viewers)
    this.#options.observer.gauge('live.groups', this.#groups.size)
  }
}

/** Who names the last cursor that he saw hears first what he missed: a beginning of his own, which nobody may join halfway. */
function comesBack({ root }: PlannedSubscription): boolean {
  return (root.arguments['after'] ?? null) !== null
}

function schemaReload(): Failure {
  return new Failure('SUBSCRIPTION_SCHEMA_RELOAD', 'the schema changed and this subscription is no longer valid in it')
}

interface Opening {
  readonly engine: Engine
  readonly planned: PlannedSubscription
  readonly request: GraphRequest
  readonly authority: string
}

interface Open {
  readonly group: Group
  readonly authority: string
  readonly request: GraphRequest
  /** The one that planned it last. */
  engine: Engine
  upstreamKey: string
  leave: Leave
}

import type { Observer } from '../../platform/observe/observer.js'
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
  readonly observer: Observer
}

/** All groups of this process. Who watches was authenticated before he came here. */
export class Groups {
  readonly #options: LiveOptions
  readonly #upstreams: Upstreams
  readonly #groups = new Map<string, Open>()
  /** Engines have no name; a group belongs to the one that planned it. */
  readonly #generations = new WeakMap<Engine, number>()
  #generation = 0
  #viewers = 0

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
    const authority = this.#options.authority(planned, request)
    const key = JSON.stringify([this.#generationOf(engine), planned.renderKey, authority])
    const open = this.#groups.get(key) ?? this.#open(key, { planned, request, authority })
    open.group.add(viewer)
    this.#moved(1)
    return () => {
      if (!open.group.remove(viewer)) return
      this.#moved(-1)
      if (open.group.size === 0) this.#close(key, open)
    }
  }

  #open(key: string, { planned, request, authority }: Opening): Open {
    // The request's own signal is one viewer's; the group lives as long as anybody watches.
    const context = { ...request.context, signal: null }
    const group = new Group(planned, context, {
      ...this.#options,
      over: () => this.#close(key, open),
      left: (viewers) => this.#moved(-viewers),
    })
    const open: Open = { group, leave: () => undefined }
    this.#groups.set(key, open)
    const question = { ...planned.upstream, context }
    open.leave = this.#upstreams.join(JSON.stringify([planned.upstreamKey, authority]), question, group)
    return open
  }

  #close(key: string, open: Open): void {
    if (this.#groups.get(key) === open) this.#groups.delete(key)
    open.leave()
  }

  #generationOf(engine: Engine): number {
    const known = this.#generations.get(engine)
    if (known !== undefined) return known
    this.#generations.set(engine, ++this.#generation)
    return this.#generation
  }

  #moved(by: number): void {
    this.#viewers += by
    this.#options.observer.gauge('live.viewers', this.#viewers)
    this.#options.observer.gauge('live.groups', this.#groups.size)
  }
}

interface Opening {
  readonly planned: PlannedSubscription
  readonly request: GraphRequest
  readonly authority: string
}

interface Open {
  readonly group: Group
  leave: Leave
}

import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Engine, GraphRequest, PlannedSubscription } from '../answer.js'
import { authority, inNobodysName, keyOf } from './authority.js'
import type { Subgraphs } from '../fetch/ask-subgraph.js'
import { SubscriptionRefused } from '../fetch/subscription-refused.js'
import { errorsIn, Group } from './group.js'
import { History } from './history.js'
import { liveQuestions, type LiveSettings } from './live-question.js'
import { goingOn } from './going-on.js'
import type { From, Open, Opening } from './open-group.js'
import type { Sink } from './sink.js'
import { Upstreams, type Leave } from './upstream.js'

/** What the live part stands on. */
export interface LiveOptions {
  readonly subgraphs: Subgraphs
  readonly live: LiveSettings
  readonly mostBacklog: number
  /** Over how long the ends of what a new supergraph made invalid are spread. */
  readonly reloadMs: number
  readonly clock: Clock
  readonly chance: Chance
  readonly observer: Observer
}

/** Groups that are looked at in one go when the supergraph changes, before others may have the thread. */
const REPLANNED_AT_ONCE = 100

/** How often a dropped upstream is replaced before its viewers are told. */
const MOST_FAILURES = 6

/** All groups of this process. Who watches was authenticated before he came here. */
export class Groups {
  readonly #options: LiveOptions
  readonly #upstreams: Upstreams
  readonly #questionOf: ReturnType<typeof liveQuestions>
  readonly #groups = new Map<string, Open>()
  /** In which group each viewer is now: one who has caught up moves. */
  readonly #places = new Map<Sink, Open>()
  /** Groups that go on from a cursor and have not caught up yet. */
  readonly #late = new Set<Open>()
  #opened = 0

  constructor(options: LiveOptions) {
    this.#options = options
    this.#upstreams = new Upstreams(options.subgraphs, options.observer)
    this.#questionOf = liveQuestions(options.live)
  }

  get figures(): { readonly groups: number; readonly viewers: number; readonly upstreams: number } {
    return { groups: this.#groups.size, viewers: this.#places.size, upstreams: this.#upstreams.size }
  }

  /** question -> plan -> the group of all who ask the same -> events into the sink, until it is left. */
  watch(engine: Engine, asked: GraphRequest, viewer: Sink): Leave {
    const question = asked.parsed && this.#questionOf(engine.schema, asked.parsed)
    const request = question?.shared === true ? inNobodysName(asked) : asked
    const planned = engine.planSubscription(request)
    if (!('upstream' in planned)) {
      viewer.fail(errorsIn(planned))
      return () => undefined
    }
    this.#enter(viewer, this.#groupFor(viewer, { engine, planned, request, question: question ?? null }))
    return () => this.#leave(viewer)
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

  /** A viewer who goes on from a cursor gets what he missed from a group's memory; where none reaches back so far, he has an upstream of his own until he has caught up. */
  #groupFor(viewer: Sink, opening: Opening): Open {
    const { engine, planned, request, question } = opening
    const key = keyOf(planned, request)
    const going = goingOn(planned, request, question?.resume ?? null)
    if (going === null) return this.#known(key, engine) ?? this.#open(key, opening, null)
    if (going.base === null) return this.#open(this.#unique(key), opening, { cursor: null, baseKey: null })
    const base = engine.planSubscription(going.base)
    const baseKey = 'upstream' in base ? keyOf(base, going.base) : null
    for (const open of [this.#known(baseKey ?? '', engine), this.#known(key, engine)]) {
      const missed = open?.group.since(going.cursor) ?? null
      if (open === null || missed === null) continue
      for (const answer of missed) viewer.next(answer)
      return open
    }
    return this.#open(this.#groups.has(key) ? this.#unique(key) : key, opening, { cursor: going.cursor, baseKey })
  }

  #known(key: string, engine: Engine): Open | null {
    const open = this.#groups.get(key)
    if (open === undefined) return null
    if (open.engine !== engine) this.#replan(open, engine)
    return open
  }

  #unique(key: string): string {
    return `${key}#${++this.#opened}`
  }

  #open(key: string, { engine, planned, request, question }: Opening, from: From | null): Open {
    // The request's own signal is one viewer's; the group lives as long as anybody watches.
    const context = { ...request.context, signal: null }
    const resume = question?.resume ?? null
    const history = new History(from?.cursor ?? null, this.#options.live)
    const group = new Group(planned, context, resume && { history, resume }, {
      ...this.#options,
      heals: (error) => this.#heals(open, error),
      over: () => this.#close(open),
      left: (viewers) => {
        for (const viewer of viewers) this.#places.delete(viewer)
        this.#tell()
      },
      told: () => {
        open.failures = 0
        this.#meet(open)
      },
    })
    const open: Open = {
      key,
      group,
      engine,
      variable: resume?.variable ?? null,
      failures: 0,
      request: { ...request, context },
      baseKey: from?.baseKey ?? null,
      // What goes on from a cursor begins in the past: whoever came later would miss its beginning.
      upstream: from === null ? '' : this.#unique(''),
      upstreamKey: '',
      leave: () => undefined,
    }
    this.#groups.set(key, open)
    if (open.baseKey !== null) this.#late.add(open)
    open.upstreamKey = planned.upstreamKey
    this.#listen(open, planned, open.upstream)
    return open
  }

  #listen(open: Open, { upstreamKey, upstream }: PlannedSubscription, apart: string): void {
    const key = JSON.stringify([upstreamKey, authority(open.request), apart])
    open.leave = this.#upstreams.join(key, { ...upstream, context: open.request.context }, open.group)
  }

  /** The group's own question from its newest event on; null where it has no cursor to go on from. */
  #continued({ group: { newest }, variable, request, engine }: Open): PlannedSubscription | null {
    if (newest === null || variable === null) return null
    const { text, operationName, context } = request
    const variables = { ...request.variables, [variable]: newest }
    const planned = engine.planSubscription({ text, operationName, variables, context })
    return 'upstream' in planned ? planned : null
  }

  /** An upstream that drops is replaced unseen where a cursor tells how to go on; else its viewers must know that they may have missed something. */
  #heals(open: Open, error: unknown): boolean {
    if (!isOutage(error) || open.failures >= MOST_FAILURES || this.#continued(open) === null) return false
    const { clock, chance, observer } = this.#options
    observer.count('live.healed')
    const wait = 100 * 2 ** open.failures++ * (0.5 + chance.fraction())
    open.leave = clock.after(wait, () => {
      const planned = this.#continued(open)
      if (planned !== null) this.#listen(open, planned, this.#unique(''))
    })
    return true
  }

  /** Those who have caught up join the running group: at the seam each event is told once. */
  #meet(told: Open): void {
    for (const late of this.#late) {
      if (late !== told && late.baseKey !== told.key) continue
      const base = this.#groups.get(late.baseKey ?? '')
      const missed = late.group.newest === null ? null : (base?.group.since(late.group.newest) ?? null)
      if (base === undefined || missed === null) continue
      for (const viewer of late.group.viewers) {
        for (const answer of missed) viewer.next(answer)
        late.group.remove(viewer)
        this.#enter(viewer, base)
      }
      this.#close(late)
    }
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
    open.upstreamKey = planned.upstreamKey
    const { leave } = open
    const continued = this.#continued(open)
    if (continued === null) this.#listen(open, planned, open.upstream)
    else this.#listen(open, continued, this.#unique(''))
    leave()
  }

  #invalid(open: Open): void {
    const { clock, chance, reloadMs, observer } = this.#options
    observer.count('live.invalidated')
    clock.after(chance.fraction() * reloadMs, () => open.group.ended(schemaReload()))
  }

  #enter(viewer: Sink, open: Open): void {
    open.group.add(viewer)
    this.#places.set(viewer, open)
    this.#tell()
  }

  #leave(viewer: Sink): void {
    const open = this.#places.get(viewer)
    if (open === undefined) return
    this.#places.delete(viewer)
    open.group.remove(viewer)
    if (open.group.size === 0) this.#close(open)
    this.#tell()
  }

  #close(open: Open): void {
    if (this.#groups.get(open.key) === open) this.#groups.delete(open.key)
    this.#late.delete(open)
    open.leave()
  }

  #tell(): void {
    this.#options.observer.gauge('live.viewers', this.#places.size)
    this.#options.observer.gauge('live.groups', this.#groups.size)
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof Failure && error.code === 'SUBGRAPH_UNAVAILABLE' && !(error instanceof SubscriptionRefused)
}

function schemaReload(): Failure {
  return new Failure('SUBSCRIPTION_SCHEMA_RELOAD', 'the schema changed and this subscription is no longer valid in it')
}

import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Engine, GraphRequest, PlannedSubscription } from '../engine.js'
import { authority, inNobodysName, keyOf, lasting, nobody } from './authority.js'
import type { Subgraphs } from '../fetch/ask-subgraph.js'
import { SubscriptionRefused } from '../fetch/subscription-refused.js'
import { heldCursor } from './cursor.js'
import { EventReaders } from './event-readers.js'
import { errorsIn, Group } from './group.js'
import { History } from './history.js'
import { liveQuestions, type LiveSettings } from './live-question.js'
import { goingOn, goingOnFrom } from './going-on.js'
import { from, slotless, type From, type Open, type Opening } from './open-group.js'
import { nobodysFor, stayTogether, type TellNothing } from './nobodys.js'
import type { Sink } from './sink.js'
import { SlotCrowd } from './slot-crowd.js'
import type { Slotted } from './slots.js'
import { Upstreams, type Leave } from './upstream.js'

/** What the live part stands on. */
export interface LiveOptions {
  readonly subgraphs: Subgraphs
  readonly live: LiveSettings
  /** Whether a subgraph gets nothing of whoever asks. */
  readonly tellNothing: TellNothing
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
  readonly #readers: EventReaders
  readonly #questionOf: ReturnType<typeof liveQuestions>
  readonly #groups = new Map<string, Open>()
  /** In which group each viewer is now: one who has caught up moves. */
  readonly #places = new Map<Sink, Open>()
  /** Groups that go on from a cursor and have not caught up yet. */
  readonly #late = new Set<Open>()
  /** Who watches by a line that has slots to fill. */
  readonly #members = new WeakMap<Sink, string | null>()
  #opened = 0

  constructor(options: LiveOptions) {
    this.#options = options
    this.#upstreams = new Upstreams(options.subgraphs, options.observer)
    this.#readers = new EventReaders(options.observer)
    this.#questionOf = liveQuestions(options.live, `slot${options.chance.uuid().replaceAll('-', '')}_`)
  }

  get figures(): { readonly groups: number; readonly viewers: number; readonly upstreams: number } {
    return { groups: this.#groups.size, viewers: this.#places.size, upstreams: this.#upstreams.size }
  }

  /**
   * question -> plan -> the group of all who ask the same -> events into the sink, until it is left. `lastEvent` is the cursor that the transport
   * itself brought back. Throws `PlansLong`, and has done nothing then.
   */
  watch(engine: Engine, wanted: GraphRequest, viewer: Sink, lastEvent: string | null = null): Leave {
    const question = wanted.parsed && this.#questionOf(engine, wanted.parsed)
    const asked = lastEvent === null ? wanted : goingOnFrom(wanted, question?.resume ?? null, lastEvent)
    const planned = engine.planSubscription(asked, true)
    if (!('upstream' in planned)) {
      viewer.fail(errorsIn(planned))
      return () => undefined
    }
    const nobodys = nobodysFor(planned, question ?? null, this.#options.tellNothing)
    const request = nobodys === 'same' ? inNobodysName(asked) : asked
    const asker = nobodys === null ? asked.context : nobody(asked.context)
    const opening = { engine, planned, request, asker, nobodys, question: question ?? null }
    if (question?.slots != null) this.#members.set(viewer, asked.context.who.member)
    this.#enter(viewer, this.#groupFor(viewer, nobodys === 'same' ? slotless(opening) : { ...opening, slots: null }))
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
    const { engine, planned, request, asker, question } = opening
    const key = keyOf(planned, asker)
    const going = goingOn(planned, request, question?.resume ?? null)
    if (going === null) return this.#known(key, engine) ?? this.#open(key, opening, null)
    if (going.base === null) return this.#open(this.#unique(key), opening, { cursor: null, baseKey: null })
    const base = engine.planSubscription(going.base)
    const baseKey = 'upstream' in base ? keyOf(base, asker) : null
    for (const open of [this.#known(baseKey ?? '', engine), this.#known(key, engine)]) {
      const missed = open?.group.since(going.cursor) ?? null
      if (open === null || missed === null) continue
      for (const answer of missed) viewer.next(answer)
      return open
    }
    const apart = this.#groups.has(key) ? this.#unique(key) : key
    return this.#open(apart, from(opening, going.cursor), { cursor: going.cursor, baseKey })
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

  #open(key: string, opening: Opening, from: From | null): Open {
    const { engine, planned, request, nobodys, question, slots } = opening
    const asker = lasting(opening.asker)
    const resume = question?.resume ?? null
    const reader = this.#readers.of(engine, planned, resume)
    const history = resume && new History(from?.cursor ?? null, this.#options.live, this.#options.clock)
    const group = new Group(
      planned,
      asker,
      { reader, history, resumes: resume?.variable != null, slots: slots && this.#crowdOf(slots.without) },
      {
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
      },
    )
    const open: Open = {
      key,
      group,
      engine,
      resume,
      failures: 0,
      request: { ...request, context: lasting(request.context) },
      asker,
      nobodys,
      access: planned.access,
      slots,
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
    const key = JSON.stringify([upstreamKey, authority(open.asker), apart])
    open.leave = this.#upstreams.join(key, { ...upstream, context: open.asker }, open.group)
  }

  /** The group's own question from its newest event on; null where it has no cursor to go on from. */
  #continued({ group: { newest }, resume, request, engine }: Open): PlannedSubscription | null {
    const variable = resume?.variable ?? null
    if (newest === null || variable === null) return null
    const { text, operationName, context } = request
    const variables = { ...request.variables, [variable]: heldCursor(newest)?.from ?? newest }
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
      open.group.goOn()
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
        late.group.release(viewer)
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
    if (!('upstream' in planned) || !stayTogether(open, { planned, engine }, this.#options.tellNothing)) {
      this.#invalid(open)
      return
    }
    open.group.replan(planned, this.#readers.of(engine, planned, open.resume))
    if (planned.upstreamKey === open.upstreamKey) return
    open.upstreamKey = planned.upstreamKey
    const { leave } = open
    const continued = this.#continued(open)
    if (continued === null) this.#listen(open, planned, open.upstream)
    else {
      open.group.goOn()
      this.#listen(open, continued, this.#unique(''))
    }
    leave()
  }

  #invalid(open: Open): void {
    const { clock, chance, reloadMs, observer } = this.#options
    observer.count('live.invalidated')
    for (const viewer of open.group.viewers)
      clock.after(chance.fraction() * reloadMs, () => {
        if (this.#places.get(viewer) !== open) return
        this.#leave(viewer)
        viewer.fail(SCHEMA_RELOAD)
      })
  }

  #crowdOf(slots: Slotted): SlotCrowd {
    const memberOf = (viewer: Sink): string | null => this.#members.get(viewer) ?? null
    return new SlotCrowd(slots, { ...this.#options, memberOf })
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
    open.group.stop()
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

const SCHEMA_RELOAD = JSON.stringify([
  {
    message: 'the schema changed and this subscription is no longer valid in it',
    extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' },
  },
])

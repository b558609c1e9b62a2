import { Failure } from '../../platform/failure.js'
import type { Clock } from '../../platform/time/clock.js'
import type { GraphAnswer, PlannedSubscription } from '../engine.js'
import type { FetchContext, SubgraphAnswer } from '../fetch/ask-subgraph.js'
import { SubscriptionRefused } from '../fetch/subscription-refused.js'
import { fanOut, type FanOutOptions } from './fan-out.js'
import { heldCursor } from './cursor.js'
import type { History } from './history.js'
import { Conflation, type Due } from './conflate.js'
import type { EventReader } from './event-reader.js'
import { SharedAnswer } from './shared-answer.js'
import type { Sink } from './sink.js'
import type { SlotCrowd } from './slot-crowd.js'
import { SlowLines } from './slow-lines.js'
import type { Listener } from './upstream.js'

/** The most events of one group that are being rendered at once; then the upstream waits. */
const MOST_RENDERING = 64

/** What a group tells of its own life. */
export interface GroupOptions extends FanOutOptions {
  /** The upstream has ended: whoever comes later needs another group. */
  readonly over: () => void
  readonly clock: Clock
  /** These viewers went with the end. */
  readonly left: (viewers: readonly Sink[]) => void
  /** Whether the upstream that failed so will be replaced by one that goes on where it ended; then nobody needs to know. */
  readonly heals: (error: unknown) => boolean
  /** An event with a cursor has been told. */
  readonly told: () => void
}

/** How a group reads its events, and where it keeps them; it keeps none when nobody could go on from one. */
export interface Reading {
  readonly reader: EventReader
  readonly history: History | null
  /** Whether its question can be asked again from a cursor: then events tell theirs also outside of the answer. */
  readonly resumes: boolean
  /** Null where all viewers are told the same bytes. */
  readonly slots: SlotCrowd | null
}

/** Viewers who asked the same with the same authority: each event is rendered once for all of them, and told in the order it came. */
export class Group implements Listener {
  #planned: PlannedSubscription
  readonly #context: FetchContext
  readonly #options: GroupOptions
  readonly #history: History | null
  readonly #resumes: boolean
  readonly #slots: SlotCrowd | null
  #reader: EventReader
  /** Null where nothing can be replaced: then every event is told as it comes. */
  readonly #conflation: Conflation | null
  readonly #viewers = new Set<Sink>()
  readonly #slow: SlowLines
  /** The last event's way to the viewers; each waits for the one before it. */
  #last: Promise<void> = Promise.resolve()
  #rendering = 0

  constructor(
    planned: PlannedSubscription,
    context: FetchContext,
    { reader, history, resumes, slots }: Reading,
    options: GroupOptions,
  ) {
    this.#planned = planned
    this.#context = context
    this.#reader = reader
    this.#history = history
    this.#resumes = resumes
    this.#slots = slots
    this.#options = options
    this.#slow = new SlowLines(options)
    const { clock, observer } = options
    this.#conflation = reader.conflates ? new Conflation(reader, clock, observer, (due) => this.#render(due)) : null
    this.goOn()
  }

  get size(): number {
    return this.#viewers.size
  }

  add(viewer: Sink): void {
    this.#viewers.add(viewer)
  }

  /** False when the viewer was not, or is no longer, here. */
  remove(viewer: Sink): boolean {
    this.#slow.forget(viewer)
    return this.#viewers.delete(viewer)
  }

  /** What is held back from a slow viewer is told now: whatever he hears next comes after it. */
  release(viewer: Sink): void {
    this.#slow.release(viewer)
  }

  /** Everybody who is here. */
  get viewers(): readonly Sink[] {
    return [...this.#viewers]
  }

  /** The newest event that was told; null when nobody could go on from it. */
  get newest(): string | null {
    return this.#history?.newest ?? null
  }

  /** What was told after the cursor; null when that is not, or no longer, known here. Nobody's own values are kept: with slots, only nothing is known. */
  since(cursor: string): readonly SharedAnswer[] | null {
    const missed = this.#history?.since(cursor) ?? null
    return this.#slots !== null && missed !== null && missed.length > 0 ? null : missed
  }

  /** From the next event on, by another plan of the same question. */
  replan(planned: PlannedSubscription, reader: EventReader): void {
    this.#planned = planned
    this.#reader = reader
    this.#conflation?.readBy(reader)
  }

  /** Another upstream goes on from the newest event that was told; gives the cursor that it is asked with. */
  goOn(): string | null {
    const { newest } = this
    const held = newest === null ? null : heldCursor(newest)
    if (newest !== null) this.#conflation?.skipUntil(held?.told ?? null, held?.from ?? newest)
    return held?.from ?? newest
  }

  /** Nobody is here any more. */
  stop(): void {
    this.#conflation?.stop()
  }

  /** Rendering begins at once, beside earlier events; telling waits its turn. */
  heard(event: SubgraphAnswer): Promise<void> | null {
    if (this.#conflation !== null) this.#conflation.take(event)
    else {
      const cursor = this.#history === null ? null : this.#reader.cursorOf(event)
      this.#render({ event, cursor, own: cursor, key: null })
    }
    return this.#rendering >= MOST_RENDERING ? this.#last : null
  }

  #render(due: Due): void {
    const rendered = this.#planned.render(due.event, this.#context)
    this.#options.observer.count('live.rendered')
    this.#rendering++
    this.#last = this.#last
      .then(() => rendered)
      .then((answer) => this.#tell(answer, due))
      .catch((error: unknown) => this.#options.observer.log('error', 'an event was not told', { error }))
  }

  /** What was heard before the end is told before it. */
  ended(error: unknown): void {
    if (error !== null && this.#options.heals(error)) return
    this.#conflation?.flush()
    this.#options.over()
    this.#last = this.#last.then(() => this.#finish(error))
  }

  #tell({ body }: GraphAnswer, due: Due): Promise<void> | void {
    const shared = new SharedAnswer(body, this.#resumes ? due.cursor : null)
    if (this.#slots !== null) return this.#tellEach(this.#slots, shared, due)
    this.#rendering--
    this.#fanOut(shared, this.#viewers, due)
    this.#remember(shared, due)
  }

  /** Later events wait for the slots of this one. */
  async #tellEach(slots: SlotCrowd, shared: SharedAnswer, due: Due): Promise<void> {
    const own = await slots.told(shared, this.#viewers, this.#context)
    this.#rendering--
    if (own === null) this.#fanOut(shared, this.#viewers, due)
    else for (const [answer, viewers] of own) this.#fanOut(answer, viewers, due)
    this.#remember(shared, due)
  }

  #fanOut(answer: SharedAnswer, viewers: Iterable<Sink>, { key, cursor }: Due): void {
    const { mostBacklog, observer } = this.#options
    fanOut({ answer, key, kept: cursor !== null }, viewers, { mostBacklog, observer, slow: this.#slow })
  }

  #remember(shared: SharedAnswer, { cursor, own }: Due): void {
    if (cursor === null || this.#history === null) return // it was only for whoever was there
    this.#history.add(cursor, shared, own)
    this.#options.told()
  }

  async #finish(error: unknown): Promise<void> {
    const errors = error === null ? null : await this.#errorsOf(error)
    const viewers = [...this.#viewers]
    this.#viewers.clear()
    this.#options.left(viewers)
    for (const viewer of viewers) {
      this.#slow.release(viewer)
      if (errors === null) viewer.complete()
      else viewer.fail(errors)
    }
  }

  /** A subgraph's own refusals go through the engine, which knows what may be told of them. */
  async #errorsOf(error: unknown): Promise<string> {
    if (error instanceof SubscriptionRefused)
      return errorsIn(await this.#planned.render({ errors: error.errors }, this.#context))
    const failure = error instanceof Failure ? error : new Failure('INTERNAL_SERVER_ERROR', 'something of ours failed')
    if (failure !== error) this.#options.observer.log('error', 'a subscription failed', { error })
    return JSON.stringify([{ message: failure.message, extensions: { code: failure.code } }])
  }
}

/** The list of errors of an answer, as JSON text. */
export function errorsIn(answer: GraphAnswer): string {
  const { errors } = JSON.parse(answer.body) as { errors?: unknown } // the engine wrote it
  return JSON.stringify(errors ?? [])
}

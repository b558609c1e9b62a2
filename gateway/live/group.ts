import { Failure } from '../../platform/failure.js'
import type { GraphAnswer, PlannedSubscription } from '../answer.js'
import type { FetchContext, SubgraphAnswer } from '../fetch/ask-subgraph.js'
import { SubscriptionRefused } from '../fetch/subscription-refused.js'
import { fanOut, type FanOutOptions } from './fan-out.js'
import type { History } from './history.js'
import { cursorOf, type Resume } from './live-question.js'
import { SharedAnswer } from './shared-answer.js'
import type { Sink } from './sink.js'
import type { Listener } from './upstream.js'

/** The most events of one group that are being rendered at once; then the upstream waits. */
const MOST_RENDERING = 64

/** What a group tells of its own life. */
export interface GroupOptions extends FanOutOptions {
  /** The upstream has ended: whoever comes later needs another group. */
  readonly over: () => void
  /** These viewers went with the end. */
  readonly left: (viewers: readonly Sink[]) => void
  /** Whether the upstream that failed so will be replaced by one that goes on where it ended; then nobody needs to know. */
  readonly heals: (error: unknown) => boolean
  /** An event with a cursor has been told. */
  readonly told: () => void
}

/** What lets a group's viewers go on from a cursor. */
export interface Remembering {
  readonly history: History
  readonly resume: Resume
}

/** Viewers who asked the same with the same authority: each event is rendered once for all of them, and told in the order it came. */
export class Group implements Listener {
  #planned: PlannedSubscription
  readonly #context: FetchContext
  readonly #options: GroupOptions
  readonly #remembering: Remembering | null
  readonly #viewers = new Set<Sink>()
  /** The last event's way to the viewers; each waits for the one before it. */
  #last: Promise<void> = Promise.resolve()
  #rendering = 0

  constructor(
    planned: PlannedSubscription,
    context: FetchContext,
    remembering: Remembering | null,
    options: GroupOptions,
  ) {
    this.#planned = planned
    this.#context = context
    this.#remembering = remembering
    this.#options = options
  }

  get size(): number {
    return this.#viewers.size
  }

  add(viewer: Sink): void {
    this.#viewers.add(viewer)
  }

  /** False when the viewer was not, or is no longer, here. */
  remove(viewer: Sink): boolean {
    return this.#viewers.delete(viewer)
  }

  /** Everybody who is here. */
  get viewers(): readonly Sink[] {
    return [...this.#viewers]
  }

  /** The newest event that was told; null when nobody could go on from it. */
  get newest(): string | null {
    return this.#remembering?.history.newest ?? null
  }

  /** What was told after the cursor; null when that is not, or no longer, known here. */
  since(cursor: string): readonly SharedAnswer[] | null {
    return this.#remembering?.history.since(cursor) ?? null
  }

  /** From the next event on, by another plan of the same question. */
  replan(planned: PlannedSubscription): void {
    this.#planned = planned
  }

  /** Rendering begins at once, beside earlier events; telling waits its turn. */
  heard(event: SubgraphAnswer): Promise<void> | null {
    const rendered = this.#planned.render(event, this.#context)
    this.#options.observer.count('live.rendered')
    this.#rendering++
    this.#last = this.#last
      .then(() => rendered)
      .then((answer) => this.#tell(answer))
      .catch((error: unknown) => this.#options.observer.log('error', 'an event was not told', { error }))
    return this.#rendering >= MOST_RENDERING ? this.#last : null
  }

  /** What was heard before the end is told before it. */
  ended(error: unknown): void {
    if (error !== null && this.#options.heals(error)) return
    this.#options.over()
    this.#last = this.#last.then(() => this.#finish(error))
  }

  #tell(answer: GraphAnswer): void {
    this.#rendering--
    const shared = new SharedAnswer(answer.body)
    fanOut(shared, this.#viewers, this.#options)
    if (this.#remembering !== null) this.#remember(shared, this.#remembering)
  }

  #remember(answer: SharedAnswer, { history, resume }: Remembering): void {
    const cursor = cursorOf(answer.body, resume)
    if (cursor === null) return // it was only for whoever was there
    history.add(cursor, answer)
    this.#options.told()
  }

  async #finish(error: unknown): Promise<void> {
    const errors = error === null ? null : await this.#errorsOf(error)
    const viewers = [...this.#viewers]
    this.#viewers.clear()
    this.#options.left(viewers)
    for (const viewer of viewers) {
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

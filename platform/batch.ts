import { Failure } from './failure.js'
import type { Observer } from './observe/observer.js'
import type { Cancel, Clock } from './time/clock.js'

/** How questions are gathered: at most `most` in one run, none waiting longer than `waitMs` for others, at most `limit` in line. */
export interface BatcherOptions<Q, A> {
  readonly clock: Clock
  readonly observer: Observer
  /** Under which it is counted. */
  readonly name: string
  readonly most: number
  readonly waitMs: number
  readonly limit: number
  /** Whoever would wait longer than this, judged by how long full runs take of late, is refused at once; none: only `limit` counts. */
  readonly patienceMs?: number
  /** One answer for each question, in their order; an `Error` refuses that question alone, a throw refuses the whole run. */
  readonly run: (questions: readonly Q[]) => Promise<readonly (A | Error)[]>
}

/** Gathers questions that come close together into one run. */
export interface Batcher<Q, A> {
  ask(question: Q): Promise<A>
  /**
   * The refusal of whoever comes now; null: he may stand in the line. For who is asked so much that a rejected promise for each is too
   * much: Node keeps a book of those that nobody has caught yet, and who is refused at once is in it before he can catch anything.
   */
  refusal(): Failure | null
  /** Resolves when all that was asked is answered. */
  drain(): Promise<void>
}

interface Asked<Q, A> {
  readonly question: Q
  readonly resolve: (answer: A) => void
  readonly reject: (error: unknown) => void
}

/**
 * Micro-batches: one run at a time, so that what comes while one runs becomes the next, and the load makes the runs larger and not
 * more. When the line is full, whoever asks is refused with `BUSY`, and told after what time to come again. (A second run that
 * begins while the first one commits was tried with bench/flash-sale: no gain above the noise.)
 */
export function batcher<Q, A>(options: BatcherOptions<Q, A>): Batcher<Q, A> {
  return new Line(options)
}

/** How much the newest run counts in what a run is expected to take. */
const NEWEST = 0.2

class Line<Q, A> implements Batcher<Q, A> {
  readonly #options: BatcherOptions<Q, A>
  #line: Asked<Q, A>[] = []
  #running = false
  #cancel: Cancel | null = null
  #idle: (() => void)[] = []
  #fullRunMs = 0
  #busy: Failure | null = null
  /** Since the last run began; counted with the next one, as in an overload most are refused and each costs. */
  #refused = 0

  constructor(options: BatcherOptions<Q, A>) {
    this.#options = options
  }

  ask(question: Q): Promise<A> {
    const { clock, most, waitMs } = this.#options
    const refusal = this.refusal()
    if (refusal !== null) return Promise.reject(refusal)
    return new Promise((resolve, reject) => {
      this.#line.push({ question, resolve, reject })
      if (this.#running) return
      if (this.#line.length >= most) this.#begin()
      else this.#cancel ??= clock.after(waitMs, () => this.#begin())
    })
  }

  refusal(): Failure | null {
    if (!this.#isFull()) return null
    this.#refused++
    return (this.#busy ??= this.#makeRefusal())
  }

  drain(): Promise<void> {
    if (!this.#running && this.#line.length > 0) this.#begin()
    if (!this.#running) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  #isFull(): boolean {
    const { most, limit, patienceMs = Infinity } = this.#options
    // The next run's places are always given, so that one slow run is forgotten by the next full one.
    return this.#line.length >= limit || (this.#line.length >= most && this.#expectedMs() > patienceMs)
  }

  /** How long whoever comes now would wait for his answer. */
  #expectedMs(): number {
    const runs = Math.floor(this.#line.length / this.#options.most) + (this.#running ? 1 : 0)
    return runs * this.#fullRunMs
  }

  /** Made once for all who are refused between two runs: in an overload there are many of them, and each costs. */
  #makeRefusal(): Failure {
    const { name } = this.#options
    const retryAfterMs = Math.max(100, Math.ceil(this.#expectedMs()))
    const message = `${this.#line.length} wait for ${name} already; try again in ${retryAfterMs} ms`
    return new Failure('BUSY', message, { details: { retryAfterMs } })
  }

  #begin(): void {
    this.#cancel?.()
    this.#cancel = null
    const { most, observer, name } = this.#options
    const asked = this.#line.splice(0, most)
    this.#running = true
    this.#busy = null
    observer.count('batch.asked', { name }, asked.length)
    observer.count('batch.run', { name })
    if (this.#refused > 0) observer.count('batch.refused', { name }, this.#refused)
    this.#refused = 0
    void this.#answer(asked)
  }

  async #answer(asked: readonly Asked<Q, A>[]): Promise<void> {
    const { clock, most } = this.#options
    const begunAt = clock.monotonicMs()
    const settle = await this.#outcome(asked)
    if (asked.length === most) this.#learn(clock.monotonicMs() - begunAt)
    // In the same breath as the last look at the line, so that nobody is left in it; answers are given while the next run is on its way.
    this.#running = false
    const idle = this.#line.length > 0 ? [] : this.#idle.splice(0)
    if (this.#line.length > 0) this.#begin()
    settle()
    for (const resolve of idle) resolve()
  }

  async #outcome(asked: readonly Asked<Q, A>[]): Promise<() => void> {
    const { name, run } = this.#options
    try {
      const answers = await run(asked.map(({ question }) => question))
      if (answers.length !== asked.length)
        throw new Error(`${name} answered ${answers.length} of ${asked.length} questions`)
      return () => asked.forEach((one, at) => settled(one, answers[at]))
    } catch (error) {
      return () => asked.forEach(({ reject }) => reject(error))
    }
  }

  #learn(ms: number): void {
    this.#fullRunMs = this.#fullRunMs === 0 ? ms : (1 - NEWEST) * this.#fullRunMs + NEWEST * ms
  }
}

function settled<Q, A>({ resolve, reject }: Asked<Q, A>, answer: A | Error | undefined): void {
  if (answer instanceof Error) reject(answer)
  else resolve(answer as A) // there is one for each question, counted above
}

import type { Failure } from '../failure.js'
import { systemClock } from '../time/clock.js'
import type { PostBounds, Posted } from './poster.js'

/** What is to be sent. */
export interface Letter {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Whoever waits for the answer. */
interface Waiter {
  readonly resolve: (posted: Posted) => void
  readonly reject: (failure: Failure) => void
}

/** One question, until it is answered or nobody waits for it any more. */
export class Post {
  readonly letter: Letter
  readonly mostBytes: number
  readonly until: number
  /** Whether it may be sent again when the connection fails, or its turn does not come. */
  readonly isSafe: boolean
  /** It has been sent again. */
  isRepeated = false
  /** With whom it may share a connection. */
  readonly group: string | null
  readonly #signal: PostBounds['signal']
  readonly #waiter: Waiter
  #onAbort: (() => void) | null = null
  #isOver = false

  constructor(
    letter: Letter,
    { timeoutMs, mostBytes, signal, isSafe = false, group = '' }: PostBounds,
    waiter: Waiter,
  ) {
    this.letter = letter
    this.mostBytes = mostBytes
    this.until = systemClock.monotonicMs() + timeoutMs
    this.isSafe = isSafe
    this.group = group
    this.#signal = signal
    this.#waiter = waiter
  }

  /** Whether it may share a connection with others: not what has waited behind another in vain. */
  get mayShare(): boolean {
    return this.isSafe && this.group !== null && !this.isRepeated
  }

  /** Nobody waits any more. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Does this when whoever waits goes; at once when he has gone. */
  onAbort(stop: () => void): void {
    if (this.#signal === null) return
    if (this.#signal.aborted) {
      stop()
      return
    }
    this.#onAbort = stop
    this.#signal.addEventListener('abort', stop)
  }

  answer(posted: Posted): void {
    if (this.#isOver) return
    this.#end()
    this.#waiter.resolve(posted)
  }

  fail(failure: Failure): void {
    if (this.#isOver) return
    this.#end()
    this.#waiter.reject(failure)
  }

  #end(): void {
    this.#isOver = true
    if (this.#onAbort !== null) this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#onAbort = null
  }
}

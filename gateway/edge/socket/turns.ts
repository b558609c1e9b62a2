import type { Observer } from '../../../platform/observe/observer.js'
import type { Clock } from '../../../platform/time/clock.js'

/** How long admissions may keep the thread before everybody else has his turn: events for those who watch already, plain requests. */
const SHARE_MS = 8

/** What a crowd that comes at once waits in. */
export interface TurnsOptions {
  /** The most that may wait; what comes beyond is turned away. */
  readonly most: number
  readonly clock: Clock
  readonly observer: Observer
}

/**
 * Lets a crowd in by slices, in the order in which it came. As long as this turn of the event loop has time to spare and nobody waits,
 * work is done at once.
 */
export class Turns {
  readonly #options: TurnsOptions
  #waiting: (() => void)[] = []
  #next = 0
  #began = 0
  #scheduled = false

  constructor(options: TurnsOptions) {
    this.#options = options
  }

  /** False when too many wait already: the work is not done. */
  run(work: () => void): boolean {
    const waiting = this.#waiting.length - this.#next
    if (waiting >= this.#options.most) {
      this.#options.observer.count('socket.turnedAway')
      return false
    }
    this.#schedule()
    if (waiting > 0 || this.#isOver()) this.#waiting.push(work)
    else work()
    return true
  }

  #isOver(): boolean {
    return this.#options.clock.monotonicMs() - this.#began > SHARE_MS
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#began = this.#options.clock.monotonicMs()
    setImmediate(() => this.#turn())
  }

  #turn(): void {
    this.#scheduled = false
    if (this.#next === this.#waiting.length) return
    this.#schedule()
    while (this.#next < this.#waiting.length && !this.#isOver()) this.#waiting[this.#next++]?.()
    if (this.#next < this.#waiting.length) return
    this.#waiting = []
    this.#next = 0
  }
}

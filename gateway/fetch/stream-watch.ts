import type { Cancel, Clock } from '../../platform/time/clock.js'

/** A stream is never given up sooner, and not before so many of its heartbeats are missing. */
const LEAST_MS = 30_000
const MOST_MISSING = 3

/** Comments that follow each other faster open a stream; they are no rhythm. */
const RHYTHM_MS = 1_000

/**
 * Whether a stream of Server-Sent Events still lives, by its own rhythm: nobody can be asked in it, and its specification asks for no
 * heartbeats. Who has sent two of them is expected to go on. Who sends none may be silent.
 */
export class StreamWatch {
  readonly #clock: Clock
  readonly #silent: () => void
  #beatAt: number
  #beats = 0
  #longestMs = 0
  #stop: Cancel = () => undefined

  /** `silent` runs once, when the stream must be taken for dead. */
  constructor(clock: Clock, silent: () => void) {
    this.#clock = clock
    this.#silent = silent
    this.#beatAt = clock.monotonicMs()
  }

  /** Something came; a heartbeat is whatever tells nothing. */
  heard(isBeat: boolean): void {
    const now = this.#clock.monotonicMs()
    const pause = now - this.#beatAt
    if (isBeat && pause >= RHYTHM_MS) {
      if (this.#beats++ > 0) this.#longestMs = Math.max(this.#longestMs, pause)
      this.#beatAt = now
    }
    if (this.#longestMs === 0) return
    this.#stop()
    this.#stop = this.#clock.after(Math.max(LEAST_MS, MOST_MISSING * this.#longestMs), this.#silent)
  }

  stop(): void {
    this.#stop()
  }
}

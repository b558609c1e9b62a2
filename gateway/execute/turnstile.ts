import type { Observer } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import { requestError } from '../operation/request-errors.js'

/** How many queries are under way together while the processor has no time to spare. */
export interface TurnstileSettings {
  /** A query takes one place, and one more for each `bytesEach` of its answer. 0 lets everybody through at once. */
  readonly places: number
  readonly bytesEach: number
  /** The most that wait, of small answers and of large ones; who comes then is refused with `BUSY`. */
  readonly mostWaiting: number
  /** Nobody joins a line in which it would wait longer: it is told `BUSY` now, not when it has given up. 0 is without bound. */
  readonly mostWaitMs: number
}

/** What a turnstile is made of. */
export interface TurnstileParts {
  readonly clock: Clock
  readonly observer: Observer
  /** The share of time, from 0 to 1, in which the event loop had work since it was asked last. */
  readonly busy: () => number
}

/** While somebody waits, this often we look whether there is time to spare: when the loop worked less than this share of the time. */
const LOOK_MS = 5
const FULL = 0.9
/** The places of a query that nobody has asked before. */
const UNKNOWN = 8
/** Made once: a refusal that looks for its own stack costs as much as a small answer (bench:overload). */
const CROWDED = requestError('BUSY', 'more is asked than can be done now; try again in a second')
/** How much the newest time between two who are let through weighs in what is expected of the next. */
const WEIGHT = 1 / 16
/** So many times its places is the most that time to spare opens. */
const MOST_OPENED = 1_024

/**
 * Lets queries through in the order in which they came, no more at once than keep the processor busy. What a query gathers lives until
 * its answer is written, and what lives long the collector has to carry about: 50 heavy queries begun together cost a third more than
 * the same begun one after the other (bench/gateway). Where the time goes into waiting for subgraphs there is time to spare, and more
 * are let through until there is none. Small answers never wait behind large ones: each have places of their own.
 */
export class Turnstile {
  readonly #settings: TurnstileSettings
  readonly #small: Queue
  readonly #large: Queue

  constructor(settings: TurnstileSettings, parts: TurnstileParts) {
    this.#settings = settings
    this.#small = new Queue('small', settings, parts)
    this.#large = new Queue('large', settings, parts)
  }

  /** Does the work when its turn has come, or refuses with `BUSY`. `bytes` is what its answer weighed before; null when nobody knows. */
  pass<T>(bytes: number | null, work: () => Promise<T>): Promise<T> {
    if (this.#settings.places === 0) return work()
    if (bytes === null) return this.#small.pass(UNKNOWN, work)
    const places = 1 + Math.trunc(bytes / this.#settings.bytesEach)
    return (places === 1 ? this.#small : this.#large).pass(places, work)
  }

  /** Whether anybody waits now. */
  get hasLine(): boolean {
    return this.#small.waiting + this.#large.waiting > 0
  }

  /** Whether no more may wait. */
  get isFull(): boolean {
    return Math.max(this.#small.waiting, this.#large.waiting) >= this.#settings.mostWaiting
  }
}

/** One that waits, and what lets it through. */
interface Waiting {
  readonly places: number
  readonly since: number
  readonly begin: () => void
}

class Queue {
  readonly #answers: string
  readonly #places: number
  readonly #mostWaitMs: number
  readonly #parts: TurnstileParts
  /** Places that are there now, and those taken. */
  #open: number
  #taken = 0
  /** Between two who are let through while others wait, and when the last was. */
  #paceMs = 0
  #lastMs = 0
  #line: Waiting[] = []
  #next = 0
  #isLooking = false

  constructor(answers: string, { places, mostWaitMs }: TurnstileSettings, parts: TurnstileParts) {
    this.#answers = answers
    this.#places = places
    this.#mostWaitMs = mostWaitMs
    this.#parts = parts
    this.#open = places
  }

  get waiting(): number {
    return this.#line.length - this.#next
  }

  pass<T>(places: number, work: () => Promise<T>): Promise<T> {
    if (this.waiting === 0 && this.#hasRoom(places)) return this.#begin(places, work)
    const since = this.#parts.clock.monotonicMs()
    if (this.#mostWaitMs > 0 && this.#expectedMs(since) > this.#mostWaitMs) {
      this.#parts.observer.count('turnstile.refused', { answers: this.#answers })
      return Promise.reject(CROWDED)
    }
    this.#parts.observer.count('turnstile.waited', { answers: this.#answers })
    if (this.waiting === 0) this.#beginLine(since)
    this.#look()
    return new Promise((resolve, reject) => {
      this.#line.push({ places, since, begin: () => void this.#begin(places, work).then(resolve, reject) })
    })
  }

  /** What the last line was held up by says nothing of this one. */
  #beginLine(now: number): void {
    this.#lastMs = now
    this.#paceMs = 0
  }

  /** How long one would wait that came now: as long as the first has, or as those before it take at the pace of the last. */
  #expectedMs(now: number): number {
    const first = this.#line[this.#next]
    return first === undefined ? 0 : Math.max(now - first.since, this.waiting * this.#paceMs)
  }

  /** One that is larger than all places passes alone. */
  #hasRoom(places: number): boolean {
    return this.#taken === 0 || this.#taken + places <= this.#open
  }

  async #begin<T>(places: number, work: () => Promise<T>): Promise<T> {
    this.#taken += places
    try {
      return await work()
    } finally {
      this.#taken -= places
      this.#letThrough()
    }
  }

  #letThrough(): void {
    for (let first = this.#line[this.#next]; first && this.#hasRoom(first.places); first = this.#line[this.#next]) {
      this.#next++
      this.#notePace()
      first.begin()
    }
    if (this.#next * 2 <= this.#line.length) return
    this.#line = this.#line.slice(this.#next)
    this.#next = 0
  }

  #notePace(): void {
    const now = this.#parts.clock.monotonicMs()
    this.#paceMs += (now - this.#lastMs - this.#paceMs) * WEIGHT
    this.#lastMs = now
  }

  #look(): void {
    if (this.#isLooking) return
    this.#isLooking = true
    this.#parts.busy() // only what comes after this is of interest
    this.#parts.clock.after(LOOK_MS, () => {
      this.#isLooking = false
      this.#open = this.#parts.busy() < FULL ? this.#open + this.#places : Math.trunc(this.#open / 2)
      this.#open = Math.min(Math.max(this.#open, this.#places), this.#places * MOST_OPENED)
      this.#letThrough()
      if (this.waiting > 0) this.#look()
    })
  }
}

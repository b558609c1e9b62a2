import type { Clock } from '../../platform/time/clock.js'
import type { SharedAnswer } from './shared-answer.js'

/** How much of the past a group keeps. */
export interface HistoryBounds {
  readonly historyEvents: number
  readonly historyBytes: number
  /** For how long. */
  readonly historyMs: number
}

interface Kept {
  readonly answer: SharedAnswer
  readonly atMs: number
}

/** The last answers of a group, by the cursors of their events; the oldest go when there are too many. */
export class History {
  readonly #bounds: HistoryBounds
  readonly #answers = new Map<string, Kept>()
  readonly #clock: Clock
  /** The subgraph's own cursors of events that were told with another, and that one. */
  readonly #others = new Map<string, string>()
  /** The cursor just before the first answer that is kept; null where that is not known. */
  #floor: string | null
  #newest: string | null
  #newestKey: string | null
  #bytes = 0
  #again = 0

  /** `start` is the cursor that the group's own question goes on from. */
  constructor(start: string | null, bounds: HistoryBounds, clock: Clock) {
    this.#clock = clock
    this.#floor = start
    this.#newest = this.#newestKey = start
    this.#bounds = bounds
  }

  get newest(): string | null {
    return this.#newest
  }

  /** `own` is the subgraph's own cursor, when the event was told with another. */
  add(cursor: string, answer: SharedAnswer, own: string | null = null): void {
    // A place at which two values were told is the first of them: whoever comes back there hears the second again.
    const key = this.#answers.has(cursor) ? `${cursor}#${++this.#again}` : cursor
    this.#answers.set(key, { answer, atMs: this.#clock.monotonicMs() })
    this.#bytes += answer.body.length
    this.#newest = cursor
    this.#newestKey = key
    if (own !== null && own !== cursor) this.#others.set(own, key)
    this.#forget()
  }

  #forget(): void {
    const { historyEvents, historyBytes, historyMs } = this.#bounds
    const eldestMs = this.#clock.monotonicMs() - historyMs
    for (const [oldest, { answer, atMs }] of this.#answers) {
      if (this.#answers.size <= historyEvents && this.#bytes <= historyBytes && atMs >= eldestMs) return
      this.#answers.delete(oldest)
      this.#forgetOther(oldest)
      this.#bytes -= answer.body.length
      this.#floor = oldest
    }
  }

  /** What came after the cursor, in order; null when the cursor is not, or no longer, known here. */
  since(place: string): readonly SharedAnswer[] | null {
    this.#forget()
    const cursor = this.#answers.has(place) ? place : (this.#others.get(place) ?? place)
    if (cursor === this.#newestKey) return []
    if (cursor === this.#floor) return this.#after(0)
    if (!this.#answers.has(cursor)) return null
    const cursors = [...this.#answers.keys()]
    return this.#after(cursors.indexOf(cursor) + 1)
  }

  #after(nth: number): readonly SharedAnswer[] {
    return [...this.#answers.values()].slice(nth).map(({ answer }) => answer)
  }

  #forgetOther(key: string): void {
    for (const [own, other] of this.#others) {
      if (other === key) this.#others.delete(own)
      return // they stand in the same order
    }
  }
}

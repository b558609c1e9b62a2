import type { SharedAnswer } from './shared-answer.js'

/** How much of the past a group keeps. */
export interface HistoryBounds {
  readonly historyEvents: number
  readonly historyBytes: number
}

/** The last answers of a group, by the cursors of their events; the oldest go when there are too many. */
export class History {
  readonly #bounds: HistoryBounds
  readonly #answers = new Map<string, SharedAnswer>()
  /** The cursor just before the first answer that is kept; null where that is not known. */
  #floor: string | null
  #newest: string | null
  #bytes = 0

  /** `start` is the cursor that the group's own question goes on from. */
  constructor(start: string | null, bounds: HistoryBounds) {
    this.#floor = start
    this.#newest = start
    this.#bounds = bounds
  }

  get newest(): string | null {
    return this.#newest
  }

  add(cursor: string, answer: SharedAnswer): void {
    this.#answers.set(cursor, answer)
    this.#bytes += answer.body.length
    this.#newest = cursor
    for (const [oldest, { body }] of this.#answers) {
      if (this.#answers.size <= this.#bounds.historyEvents && this.#bytes <= this.#bounds.historyBytes) return
      this.#answers.delete(oldest)
      this.#bytes -= body.length
      this.#floor = oldest
    }
  }

  /** What came after the cursor, in order; null when the cursor is not, or no longer, known here. */
  since(cursor: string): readonly SharedAnswer[] | null {
    if (cursor === this.#newest) return []
    if (cursor === this.#floor) return [...this.#answers.values()]
    if (!this.#answers.has(cursor)) return null
    const cursors = [...this.#answers.keys()]
    return [...this.#answers.values()].slice(cursors.indexOf(cursor) + 1)
  }
}

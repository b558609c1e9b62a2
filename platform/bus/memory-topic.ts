import type { Entry, Position } from './bus.js'
import { isAbove } from './position.js'

/** Where one follower of a topic has come to; null is before everything. */
export interface Cursor {
  at: Position | null
}

/**
 * The entries of one topic above `floor`, in order. What was dropped is behind the floor, and whoever needs it again lowers the floor
 * to where he stands: the topic then holds nothing above it until the relay, which asks for `last`, tells it again.
 */
export class MemoryTopic {
  /** Undefined until somebody says from where on the topic is wanted. */
  #floor: Position | null | undefined
  #entries: Entry[] = []
  /** When each of them came. */
  #cameMs: number[] = []
  #last: Position | null = null
  readonly #cursors = new Set<Cursor>()
  #waiting: (() => void)[] = []

  get last(): Position | null {
    return this.#last
  }

  get size(): number {
    return this.#entries.length
  }

  join(cursor: Cursor): void {
    this.#cursors.add(cursor)
    if (this.#floor === undefined) this.#restart(cursor.at)
  }

  leave(cursor: Cursor): void {
    this.#cursors.delete(cursor)
    this.#tellChange()
  }

  add(entries: readonly Entry[], after: Position | null, nowMs: number): void {
    if (isAbove(after, this.#last)) return
    this.#floor ??= null
    for (const entry of entries) {
      if (!isAbove(entry.position, this.#last)) continue
      this.#entries.push(entry)
      this.#cameMs.push(nowMs)
      this.#last = entry.position
    }
    this.#tellChange()
  }

  /** The next entries above a cursor, at most as many as asked. */
  next(cursor: Cursor, most: number): readonly Entry[] {
    if (this.#floor !== undefined && isAbove(this.#floor, cursor.at)) this.#restart(cursor.at)
    const from = this.#firstAbove(cursor.at)
    return this.#entries.slice(from, from + most)
  }

  move(cursor: Cursor, to: Position): void {
    cursor.at = to
    this.#tellChange()
  }

  /** Whether someone has yet to hear one of the oldest `count` entries. */
  isNeeded(count: number): boolean {
    const newest = this.#entries[count - 1]
    return newest !== undefined && [...this.#cursors].some((cursor) => isAbove(newest.position, cursor.at))
  }

  drop(count: number): void {
    this.#floor = this.#entries[count - 1]?.position ?? this.#floor
    this.#entries = this.#entries.slice(count)
    this.#cameMs = this.#cameMs.slice(count)
  }

  /** How many entries came before a moment. */
  before(ms: number): number {
    const kept = this.#cameMs.findIndex((cameMs) => cameMs >= ms)
    return kept === -1 ? this.#cameMs.length : kept
  }

  /** Resolves at the next change: an entry, a cursor moved, a follower gone. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #restart(at: Position | null): void {
    this.#floor = at
    this.#last = at
    this.#entries = []
    this.#cameMs = []
  }

  #firstAbove(at: Position | null): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isAbove(this.#entries[middle]?.position ?? null, at)) high = middle
      else low = middle + 1
    }
    return low
  }

  #tellChange(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

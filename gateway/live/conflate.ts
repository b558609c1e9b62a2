import type { Observer } from '../../platform/observe/observer.js'
import type { Cancel, Clock } from '../../platform/time/clock.js'
import type { SubgraphAnswer } from '../fetch/ask-subgraph.js'
import { cursorText, isAfter } from './cursor.js'
import type { EventReader } from './event-reader.js'

/** Keys whose pace is remembered; of more, the one that was told longest ago may be told again at once. */
const MOST_KEYS = 10_000

/** An event on its way to the viewers. */
export interface Due {
  readonly event: SubgraphAnswer
  /** The cursor that it is told with; null when it has none. */
  readonly cursor: string | null
  /** The subgraph's own cursor, where the event is the newest that was told; null for one that was overtaken. */
  readonly own: string | null
  /** Events with equal keys replace each other; null for one that must arrive. */
  readonly key: string | null
}

interface Held {
  readonly event: SubgraphAnswer
  readonly own: string | null
  /** The cursor of the event before it. */
  readonly before: string | null
  /** Its place among all that came. */
  readonly nth: number
  readonly dueMs: number
}

type Going = Pick<Held, 'event' | 'own' | 'nth'> & Pick<Due, 'key'>

/**
 * Lets values that replace each other through at their pace: of each key the newest, at most so often; whatever must arrive is told at
 * once and overtakes them. An event is told with a cursor that says how far everything was told, so that whoever leaves while values
 * are held back is told them when he goes on, here or elsewhere.
 */
export class Conflation {
  readonly #clock: Clock
  readonly #observer: Observer
  readonly #tell: (due: Due) => void
  #reader: EventReader
  /** By key, in the order in which they came. */
  readonly #held = new Map<string, Held>()
  /** When each key was told last, the longest ago first. */
  readonly #lastMs = new Map<string, number>()
  #timer: Cancel | null = null
  /** The newest event that came, and the newest that was told. */
  #heard: string | null = null
  #told: string | null = null
  #heardNth = 0
  #toldNth = 0
  /** Up to here a viewer who came back has heard everything but values that were held back. */
  #until: string | null = null

  constructor(reader: EventReader, clock: Clock, observer: Observer, tell: (due: Due) => void) {
    this.#reader = reader
    this.#clock = clock
    this.#observer = observer
    this.#tell = tell
  }

  /** The same events under other keys: the question was planned anew. */
  readBy(reader: EventReader): void {
    this.#reader = reader
  }

  /** The next events have been told up to a cursor already, but for what was held back. */
  skipUntil(told: string | null, from: string): void {
    this.#held.clear()
    this.#heard = from
    this.#until = told
    this.#told = told ?? from
  }

  take(event: SubgraphAnswer): void {
    const own = this.#reader.cursorOf(event)
    const before = this.#heard
    const nth = ++this.#heardNth
    if (own !== null) this.#heard = own
    const value = this.#reader.replaceable(event)
    if (this.#until !== null && own !== null) {
      this.#again({ event, own, before, nth, dueMs: -Infinity }, own, value?.key ?? null)
      return
    }
    if (value === null) {
      this.#go({ event, own, nth, key: null })
      return
    }
    const now = this.#clock.monotonicMs()
    const next = (this.#lastMs.get(value.key) ?? -Infinity) + value.everyMs
    // An event without one before it could not be held back: no cursor says what came before.
    if (next <= now || (own !== null && before === null)) {
      this.#noteTold(value.key, now)
      this.#go({ event, own, nth, key: value.key })
    } else this.#hold(value.key, { event, own, before, nth, dueMs: next })
  }

  /** What is held back is told now: nothing will come after it. */
  flush(): void {
    if (this.#until !== null) this.#toldNth = this.#heardNth
    this.#until = null
    for (const key of [...this.#held.keys()]) this.#release(key)
    this.stop()
  }

  stop(): void {
    this.#timer?.()
    this.#timer = null
  }

  /** An event that was told before, unless it was one that was held back, or tells of a gap among these. */
  #again(held: Held, own: string, key: string | null): void {
    const until = this.#until ?? own
    if (isAfter(own, until)) {
      this.#until = null
      this.#toldNth = held.nth - 1
      this.#heard = held.before
      this.#wake()
      this.take(held.event)
      return
    }
    if (this.#reader.isGap(held.event)) this.#go({ ...held, own, nth: 0, key: null })
    else if (key !== null) this.#hold(key, held)
    if (own === until) this.flush()
  }

  #hold(key: string, held: Held): void {
    if (this.#held.delete(key)) this.#observer.count('live.conflated')
    this.#held.set(key, held)
    if (this.#until === null) this.#wake()
  }

  #wake(): void {
    if (this.#timer !== null || this.#held.size === 0) return
    let first = Infinity
    for (const { dueMs } of this.#held.values()) first = Math.min(first, dueMs)
    this.#timer = this.#clock.after(Math.max(0, first - this.#clock.monotonicMs()), () => this.#releaseDue())
  }

  #releaseDue(): void {
    this.#timer = null
    const now = this.#clock.monotonicMs()
    for (const [key, { dueMs }] of [...this.#held]) if (dueMs <= now) this.#release(key)
    this.#wake()
  }

  #release(key: string): void {
    const held = this.#held.get(key)
    if (held === undefined) return
    this.#held.delete(key)
    this.#noteTold(key, this.#clock.monotonicMs())
    this.#go({ ...held, key })
  }

  #noteTold(key: string, now: number): void {
    this.#lastMs.delete(key)
    this.#lastMs.set(key, now)
    if (this.#lastMs.size <= MOST_KEYS) return
    for (const [oldest] of this.#lastMs) {
      this.#lastMs.delete(oldest)
      return
    }
  }

  #go({ event, own, nth, key }: Going): void {
    if (own === null) {
      this.#tell({ event, cursor: null, own: null, key })
      return
    }
    const isNewest = nth > this.#toldNth
    if (isNewest) {
      this.#told = own
      this.#toldNth = nth
    }
    const cursor = cursorText(this.#told ?? own, this.#oldestHeld())
    this.#tell({
      event: cursor === own ? event : this.#reader.withCursor(event, cursor),
      cursor,
      own: isNewest ? own : null,
      key,
    })
  }

  #oldestHeld(): string | null {
    for (const { own, before } of this.#held.values()) if (own !== null) return before
    return null
  }
}

import { cursorOf } from '../domain/cursor.js'
import type { Figure, Gap, LiveEvent, Logged } from '../domain/live-event.js'
import { readLog } from '../store/log.js'
import { PAGE, type Listener, type RoomFeed } from './room-feed.js'
import type { Workplace } from './workplace.js'

/** Events that wait for one viewer at most; who lags further is sent back to read the log at his own pace. */
export const WAITING_MOST = 1000

/**
 * One viewer of a room: history from the log after its cursor, then what the feed tells, in order and once. The two meet where
 * the number last read is the feed's head: both are looked at in the same turn, so nothing fits between them.
 */
export class Follower implements AsyncIterableIterator<LiveEvent>, Listener {
  readonly #on: Workplace
  readonly #feed: RoomFeed
  readonly #leave: () => void
  #waiting: LiveEvent[] = []
  /** Figures replace each other: of each kind only the newest waits. */
  readonly #figures = new Map<Figure['kind'], LiveEvent>()
  /** The last number that waits or was given; and the last that was given. */
  #queued: number
  #given: number
  #live = false
  #closed = false
  #paging: Promise<void> | null = null
  #woken: { promise: Promise<void>; wake: () => void } | null = null

  constructor(on: Workplace, feed: RoomFeed, its: { readonly after: number; readonly leave: () => void }) {
    this.#on = on
    this.#feed = feed
    this.#queued = this.#given = its.after
    this.#leave = its.leave
    feed.join(this)
  }

  tell(row: Logged): void {
    if (!this.#live || row.seq <= this.#queued) return
    if (row.seq !== this.#queued + 1 || this.#waiting.length >= WAITING_MOST) this.#fallBack()
    else this.#queue(row)
    this.#wake()
  }

  show(figure: Figure): void {
    this.#figures.set(figure.kind, { __typename: figure.kind, cursor: null, at: this.#on.clock.now(), told: figure })
    this.#wake()
  }

  /** Says first that events are missing between two numbers; the next one heard is the one after them. */
  startWithGap(gap: Gap): void {
    this.#waiting.push(this.#gapEvent(gap))
  }

  async next(): Promise<IteratorResult<LiveEvent>> {
    for (;;) {
      if (this.#closed) return { done: true, value: undefined }
      const event = this.#take()
      if (event !== null) return { done: false, value: event }
      if (this.#live) await this.#something()
      else await this.#page()
    }
  }

  return(): Promise<IteratorResult<LiveEvent>> {
    if (!this.#closed) {
      this.#closed = true
      this.#waiting = []
      this.#feed.leave(this)
      this.#leave()
      this.#wake()
    }
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #take(): LiveEvent | null {
    const event = this.#waiting.shift()
    if (event !== undefined) {
      if (event.cursor !== null) this.#given = Number(event.cursor)
      return event
    }
    for (const [kind, figure] of this.#figures) {
      this.#figures.delete(kind)
      return figure
    }
    return null
  }

  /** One page at a time, also when the next event is asked for twice at once. Who cannot read is let go: he comes back with his cursor. */
  async #page(): Promise<void> {
    this.#paging ??= this.#readPage().finally(() => (this.#paging = null))
    try {
      await this.#paging
    } catch (fault) {
      await this.return()
      throw fault
    }
  }

  async #readPage(): Promise<void> {
    const from = this.#queued
    const rows = this.#feed.recent(from, PAGE) ?? (await readLog(this.#on.db, this.#feed.room, from, PAGE))
    for (const row of rows) this.#queue(row)
    this.#live = rows.length < PAGE && this.#queued >= this.#feed.head
  }

  #queue(row: Logged): void {
    if (row.seq !== this.#queued + 1)
      this.#waiting.push(this.#gapEvent({ kind: 'Gap', from: this.#queued + 1, to: row.seq - 1 }))
    this.#queued = row.seq
    // What the room's rate leaves out has its number, so nothing is missing where it was.
    if (row.fact.kind === 'CommentPosted' && !row.fact.shown) return
    this.#waiting.push({ __typename: row.fact.kind, cursor: cursorOf(row.seq), at: row.at, told: row.fact })
  }

  #gapEvent(gap: Gap): LiveEvent {
    return { __typename: 'Gap', cursor: cursorOf(gap.to ?? this.#queued), at: this.#on.clock.now(), told: gap }
  }

  /** Memory is bounded: what waited is dropped here and read again from the log when the viewer is ready for it. */
  #fallBack(): void {
    this.#on.observer.count('rooms.follower.lagged')
    this.#live = false
    this.#waiting = []
    this.#queued = this.#given
  }

  #something(): Promise<void> {
    if (this.#woken === null) {
      let wake: () => void = () => undefined
      const promise = new Promise<void>((resolve) => (wake = resolve))
      this.#woken = { promise, wake }
    }
    return this.#woken.promise
  }

  #wake(): void {
    this.#woken?.wake()
    this.#woken = null
  }
}

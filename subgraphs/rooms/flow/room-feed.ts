import type { Close } from '../../../platform/bus/bus.js'
import type { Figure, Logged } from '../domain/live-event.js'
import { refuse } from '../../../schema/refuse.js'
import { readLog } from '../store/log.js'
import { lastSeqs } from '../store/room-rows.js'
import { channelOf, readSignal } from './signals.js'
import type { Workplace } from './workplace.js'

/** Rows read from the log at a time. */
export const PAGE = 500
/** Events of a room that memory holds at least, once there were so many, for viewers that come back; it never holds twice as many. */
const RECENT_MOST = 500

/** Whoever is told of a room by its feed. Neither call may wait. */
export interface Listener {
  tell(row: Logged): void
  show(figure: Figure): void
}

/**
 * The one reader of a room's log in this process, for all its viewers: it hears the room's channel, reads from the log what
 * a signal lacks, and gives each row on once, in the order of the numbers.
 */
export class RoomFeed {
  readonly room: string
  readonly #on: Workplace
  readonly #listeners = new Set<Listener>()
  /** The newest rows, without a hole; the last of them is the head. */
  #recent: Logged[] = []
  #head = 0
  #reading = false
  #again = false
  #deaf: Close | null = null

  private constructor(on: Workplace, room: string) {
    this.#on = on
    this.room = room
  }

  /** Hears the room from now on. Listening begins before the head is looked up, so nothing falls between the two. */
  static async open(on: Workplace, room: string): Promise<RoomFeed> {
    const feed = new RoomFeed(on, room)
    feed.#reading = true
    feed.#deaf = await on.bus.listen(channelOf(room), (body) => feed.#hear(body))
    try {
      feed.#head = await lastSeq(on, room)
    } catch (error) {
      await feed.close()
      throw error
    }
    feed.#reading = false
    if (feed.#again) await feed.catchUp()
    return feed
  }

  /** The last number that was given on. */
  get head(): number {
    return this.#head
  }

  join(listener: Listener): void {
    this.#listeners.add(listener)
  }

  leave(listener: Listener): void {
    this.#listeners.delete(listener)
  }

  /** What memory holds after a number; null when the log must be asked. */
  recent(after: number, limit: number): readonly Logged[] | null {
    if (after >= this.#head) return []
    const first = this.#recent[0]
    if (first === undefined || first.seq > after + 1) return null
    const from = after + 1 - first.seq
    return this.#recent.slice(from, from + limit)
  }

  /** Reads what the log has beyond the head; what is told meanwhile is read too before it ends. */
  async catchUp(): Promise<void> {
    this.#again = true
    if (this.#reading) return
    this.#reading = true
    try {
      while (this.#again) {
        this.#again = false
        const rows = await readLog(this.#on.db, this.room, this.#head, PAGE)
        this.#give(rows)
        this.#again ||= rows.length === PAGE
      }
    } catch (fault) {
      // Whatever it was, the next signal or the next look at the log tries again: viewers wait, nothing is lost.
      this.#on.observer.count('rooms.feed.failed')
      this.#on.observer.log('error', 'the log of a room could not be read', { room: this.room, error: fault })
    } finally {
      this.#reading = false
    }
  }

  async close(): Promise<void> {
    await this.#deaf?.()
  }

  #hear(body: string): void {
    const signal = readSignal(body)
    if (signal.kind === 'figure') {
      for (const listener of this.#listeners) listener.show(signal.figure)
      return
    }
    const fresh = signal.rows.filter((row) => row.seq > this.#head)
    const first = fresh[0]
    if (this.#reading) this.#again = true
    else if (first === undefined) this.#on.observer.count('rooms.feed.known')
    else if (first.seq === this.#head + 1) this.#give(fresh)
    else void this.catchUp()
  }

  #give(rows: readonly Logged[]): void {
    for (const row of rows) {
      // After a hole (older rows were dropped from the log) what memory held before it is of no use.
      if (row.seq !== this.#head + 1) this.#recent = []
      this.#head = row.seq
      this.#recent.push(row)
      for (const listener of this.#listeners) listener.tell(row)
    }
    if (this.#recent.length > RECENT_MOST * 2) this.#recent = this.#recent.slice(-RECENT_MOST)
  }
}

/** The last number of a room's log, from the log's own database; refuses a room that is not known. */
export async function lastSeq(on: Workplace, room: string): Promise<number> {
  const last = (await lastSeqs(on.db, [room])).get(room)
  if (last === undefined) throw refuse('NOT_FOUND', `no room is known as ${room}`)
  return last
}

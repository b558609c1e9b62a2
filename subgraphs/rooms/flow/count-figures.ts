import { batcher } from '../../../platform/batch.js'
import { repeat, type Cancel } from '../../../platform/time/clock.js'
import { memberOf, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { needLive } from '../domain/room.js'
import {
  addLikes,
  addUniqueViewers,
  findFigures,
  takeHeartbeats,
  type Figures,
  type Heartbeat,
} from '../store/figures.js'
import type { RoomRow } from '../store/tables.js'
import { signalFigure } from './signals.js'
import type { Workplace } from './workplace.js'

/** Figures are told at most this often, and audiences that nobody joined are counted again this often for those who left. */
const TELL_EVERY_MS = 1000
const RECOUNT_EVERY_MS = 5000
/** Signs of life that travel in one statement. */
const BATCH = { most: 1000, waitMs: 10, limit: 50_000 } as const
/** The most likes that one call brings. */
export const LIKES_MOST = 50

/** Likes and viewers of rooms: gathered here, stored at most once a second, told when they have changed. */
export class FigureCounter {
  readonly #on: Workplace
  readonly #likes = new Map<string, number>()
  /** Rooms with an audience, and what was last told of it; null: it has to be counted. */
  readonly #audiences = new Map<string, Pick<Figures, 'concurrent' | 'unique'> | null>()
  readonly #beats
  readonly #timers: readonly Cancel[]
  #stored: Promise<void> = Promise.resolve()

  constructor(on: Workplace) {
    this.#on = on
    this.#beats = batcher<Heartbeat, true>({
      clock: on.clock,
      observer: on.observer,
      name: 'rooms.heartbeats',
      ...BATCH,
      run: (beats) => this.#take(beats),
    })
    this.#timers = [
      repeat(on.clock, TELL_EVERY_MS, () => this.store()),
      repeat(on.clock, RECOUNT_EVERY_MS, () => this.#recountAll()),
    ]
  }

  /** Counts likes of a live room; they are stored within the second, and lost when the process dies before. */
  like(who: Identity, room: RoomRow, count: number): void {
    memberOf(who)
    needLive(room.state)
    if (!Number.isSafeInteger(count) || count < 1 || count > LIKES_MOST)
      throw refuse('BAD_USER_INPUT', `count must be a whole number from 1 to ${LIKES_MOST}, got ${count}`)
    this.#likes.set(room.id, (this.#likes.get(room.id) ?? 0) + count)
  }

  /** Takes a viewer's sign of life; his watch time is what the server saw between two of them. */
  async watch(who: Identity, room: RoomRow): Promise<void> {
    const member = memberOf(who)
    needLive(room.state)
    await this.#beats.ask({ room: room.id, member })
  }

  /** Stores what was gathered and tells what has changed; one storing after another. */
  store(): Promise<void> {
    this.#stored = this.#stored.then(() =>
      this.#guarded(async () => {
        await this.#storeLikes()
        await this.#tellAudiences()
      }),
    )
    return this.#stored
  }

  async stop(): Promise<void> {
    for (const cancel of this.#timers) cancel()
    await this.#beats.drain()
    await this.store()
  }

  async #take(beats: readonly Heartbeat[]): Promise<readonly true[]> {
    const once = new Map(beats.map((beat) => [`${beat.room} ${beat.member}`, beat]))
    await this.#on.db.transaction(async (tx) => {
      const fresh = await takeHeartbeats(tx, [...once.values()], await this.#on.time(tx))
      await addUniqueViewers(tx, fresh)
    })
    for (const { room } of beats) this.#audiences.set(room, null)
    return beats.map(() => true)
  }

  async #storeLikes(): Promise<void> {
    if (this.#likes.size === 0) return
    const added = new Map(this.#likes)
    const totals = await addLikes(this.#on.db, added)
    for (const [room, count] of added) this.#forget(room, count)
    for (const [room, likes] of totals) signalFigure(this.#on.bus, room, { kind: 'LikesCounted', likes })
  }

  /** Only what was stored leaves the memory: likes that came meanwhile, or while the database was away, wait for the next time. */
  #forget(room: string, count: number): void {
    const left = (this.#likes.get(room) ?? 0) - count
    if (left > 0) this.#likes.set(room, left)
    else this.#likes.delete(room)
  }

  async #tellAudiences(): Promise<void> {
    await this.#recount([...this.#audiences].filter(([, told]) => told === null).map(([room]) => room))
  }

  #recountAll(): Promise<void> {
    return this.#guarded(() => this.#recount([...this.#audiences.keys()]))
  }

  async #recount(rooms: readonly string[]): Promise<void> {
    if (rooms.length === 0) return
    const figures = await findFigures(this.#on.db, rooms, await this.#on.time(this.#on.db))
    rooms.forEach((room, nth) => {
      const now = figures[nth]
      const before = this.#audiences.get(room)
      if (now === undefined) return
      if (now.concurrent === 0) this.#audiences.delete(room)
      else this.#audiences.set(room, { concurrent: now.concurrent, unique: now.unique })
      if (before?.concurrent === now.concurrent && before.unique === now.unique) return
      signalFigure(this.#on.bus, room, { kind: 'ViewersCounted', concurrent: now.concurrent, unique: now.unique })
    })
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (fault) {
      // Figures are not worth a process: what could not be stored is tried again in a second.
      this.#on.observer.count('rooms.figures.failed')
      this.#on.observer.log('error', 'figures of rooms could not be stored', { error: fault })
    }
  }
}

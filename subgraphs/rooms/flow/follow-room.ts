import { repeat, type Cancel } from '../../../platform/time/clock.js'
import { seqOf } from '../domain/cursor.js'
import { lastSeqs } from '../store/room-rows.js'
import { Follower } from './follower.js'
import { lastSeq, RoomFeed } from './room-feed.js'
import type { Workplace } from './workplace.js'

/** A feed and how many follow it, or are about to. */
interface Watched {
  readonly feed: Promise<RoomFeed>
  followers: number
}

/** The rooms that somebody of this process follows, each with one feed for all its followers. */
export class FollowedRooms {
  readonly #on: Workplace
  readonly #watched = new Map<string, Watched>()
  readonly #open = new Set<Follower>()
  readonly #recheck: Cancel

  constructor(on: Workplace) {
    this.#on = on
    this.#recheck = repeat(on.clock, on.config.recheckMs, () => this.#lookAtLogs())
  }

  /** How many rooms are followed. */
  get rooms(): number {
    return this.#watched.size
  }

  /** History after the cursor, then live; without a cursor only what comes from now on. */
  async follow(room: string, after: string | null): Promise<Follower> {
    const cursor = after === null ? null : seqOf(after)
    const feed = await this.#enter(room)
    try {
      // Another process may have told of more than this feed has heard yet.
      const last = cursor !== null && cursor > feed.head ? await lastSeq(this.#on, room) : feed.head
      return this.#begin(feed, { cursor, last })
    } catch (error) {
      this.#leave(room)
      throw error
    }
  }

  /** Ends every following; nothing is heard afterwards. */
  async stop(): Promise<void> {
    this.#recheck()
    const feeds = [...this.#watched.values()].map(({ feed }) => feed)
    for (const follower of this.#open) await follower.return()
    await Promise.allSettled(feeds.map(async (feed) => (await feed).close()))
  }

  #begin(feed: RoomFeed, { cursor, last }: { cursor: number | null; last: number }): Follower {
    // A cursor beyond the log was never given out by this room: what its owner has seen is not known.
    const foreign = cursor !== null && cursor > last
    const follower: Follower = new Follower(this.#on, feed, {
      after: foreign ? last : (cursor ?? last),
      leave: () => {
        this.#open.delete(follower)
        this.#leave(feed.room)
      },
    })
    if (foreign) follower.startWithGap({ kind: 'Gap', from: null, to: null })
    this.#open.add(follower)
    this.#on.observer.gauge('rooms.followers', this.#open.size)
    return follower
  }

  #enter(room: string): Promise<RoomFeed> {
    const known = this.#watched.get(room)
    if (known !== undefined) {
      known.followers++
      return known.feed
    }
    const feed = RoomFeed.open(this.#on, room)
    this.#watched.set(room, { feed, followers: 1 })
    // A feed that could not open is forgotten, so that the next viewer tries again.
    feed.catch(() => this.#watched.delete(room))
    return feed
  }

  #leave(room: string): void {
    const known = this.#watched.get(room)
    if (known === undefined || --known.followers > 0) return
    this.#watched.delete(room)
    void known.feed.then((feed) => feed.close())
    this.#on.observer.gauge('rooms.followers', this.#open.size)
  }

  /** What no signal told is found here: one statement for all rooms that are followed. */
  async #lookAtLogs(): Promise<void> {
    try {
      const lasts = await lastSeqs(this.#on.db, [...this.#watched.keys()])
      for (const [room, { feed }] of this.#watched) {
        const opened = await feed
        if ((lasts.get(room) ?? 0) > opened.head) await opened.catchUp()
      }
    } catch (fault) {
      this.#on.observer.count('rooms.recheck.failed')
      this.#on.observer.log('error', 'the logs of followed rooms could not be looked at', { error: fault })
    }
  }
}

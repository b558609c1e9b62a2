import type { Bus, Close, Entry } from '../../../platform/bus/bus.js'
import { json } from '../../../platform/decode.js'
import type { Observer } from '../../../platform/observe/observer.js'
import type { Clock } from '../../../platform/time/clock.js'
import { CAMPAIGNS, campaignsEvent } from '../../../schema/events/campaigns.js'
import { newestOnly } from '../../host/newest-only.js'

/** At most this often a board is told anew: people cannot read faster, and the newest says all. */
const QUIET_MS = 300

/** Says that a campaign's board is no longer what it was; what it is now is read by who hears it. */
export interface BoardMoved {
  readonly campaign: string
}

/** One who watches: at most one telling waits for him, so a slow one costs nothing. */
interface Watcher {
  tell(): void
}

/** Turns the stream of scores into a few tellings per second for each campaign that somebody watches. */
export class BoardWatch {
  readonly #clock: Clock
  readonly #watchers = new Map<string, Set<Watcher>>()
  /** Campaigns that were told less than `QUIET_MS` ago, and whether they have moved since. */
  readonly #quiet = new Map<string, { moved: boolean }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Hears this process's campaigns move: from the bus, thus after their transactions have committed. */
  async follow(bus: Bus, observer: Observer): Promise<Close> {
    return bus.follow(CAMPAIGNS, await bus.last(CAMPAIGNS), (entries) => {
      for (const campaign of new Set(entries.flatMap((entry) => movedIn(entry, observer)))) this.moved(campaign)
      return Promise.resolve()
    })
  }

  /** The first move is told at once; those of the next moments together, when they are over. */
  moved(campaign: string): void {
    const quiet = this.#quiet.get(campaign)
    if (quiet !== undefined) {
      quiet.moved = true
      return
    }
    const watchers = this.#watchers.get(campaign)
    if (watchers === undefined) return
    for (const watcher of watchers) watcher.tell()
    this.#quiet.set(campaign, { moved: false })
    this.#clock.after(QUIET_MS, () => {
      const moved = this.#quiet.get(campaign)?.moved === true
      this.#quiet.delete(campaign)
      if (moved) this.moved(campaign)
    })
  }

  /** Every telling from now on, until it is closed. */
  watch(campaign: string): AsyncIterableIterator<BoardMoved> {
    const { stream, tell } = newestOnly<BoardMoved>({ campaign }, { left: () => this.#leave(campaign, watcher) })
    const watcher: Watcher = { tell }
    const watchers = this.#watchers.get(campaign) ?? new Set()
    this.#watchers.set(campaign, watchers.add(watcher))
    return stream
  }

  #leave(campaign: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(campaign)
    watchers?.delete(watcher)
    if (watchers?.size === 0) this.#watchers.delete(campaign)
  }
}

function movedIn({ body }: Entry, observer: Observer): readonly string[] {
  try {
    const event = campaignsEvent(json(body, 'event'))
    return event?.kind === 'campaigns.scoreChanged' || event?.kind === 'campaigns.campaignChanged'
      ? [event.campaign]
      : []
  } catch (error) {
    // What cannot be read tells no board; stopping here would stop all of them.
    observer.log('error', 'an event of campaigns could not be read', { error })
    return []
  }
}

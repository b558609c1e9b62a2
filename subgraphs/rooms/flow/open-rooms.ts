import { startRelay } from '../../../platform/bus/outbox.js'
import { forgetKeys } from '../../host/forget-keys.js'
import type { Ground } from '../../host/subgraph.js'
import { databaseTime, type TellTime } from '../store/database-time.js'
import type { RoomsConfig } from '../config.js'
import { closeDueDraws } from './close-draw.js'
import { FigureCounter } from './count-figures.js'
import { FollowedRooms } from './follow-room.js'
import { hearOrders } from './hear-orders.js'
import { keepLog } from './keep-log.js'
import { commentPoster, type CommentPoster } from './post-comments.js'
import { drawEntry, type DrawEntry } from './run-draws.js'
import type { Workplace } from './workplace.js'

/** What rooms need from who starts them. */
export interface RoomsSettings {
  readonly config: RoomsConfig
  /** The database's own clock where nothing else is said. */
  readonly time?: TellTime
}

/** Rooms at work: the place where deeds are done, and the parts that run beside requests. */
export interface OpenRooms {
  readonly place: Workplace
  readonly comments: CommentPoster
  readonly figures: FigureCounter
  readonly entry: DrawEntry
  readonly followed: FollowedRooms
  stop(): Promise<void>
}

/** Begins the relay, the consumer, the counters and the timers; they end in the reverse order. */
export function openRooms(ground: Ground, options: RoomsSettings): OpenRooms {
  const relay = startRelay({ ...ground, schema: 'rooms' })
  const place: Workplace = {
    ...ground,
    config: options.config,
    time: options.time ?? databaseTime,
    wake: () => relay.wake(),
  }
  const deaf = hearOrders(place)
  const figures = new FigureCounter(place)
  const timers = [
    closeDueDraws(place),
    keepLog(place),
    forgetKeys({ ...place, now: () => place.time(place.db) }, 'rooms'),
  ]
  const parts = { comments: commentPoster(place), entry: drawEntry(place), followed: new FollowedRooms(place) }
  return {
    place,
    figures,
    ...parts,
    async stop() {
      await parts.followed.stop()
      await parts.comments.drain()
      await parts.entry.drain()
      for (const cancel of timers) cancel()
      await figures.stop()
      await deaf()
      await relay.stop()
    },
  }
}

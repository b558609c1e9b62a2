import type { Bus } from '../../platform/bus/bus.js'
import { migrate } from '../../platform/db/migrate.js'
import type { Database } from '../../platform/db/database.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import { seededChance } from '../../platform/time/chance.js'
import type { Identity, Role } from '../../schema/identity.js'
import { readRoomsConfig, type RoomsConfig } from '../../subgraphs/rooms/config.js'
import type { LiveEvent } from '../../subgraphs/rooms/domain/live-event.js'
import { openRooms, type OpenRooms } from '../../subgraphs/rooms/flow/open-rooms.js'
import { goLive, scheduleRoom } from '../../subgraphs/rooms/flow/run-room.js'
import { MIGRATIONS } from '../../subgraphs/rooms/store/migrations.js'
import type { TellTime } from '../../subgraphs/rooms/store/database-time.js'
import type { RoomRow } from '../../subgraphs/rooms/store/tables.js'
import { aGround } from './ground.js'

/** Somebody with a token: `as('ada', 'host')`. */
export function as(name: string, ...roles: readonly Role[]): Identity {
  return { member: `Member:${name}`, partner: null, roles: ['member', ...roles], scopes: [], expiresAt: 4_000_000_000 }
}

/** The host of the rooms below. */
export const HOST = as('host', 'host')

/** What a test of rooms says of them; each seed is another process. */
export interface RoomsUnderTest {
  readonly db: Database
  readonly bus?: Bus
  readonly clock?: Clock
  readonly observer?: Observer
  readonly time?: TellTime
  readonly seed?: number
  readonly config?: Partial<RoomsConfig>
}

/** Rooms at work on an empty database, or on one where others are at work already. */
export async function someRooms(options: RoomsUnderTest): Promise<OpenRooms> {
  await migrate(options.db, 'rooms', MIGRATIONS)
  const { time, seed = 1 } = options
  const config = { ...readRoomsConfig({}), ...options.config }
  const ground = aGround({ ...options, chance: seededChance(seed) })
  return openRooms(ground, { config, ...(time === undefined ? {} : { time }) })
}

/** A room that is live. */
export async function aLiveRoom({ place }: OpenRooms, settings: Partial<RoomRow> = {}): Promise<RoomRow> {
  const { id } = await scheduleRoom(place, HOST, {
    title: settings.title ?? 'An evening',
    kind: 'STORE',
    host: null,
    scheduledAt: null,
    commentsPerMember: settings.comments_per_member ?? null,
    commentsPerMinute: settings.comments_per_minute ?? null,
  })
  return goLive(place, HOST, id)
}

/** The next so many events of a stream. */
export async function take(stream: AsyncIterator<LiveEvent>, count: number): Promise<readonly LiveEvent[]> {
  const taken: LiveEvent[] = []
  while (taken.length < count) {
    const event = await stream.next()
    if (event.done === true) throw new Error(`the stream ended after ${taken.length} of ${count} events`)
    taken.push(event.value)
  }
  return taken
}

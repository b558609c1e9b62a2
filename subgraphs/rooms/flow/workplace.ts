import type { Bus } from '../../../platform/bus/bus.js'
import type { Database } from '../../../platform/db/database.js'
import type { Observer } from '../../../platform/observe/observer.js'
import type { Chance } from '../../../platform/time/chance.js'
import type { Clock } from '../../../platform/time/clock.js'
import type { TellTime } from '../store/database-time.js'
import type { RoomsConfig } from '../config.js'

/** What every deed in a room stands on. */
export interface Workplace {
  readonly db: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly chance: Chance
  readonly observer: Observer
  readonly config: RoomsConfig
  /** The time that decides; see `store/database-time.ts`. */
  readonly time: TellTime
  /** Sends what the outbox holds on its way, after a commit. */
  readonly wake: () => void
}

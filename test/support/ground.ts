import type { Bus } from '../../platform/bus/bus.js'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import type { Database } from '../../platform/db/database.js'
import { silent, type Observer } from '../../platform/observe/observer.js'
import { seededChance, type Chance } from '../../platform/time/chance.js'
import { systemClock, type Clock } from '../../platform/time/clock.js'
import type { Ground } from '../../subgraphs/host/subgraph.js'

/** What a test says of its ground; the rest is chosen for it. */
export interface GroundOptions {
  readonly db: Database
  readonly clock?: Clock
  readonly bus?: Bus
  readonly chance?: Chance
  readonly observer?: Observer
  readonly databaseTime?: () => Date
}

/**
 * The ground of a subgraph under test: a bus in memory, the machine's clock and a fixed row of chances unless others are given.
 * The database's time goes with a clock that is given, unless it is given too.
 */
export function aGround(options: GroundOptions): Ground {
  const { db, clock = systemClock, bus, chance = seededChance(1), observer = silent } = options
  const databaseTime = options.databaseTime ?? (clock === systemClock ? undefined : () => clock.now())
  const ground = { db, bus: bus ?? memoryBus({ clock, observer }), clock, chance, observer }
  return databaseTime === undefined ? ground : { ...ground, databaseTime }
}

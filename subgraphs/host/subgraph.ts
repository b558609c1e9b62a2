import type { GraphQLSchema } from 'graphql'
import type { Bus } from '../../platform/bus/bus.js'
import type { Database } from '../../platform/db/database.js'
import type { Migration } from '../../platform/db/migrate.js'
import type { Door } from '../../platform/http/door.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Identity } from '../../schema/identity.js'

/** What every subgraph stands on. Only a starting file chooses the adapters. */
export interface Ground {
  readonly db: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly chance: Chance
  readonly observer: Observer
  /** What the time of the database is, where a test sets it; left out, statements ask the database itself. */
  readonly databaseTime?: () => Date
}

/** What a resolver is handed: who asks, and the loaders of this one request (made by the subgraph's `loaders`). */
export interface RequestContext<Loaders, Flow> {
  readonly who: Identity
  readonly loaders: Loaders
  readonly flow: Flow
}

/** A subgraph, described but not begun. `name` is its schema in the database, its topic on the bus and its name in the supergraph. */
export interface Subgraph {
  readonly name: string
  readonly migrations: readonly Migration[]
  /** The executable federated schema; its SDL is printed from it. */
  readonly schema: GraphQLSchema
  /** Begins what runs beside requests (consumers, timers) and gives what requests need. */
  start(ground: Ground): Promise<RunningSubgraph>
}

/** A subgraph at work on its ground. */
export interface RunningSubgraph {
  /** What resolvers are handed as their context, made anew for each request. */
  context(who: Identity): object
  readonly doors: readonly Door[]
  stop(): Promise<void>
}

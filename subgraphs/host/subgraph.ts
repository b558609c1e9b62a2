import type { GraphQLSchema } from 'graphql'
import type { Bus } from '../../platform/bus/bus.js'
import type { Database } from '../../platform/db/database.js'
import type { Migration } from '../../platform/db/migrate.js'
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
}

/** What a resolver is handed: who asks, and the loaders of this one request (made by the subgraph's `loaders`). */
export interface RequestContext<Loaders, Flow> {
  readonly who: Identity
  readonly loaders: Loaders
  readonly flow: Flow
}

/** A bare HTTP request at a door, its body unread by anyone (at most 1 MiB). Header names are in lower case. */
export interface DoorRequest {
  readonly method: string
  /** The path's named parts (`/l/:code` gives `code`), decoded. */
  readonly path: ReadonlyMap<string, string>
  readonly query: URLSearchParams
  readonly headers: ReadonlyMap<string, string>
  readonly body: Uint8Array
  /** The peer's address, as the server's trust settings see it. */
  readonly address: string
}

export interface DoorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** A subgraph's own HTTP door: a webhook, a tracked link, a partner's call. The starting file mounts it; a thrown `Failure` becomes 4xx with its code. */
export interface Door {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly answer: (request: DoorRequest) => Promise<DoorAnswer>
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

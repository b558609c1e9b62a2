import type { Engine, GraphRequest, PlannedSubscription } from '../answer.js'
import type { Group } from './group.js'
import type { LiveQuestion } from './live-question.js'
import type { Leave } from './upstream.js'

/** What a group is opened with. */
export interface Opening {
  readonly engine: Engine
  readonly planned: PlannedSubscription
  readonly request: GraphRequest
  readonly question: LiveQuestion | null
}

/** Where a group begins that goes on from a cursor, and the running group that it will join. */
export interface From {
  readonly cursor: string | null
  readonly baseKey: string | null
}

/** A group with its upstream, as the registry keeps it. */
export interface Open {
  readonly key: string
  readonly group: Group
  readonly request: GraphRequest
  readonly baseKey: string | null
  /** Sets its upstream apart from others of the same question; empty shares it. */
  readonly upstream: string
  /** The variable by which its question goes on from a cursor. */
  readonly variable: string | null
  /** Upstreams that failed since the last event. */
  failures: number
  /** The one that planned it last. */
  engine: Engine
  upstreamKey: string
  leave: Leave
}

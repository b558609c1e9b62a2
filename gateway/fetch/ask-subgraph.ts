import type { Abort } from '../../platform/abort.js'
import { Failure } from '../../platform/failure.js'
import type { Span } from '../../platform/observe/span.js'
import type { Identity } from '../../schema/identity.js'

/** On whose behalf a subgraph is asked; the same for all fetches of one request. */
export interface FetchContext {
  readonly who: Identity
  /** The `authorization` header as it came, for subgraphs that read the token themselves. */
  readonly authorization: string | null
  readonly requestId: string
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: Abort | null
  /** What else the request brought; absent when it brought nothing. */
  readonly carried?: Carried | null
}

/** What goes down with every question of a request beside the token. */
export interface Carried {
  /** Headers of the client that the settings let through, names in lower case. An answer may depend on them. */
  readonly headers: Readonly<Record<string, string>> | null
  /** By the monotonic clock: when the whole request must have its answer; Infinity is never. */
  readonly until: number
  /** Where in its trace the request stands. */
  readonly span: Span | null
}

/** One question of the plan. The document holds one operation, and only the variables that it uses are sent. */
export interface SubgraphRequest {
  readonly subgraph: string
  readonly query: string
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
  /** The same as JSON, where it was written on the way. */
  readonly variablesText?: string
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly context: FetchContext
}

/** What a subgraph answered: a stranger's word, which the engine reads with a decoder. */
export interface SubgraphAnswer {
  readonly data?: unknown
  readonly errors?: unknown
  readonly extensions?: unknown
}

/**
 * The way to the subgraphs, in process or over HTTP. A rejected `ask` costs its own fields only; a rejection that is a
 * `Failure` with one of our codes (SUBGRAPH_TIMEOUT, SUBGRAPH_TOO_LARGE, …) is told to the client with that code.
 */
export interface Subgraphs {
  /** They answer in this process, without any text in between: to ask once more costs less than to find out who asks the same. */
  readonly areWithin?: boolean
  /** Where a subgraph is reached over the network: scheme, host and port. Null is in this process, or nowhere. */
  hostOf?(subgraph: string): string | null
  /** `span` is the attempt's own, when there is a trace. */
  ask(request: SubgraphRequest, span?: Span | null): Promise<SubgraphAnswer>
  subscribe(request: SubgraphRequest): Promise<AsyncIterable<SubgraphAnswer>>
}

/** Nobody waits for the answer any more, so it is not fetched. No client is ever told. */
export function abandoned(subgraph: string): Failure {
  return new Failure(ABANDONED, `nobody waits for subgraph ${subgraph} any more`)
}

/** The code of `abandoned`. */
export const ABANDONED = 'ABANDONED'

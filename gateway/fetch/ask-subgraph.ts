import type { Identity } from '../../schema/identity.js'

/** On whose behalf a subgraph is asked; the same for all fetches of one request. */
export interface FetchContext {
  readonly who: Identity
  /** The `authorization` header as it came, for subgraphs that read the token themselves. */
  readonly authorization: string | null
  readonly requestId: string
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal | null
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
  ask(request: SubgraphRequest): Promise<SubgraphAnswer>
  subscribe(request: SubgraphRequest): Promise<AsyncIterable<SubgraphAnswer>>
}

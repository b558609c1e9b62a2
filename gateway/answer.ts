import type { DocumentNode, GraphQLSchema } from 'graphql'
import type { FetchContext, SubgraphAnswer, SubgraphRequest } from './fetch/ask-subgraph.js'

/** A client's question, whichever transport brought it. */
export interface GraphRequest {
  /** The document as the client sent it; parsed, validated and planned forms are kept under this text. */
  readonly text: string
  /** The same document, when the caller has parsed AND validated it against `Engine.schema`; it is not read twice. */
  readonly parsed?: DocumentNode
  readonly operationName: string | null
  /** As the client sent them; coerced here. */
  readonly variables: Readonly<Record<string, unknown>> | null
  readonly context: FetchContext
}

/** A whole answer, ready to be sent. */
export interface GraphAnswer {
  /** JSON text of `{ errors?, data? }`. */
  readonly body: string
  /** Null when the document could not be read as far as that. */
  readonly kind: 'query' | 'mutation' | 'subscription' | null
  /** `request`: nothing was executed and there is no `data` (an HTTP edge says 4xx); `fields`: some fields failed; `nothing`: all is well. */
  readonly failed: 'nothing' | 'fields' | 'request'
  /** The codes of the errors in the body, each once. */
  readonly codes: readonly string[]
}

/** A subscription, planned: what to ask upstream, and how an event becomes an answer. */
export interface PlannedSubscription {
  /** The question for `Subgraphs.subscribe`. Two subscriptions with equal `upstreamKey` may share one upstream. */
  readonly upstream: SubgraphRequest
  /** Subgraph, document and variables of the upstream in one text; nothing of the identity is in it. */
  readonly upstreamKey: string
  /** Operation and variables of the client in one text: equal keys (and equal authorisation) are rendered to equal bytes. */
  readonly renderKey: string
  /** The root field, by its name in the schema, with its arguments coerced. */
  readonly root: { readonly field: string; readonly arguments: Readonly<Record<string, unknown>> }
  /** One event of the upstream → the client's answer; entity fields are asked of other subgraphs on behalf of `context`. Never rejects. */
  render(event: SubgraphAnswer, context: FetchContext): Promise<GraphAnswer>
}

/** The engine of one supergraph. A new supergraph is a new engine; requests in flight end on the old one. */
export interface Engine {
  /** The public API, for validation, introspection and Apollo Server. */
  readonly schema: GraphQLSchema
  /** Queries and mutations. Never rejects: what fails is told in the body. */
  answer(request: GraphRequest): Promise<GraphAnswer>
  /** A refused subscription is an answer with `failed: 'request'`. */
  planSubscription(request: GraphRequest): PlannedSubscription | GraphAnswer
  /** What kind the operation is, without running it (a GET must not run a mutation); null when the document cannot be read. */
  kindOf(request: GraphRequest): 'query' | 'mutation' | 'subscription' | null
}

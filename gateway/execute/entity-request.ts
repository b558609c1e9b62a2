import type { FetchContext, SubgraphRequest } from '../fetch/ask-subgraph.js'
import type { FetchNode } from '../plan/plan.js'

/**
 * The question about entities. Its representations are texts already: over a wire they go out as they are, and only a way that
 * wants objects has them read.
 */
export class EntityRequest implements SubgraphRequest {
  readonly subgraph: string
  readonly query: string
  readonly operationName: string | null
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly context: FetchContext
  readonly #given: Record<string, unknown>
  readonly #texts: readonly string[]
  #variables: Readonly<Record<string, unknown>> | null = null

  constructor(fetch: FetchNode, given: Record<string, unknown>, texts: readonly string[], context: FetchContext) {
    this.subgraph = fetch.subgraph
    this.query = fetch.query
    this.operationName = fetch.operationName
    this.kind = fetch.operationKind
    this.context = context
    this.#given = given
    this.#texts = texts
  }

  get variables(): Readonly<Record<string, unknown>> {
    if (this.#variables === null) {
      this.#given['representations'] = JSON.parse(this.#list()) as unknown
      this.#variables = this.#given
    }
    return this.#variables
  }

  get variablesText(): string {
    const others = JSON.stringify({ ...this.#given, representations: undefined })
    return others === '{}'
      ? `{"representations":${this.#list()}}`
      : `${others.slice(0, -1)},"representations":${this.#list()}}`
  }

  #list(): string {
    return `[${this.#texts.join(',')}]`
  }
}

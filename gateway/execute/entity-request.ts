import type { FetchContext, SubgraphRequest } from '../fetch/ask-subgraph.js'
import type { RepresentationList } from '../merge/representation-list.js'

/** Which question it is, and for whom. */
export interface EntityQuestion {
  readonly subgraph: string
  readonly query: string
  readonly operationName: string | null
  readonly context: FetchContext
}

/**
 * The question about entities. Its representations are made in the form in which they are wanted: text for a wire, objects within
 * this process. One list of them is `$representations`; several are `$representations0`, `$representations1`, ….
 */
export class EntityRequest implements SubgraphRequest {
  readonly subgraph: string
  readonly query: string
  readonly operationName: string | null
  readonly kind = 'query'
  readonly context: FetchContext
  readonly #given: Record<string, unknown>
  readonly #lists: readonly RepresentationList[]
  #variables: Readonly<Record<string, unknown>> | null = null

  constructor(question: EntityQuestion, given: Record<string, unknown>, lists: readonly RepresentationList[]) {
    this.subgraph = question.subgraph
    this.query = question.query
    this.operationName = question.operationName
    this.context = question.context
    this.#given = given
    this.#lists = lists
  }

  get variables(): Readonly<Record<string, unknown>> {
    if (this.#variables !== null) return this.#variables
    const variables = { ...this.#given }
    for (const [at, list] of this.#lists.entries()) variables[this.#nameOf(at)] = list.objects()
    return (this.#variables = variables)
  }

  get variablesText(): string {
    const others = JSON.stringify(this.#given).slice(1, -1)
    const lists = this.#lists.map((list, at) => `"${this.#nameOf(at)}":${list.text()}`).join()
    return others === '' ? `{${lists}}` : `{${others},${lists}}`
  }

  #nameOf(at: number): string {
    return this.#lists.length === 1 ? 'representations' : `representations${at}`
  }
}

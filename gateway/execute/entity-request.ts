import type { FetchContext, SubgraphRequest } from '../fetch/ask-subgraph.js'

/** Which question it is, and for whom. */
export interface EntityQuestion {
  readonly subgraph: string
  readonly query: string
  readonly operationName: string | null
  readonly context: FetchContext
}

/**
 * The question about entities. Its representations are texts already: over a wire they go out as they are, and only a way that
 * wants objects has them read. One list of them is `$representations`; several are `$representations0`, `$representations1`, ….
 */
export class EntityRequest implements SubgraphRequest {
  readonly subgraph: string
  readonly query: string
  readonly operationName: string | null
  readonly kind = 'query'
  readonly context: FetchContext
  readonly #given: Record<string, unknown>
  readonly #lists: readonly (readonly string[])[]
  #variables: Readonly<Record<string, unknown>> | null = null

  constructor(question: EntityQuestion, given: Record<string, unknown>, lists: readonly (readonly string[])[]) {
    this.subgraph = question.subgraph
    this.query = question.query
    this.operationName = question.operationName
    this.context = question.context
    this.#given = given
    this.#lists = lists
  }

  get variables(): Readonly<Record<string, unknown>> {
    if (this.#variables === null) {
      this.#lists.forEach((texts, at) => {
        this.#given[this.#nameOf(at)] = JSON.parse(`[${texts.join(',')}]`) as unknown
      })
      this.#variables = this.#given
    }
    return this.#variables
  }

  get variablesText(): string {
    let text = ''
    for (const [at, texts] of this.#lists.entries()) text += `,"${this.#nameOf(at)}":[${texts.join(',')}]`
    const others = this.#variables === null ? JSON.stringify(this.#given).slice(1, -1) : ''
    return others === '' ? `{${text.slice(1)}}` : `{${others}${text}}`
  }

  #nameOf(at: number): string {
    return this.#lists.length === 1 ? 'representations' : `representations${at}`
  }
}

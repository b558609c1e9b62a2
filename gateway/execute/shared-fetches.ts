import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Abort } from '../../platform/abort.js'
import type { FetchContext, SubgraphAnswer, SubgraphRequest, Subgraphs } from '../fetch/ask-subgraph.js'
import { copied } from '../merge/merge-answer.js'
import { questionKey, Twins, variablesOf } from './twins.js'

/**
 * Equal questions of equal askers that are under way at the same moment are asked once, also when they belong to different queries. For
 * queries alone: what comes after a change asks for itself, since an answer on its way may not know of it.
 */
export function askedOnceInFlight(subgraphs: Subgraphs, observer: Observer): Subgraphs {
  const twins = new Twins<SubgraphAnswer>('fetches', observer)
  return {
    subscribe: (request) => subgraphs.subscribe(request),
    ask(request, span) {
      if (request.kind !== 'query') return subgraphs.ask(request, span)
      const text = variablesOf(request)
      const key = questionKey(request, text)
      const isFirst = !twins.isAsking(key)
      const ask = (nobodyWaits: Abort): Promise<SubgraphAnswer> =>
        subgraphs.ask(new OfMany(request, text, nobodyWaits), span)
      const answer = twins.join(key, ask, request.context.signal)
      // Each fills his own tree. All copies are made before the first goes on: whatever waits for one promise is called in order.
      if (isFirst) return answer.then(itself)
      return answer.then(copyOf, (error: unknown) => {
        // The first had less time left than who came later.
        if (error instanceof Failure && error.code === 'REQUEST_TIMEOUT') return subgraphs.ask(request, span)
        throw error
      })
    },
  }
}

/** A question that is given up only when all who ask it have left. */
class OfMany implements SubgraphRequest {
  readonly subgraph: string
  readonly query: string
  readonly operationName: string | null
  readonly kind: SubgraphRequest['kind']
  readonly context: FetchContext
  readonly variablesText: string
  readonly #own: SubgraphRequest

  constructor(own: SubgraphRequest, variablesText: string, signal: Abort) {
    this.subgraph = own.subgraph
    this.query = own.query
    this.operationName = own.operationName
    this.kind = own.kind
    this.context = { ...own.context, signal }
    this.variablesText = variablesText
    this.#own = own
  }

  get variables(): SubgraphRequest['variables'] {
    return this.#own.variables
  }
}

function itself<Value>(value: Value): Value {
  return value
}

function copyOf(answer: SubgraphAnswer): SubgraphAnswer {
  return { ...answer, data: copied(answer.data) }
}

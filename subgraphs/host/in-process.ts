import { Failure } from '../../platform/failure.js'
import type { Identity } from '../../schema/identity.js'
import type { HostedSubgraph, SubgraphReply } from './run.js'

/** A question to one of several subgraphs, as a gateway asks it. */
export interface RoutedQuestion {
  readonly subgraph: string
  readonly query: string
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
  readonly context: { readonly who: Identity }
}

/** The subgraphs of this process, asked without a socket and without JSON in between. It fits the gateway's port `Subgraphs`. */
export function inProcess(hosted: readonly HostedSubgraph[]): {
  readonly areWithin: true
  ask(question: RoutedQuestion): Promise<SubgraphReply>
  subscribe(question: RoutedQuestion): Promise<AsyncIterable<SubgraphReply>>
} {
  const byName = new Map(hosted.map((subgraph) => [subgraph.name, subgraph]))
  function named({ subgraph }: RoutedQuestion): HostedSubgraph {
    const found = byName.get(subgraph)
    if (found === undefined) throw new Failure('SUBGRAPH_UNAVAILABLE', `no subgraph ${subgraph} runs in this process`)
    return found
  }
  return {
    areWithin: true,
    ask: async (question) => await named(question).ask(question, question.context.who),
    subscribe: async (question) => await named(question).subscribe(question, question.context.who),
  }
}

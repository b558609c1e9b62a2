import type { SubgraphAnswer, SubgraphRequest, Subgraphs } from '../../gateway/fetch/ask-subgraph.js'

/** What a part does instead of answering, given how it would answer. */
export type Disturbance = (request: SubgraphRequest, answer: () => Promise<SubgraphAnswer>) => Promise<SubgraphAnswer>

/** Subgraphs of which one at a time can be made to fail. */
export interface Disturbed extends Subgraphs {
  disturb(subgraph: string, disturbance: Disturbance): void
  calm(): void
  /** The parts that were asked for a request's sake. */
  askedBy(requestId: string): ReadonlySet<string>
}

/** Stands in the way to the subgraphs. */
export function disturbed(subgraphs: Subgraphs): Disturbed {
  let failing: { readonly subgraph: string; readonly disturbance: Disturbance } | null = null
  const asked = new Map<string, Set<string>>()
  return {
    ask(request) {
      const { subgraph, context } = request
      asked.set(context.requestId, (asked.get(context.requestId) ?? new Set()).add(subgraph))
      if (failing?.subgraph !== subgraph) return subgraphs.ask(request)
      return failing.disturbance(request, () => subgraphs.ask(request))
    },
    subscribe: (request) => subgraphs.subscribe(request),
    disturb: (subgraph, disturbance) => (failing = { subgraph, disturbance }),
    calm: () => (failing = null),
    askedBy: (requestId) => asked.get(requestId) ?? new Set(),
  }
}

/** Nobody listens. */
export const down: Disturbance = () => Promise.reject(new Error('connect ECONNREFUSED'))

/** Somebody listens and never says anything. */
export const silence: Disturbance = () => new Promise(() => undefined)

/** Speaks, but not our language. */
export const babble: Disturbance = () => Promise.resolve('<html>' as SubgraphAnswer) // a stranger keeps to no type

/** Says nothing of what was asked. */
export const nothing: Disturbance = () => Promise.resolve({})

/** Answers with texts where things are wanted. */
export const nonsense: Disturbance = async (_request, answer) => {
  const { data } = await answer()
  return { data: spoiled(data) }
}

/** Gives one thing less than it was asked for. */
export const tooFew: Disturbance = async (_request, answer) => {
  const { data } = await answer()
  const it = { ...(data as Readonly<Record<string, unknown>>) } // our own subgraph's data is an object
  return { data: Array.isArray(it['_entities']) ? { _entities: it['_entities'].slice(1) } : spoiled(it) }
}

function spoiled(data: unknown): unknown {
  const keys = Object.entries(data ?? {})
  return Object.fromEntries(
    keys.map(([key, value]) => [key, Array.isArray(value) ? value.map(() => 'nonsense') : 'nonsense']),
  )
}

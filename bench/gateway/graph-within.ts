import { openEngine } from '../../gateway/answer.js'
import type { Engine, GraphRequest } from '../../gateway/engine.js'
import { execute } from '../../gateway/execute/execute.js'
import { JointDocuments } from '../../gateway/execute/joint-documents.js'
import { Readier } from '../../gateway/execute/readier.js'
import type { SubgraphAnswer, SubgraphRequest, Subgraphs } from '../../gateway/fetch/ask-subgraph.js'
import { Tree } from '../../gateway/merge/tree.js'
import { plannerOf } from '../../gateway/plan/planner-of.js'
import type { Shape } from '../../gateway/project/shape.js'
import { openSupergraph, type Supergraph } from '../../gateway/supergraph/supergraph.js'
import { silent } from '../../platform/observe/observer.js'
import { systemChance } from '../../platform/time/chance.js'
import { composed, inProcessSubgraphs, nobody, subgraphSchema } from '../../test/support/federated.js'
import { OPERATIONS, SUBGRAPHS } from './graph.mjs'

/** The graph of this bench, composed and answered in this process. */
export interface GraphWithin {
  readonly engine: Engine
  readonly supergraph: Supergraph
  /** The shape of an operation's answer, and the tree that its fetches have filled. */
  filled(request: GraphRequest): Promise<{ readonly shape: Shape; readonly tree: Tree }>
}

/** One of the bench's operations, as a client asks it. */
export function requestOf(operation: string): GraphRequest {
  const known = OPERATIONS[operation]
  if (known === undefined) throw new Error(`no operation ${operation}`)
  return { text: known.query, operationName: null, variables: known.variables(4), context: nobody }
}

/** Subgraphs are asked once by graphql-js and answer from memory then, so that what is measured is the engine. */
export function graphWithin(): GraphWithin {
  const parts = Object.entries(SUBGRAPHS).map(
    ([name, { typeDefs, resolvers }]) => [name, { sdl: typeDefs, resolvers }] as const,
  )
  const sdl = composed(Object.fromEntries(parts))
  const subgraphs = fromMemory(inProcessSubgraphs(new Map(parts.map(([name, part]) => [name, subgraphSchema(part)]))))
  const supergraph = openSupergraph(sdl)
  const jointDocuments = new JointDocuments(silent)
  const surroundings = { supergraph, subgraphs, observer: silent, telling: 'known', jointDocuments } as const
  const readier = new Readier({
    supergraph,
    planner: plannerOf(supergraph),
    aside: null,
    observer: silent,
    chance: systemChance,
    overrides: new Set(),
    checkCost: null,
    access: null,
    mostTokens: 1_000,
    mostSelections: 1_000,
  })
  return {
    engine: openEngine({ supergraph: sdl, subgraphs, observer: silent, sharing: false }),
    supergraph,
    async filled(request) {
      const { prepared, variables } = readier.ready(request)
      const tree = new Tree()
      const { root } = prepared.plan
      if (root !== null) await execute(root, { surroundings, tree, variables, context: request.context })
      return { shape: prepared.shape, tree }
    },
  }
}

/** Each answer is of objects of its own, as resolvers make them. */
function fromMemory(subgraphs: Subgraphs): Subgraphs {
  const known = new Map<string, SubgraphAnswer>()
  const remember = async (key: string, request: SubgraphRequest): Promise<SubgraphAnswer> => {
    const answer = await subgraphs.ask(request)
    known.set(key, answer)
    return copied(answer) as SubgraphAnswer // a copy is what it was copied from
  }
  return {
    areWithin: true,
    ask(request) {
      const key = `${request.subgraph} ${request.query} ${request.variablesText ?? JSON.stringify(request.variables)}`
      const answer = known.get(key)
      return answer === undefined ? remember(key, request) : Promise.resolve(copied(answer) as SubgraphAnswer)
    },
    subscribe: () => Promise.reject(new Error('nobody subscribes')),
  }
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied)
  if (typeof value !== 'object' || value === null) return value
  const made: Record<string, unknown> = {}
  for (const [key, one] of Object.entries(value)) made[key] = copied(one)
  return made
}

import { composeServices } from '@apollo/composition'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { createSourceEventStream, execute, graphql, parse, type ExecutionResult, type GraphQLSchema } from 'graphql'
import { silent } from '../../platform/observe/observer.js'
import { ANONYMOUS } from '../../schema/identity.js'
import { openEngine } from '../../gateway/answer.js'
import type { Engine, EngineOptions } from '../../gateway/engine.js'
import type { FetchContext, SubgraphAnswer, SubgraphRequest, Subgraphs } from '../../gateway/fetch/ask-subgraph.js'

/** A subgraph of a test: its SDL and graphql-tools style resolvers. */
export interface TestSubgraph {
  readonly sdl: string
  readonly resolvers?: Record<string, unknown>
}

/** What an asked engine gave, parsed. */
export interface TestAnswer {
  readonly data?: unknown
  readonly errors?: readonly { message: string; path?: (string | number)[]; extensions: { code: string } }[]
}

/** A federated graph of in-process subgraphs behind our engine. */
export interface Federated {
  readonly engine: Engine
  readonly supergraph: string
  readonly subgraphs: Subgraphs
  /** What was sent to the subgraphs, in order. */
  readonly sent: SubgraphRequest[]
  /** Puts another answer in the place of a subgraph's own; null gives its own back. */
  disturb(subgraph: string, answer: ((request: SubgraphRequest) => Promise<SubgraphAnswer>) | null): void
  ask(query: string, variables?: Record<string, unknown> | null, operationName?: string | null): Promise<TestAnswer>
}

export const nobody: FetchContext = { who: ANONYMOUS, authorization: null, requestId: 'test', signal: null }

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@requires", "@provides", "@external", "@extends", "@shareable", "@override", "@inaccessible", "@interfaceObject",
  "@tag", "@composeDirective", "@authenticated", "@requiresScopes", "@policy", "@context", "@fromContext", "@cost", "@listSize"
])\n`

/** Composes the subgraphs (Federation 2.9, unless their SDL links to something itself) and opens an engine over them. */
export function federated(
  parts: Readonly<Record<string, TestSubgraph>>,
  options: Partial<EngineOptions> = {},
): Federated {
  const schemas = new Map(Object.entries(parts).map(([name, part]) => [name, subgraphSchema(part)]))
  const supergraph = composed(parts)
  const sent: SubgraphRequest[] = []
  const disturbed = new Map<string, (request: SubgraphRequest) => Promise<SubgraphAnswer>>()
  const inProcess = inProcessSubgraphs(schemas)
  const subgraphs: Subgraphs = {
    ask(request) {
      sent.push(request)
      const disturbance = disturbed.get(request.subgraph)
      return disturbance ? disturbance(request) : inProcess.ask(request)
    },
    subscribe: (request) => inProcess.subscribe(request),
  }
  const engine = openEngine({ supergraph, subgraphs, observer: silent, ...options })
  return {
    engine,
    supergraph,
    subgraphs,
    sent,
    disturb(name, answer) {
      if (answer) disturbed.set(name, answer)
      else disturbed.delete(name)
    },
    async ask(text, variables = null, operationName = null) {
      const { body } = await engine.answer({ text, variables, operationName, context: nobody })
      return JSON.parse(body) as TestAnswer
    },
  }
}

/** The supergraph of the parts; throws what composition says. */
export function composed(
  parts: Readonly<Record<string, TestSubgraph>>,
  urlOf = (name: string): string => `http://${name}.test/graphql`,
): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(parts).map(([name, { sdl }]) => ({
      name,
      url: urlOf(name),
      typeDefs: parse(linked(sdl)),
    })),
  )
  if (errors) throw new Error(errors.map((error) => error.message).join('\n'))
  return supergraphSdl
}

/** A subgraph's schema with its resolvers. */
export function subgraphSchema({ sdl, resolvers = {} }: TestSubgraph): GraphQLSchema {
  // The library's own type wants every resolver typed; a test's are checked by running.
  return buildSubgraphSchema({ typeDefs: parse(linked(sdl)), resolvers: resolvers as never })
}

function linked(sdl: string): string {
  return sdl.includes('@link(') || sdl.includes('# federation 1') ? sdl : LINK + sdl
}

/** Subgraphs asked through graphql-js; what they answer has been JSON in between, as over a wire. */
export function inProcessSubgraphs(schemas: ReadonlyMap<string, GraphQLSchema>): Subgraphs {
  const schemaOf = (name: string): GraphQLSchema => {
    const schema = schemas.get(name)
    if (schema === undefined) throw new Error(`no subgraph ${name}`)
    return schema
  }
  return {
    async ask({ subgraph, query, variables, operationName }) {
      const result = await graphql({
        schema: schemaOf(subgraph),
        source: query,
        variableValues: wired(variables) as Record<string, unknown>,
        operationName,
        contextValue: {},
      })
      return wired(result) as SubgraphAnswer
    },
    async subscribe({ subgraph, query, variables, operationName }) {
      const args = {
        schema: schemaOf(subgraph),
        document: parse(query),
        variableValues: { ...variables },
        operationName,
      }
      const events = await createSourceEventStream(args)
      if (!(Symbol.asyncIterator in events)) throw new Error(JSON.stringify(events.errors))
      return answersOf(events, (rootValue) => execute({ ...args, rootValue }))
    },
  }
}

async function* answersOf(
  events: AsyncIterable<unknown>,
  answer: (event: unknown) => ExecutionResult | Promise<ExecutionResult>,
): AsyncIterable<SubgraphAnswer> {
  for await (const event of events) yield wired(await answer(event)) as SubgraphAnswer
}

function wired(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown
}

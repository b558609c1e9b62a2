import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import type { Identity } from '../../schema/identity.js'
import type { Question, Reply } from '../../schema/ask.js'
import { readReply } from '../../scripts/client/ask-shop.js'
import type { HostedSubgraph } from '../../subgraphs/host/run.js'

/** Apollo's own gateway over running subgraphs: what it answers is the measure of ours. */
export interface Apollo {
  ask(question: Question, who: Identity): Promise<Reply>
  stop(): Promise<void>
}

type Answer = Awaited<ReturnType<GraphQLDataSource['process']>>

interface Context {
  readonly who: Identity
}

/** Opens it with no socket; subgraphs' answers are JSON in between, as over a wire. */
export async function openApollo(supergraphSdl: string, hosted: readonly HostedSubgraph[]): Promise<Apollo> {
  const byName = new Map(hosted.map((subgraph) => [subgraph.name, subgraph]))
  const gateway = new ApolloGateway({ supergraphSdl, buildService: ({ name }) => source(byName.get(name)) })
  const server = new ApolloServer<Context>({ gateway, stopOnTerminationSignals: false })
  await server.start()
  return {
    async ask({ query, operationName, variables }, who) {
      const request = { query, variables: { ...variables }, ...(operationName != null && { operationName }) }
      const { body } = await server.executeOperation(request, { contextValue: { who } })
      if (body.kind !== 'single') throw new Error('Apollo answered in parts')
      return readReply(wired(body.singleResult))
    },
    stop: () => server.stop(),
  }
}

function source(subgraph: HostedSubgraph | undefined): GraphQLDataSource<Context> {
  if (subgraph === undefined) throw new Error('the supergraph names a subgraph that does not run')
  return {
    async process({ request, context }) {
      const { query = '', operationName = null, variables = {} } = request
      // Apollo asks for the schema's shape with an incoming request only; that is always one of `ask`.
      const { who } = context as Context
      return wired(await subgraph.ask({ query, operationName, variables }, who)) as Answer // of the form that Apollo's gateway reads from any server
    },
  }
}

function wired(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown
}

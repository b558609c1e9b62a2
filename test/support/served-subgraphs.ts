import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { GraphQLSchema } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import type { SubgraphAnswer } from '../../gateway/fetch/ask-subgraph.js'
import { composed, inProcessSubgraphs, nobody, subgraphSchema, type TestSubgraph } from './federated.js'

/** What a subgraph does with a request instead of answering; it may have the answer that it would give. */
export type Misbehaviour = (
  request: IncomingMessage,
  response: ServerResponse,
  answer: () => Promise<string>,
) => void | Promise<void>

/** Subgraphs that listen on real sockets, each of which can be made to misbehave. */
export interface ServedSubgraphs {
  /** Composed of them all, with their addresses. */
  readonly supergraph: string
  readonly urlOf: (name: string) => string
  /** The headers of every question, in order. */
  readonly asked: { readonly subgraph: string; readonly headers: IncomingMessage['headers'] }[]
  /** What came with every socket that was opened for subscriptions, in order. */
  readonly greeted: {
    readonly subgraph: string
    readonly headers: IncomingMessage['headers']
    readonly init: unknown
  }[]
  misbehave(name: string, how: Misbehaviour | null): void
  /** A subgraph becomes another one. */
  become(name: string, part: TestSubgraph): void
  stop(): Promise<void>
}

/** Serves each part on a free port: questions over HTTP, subscriptions over `graphql-transport-ws` at the same address. */
export async function serveSubgraphs(parts: Readonly<Record<string, TestSubgraph>>): Promise<ServedSubgraphs> {
  const schemas = new Map(Object.entries(parts).map(([name, part]) => [name, subgraphSchema(part)]))
  const inProcess = inProcessSubgraphs(schemas)
  const asked: ServedSubgraphs['asked'] = []
  const greeted: ServedSubgraphs['greeted'] = []
  const misbehaving = new Map<string, Misbehaviour>()
  const servers = await Promise.all(Object.keys(parts).map(listen))
  const urls = new Map(servers.map(({ name, url }) => [name, url]))
  const urlOf = (name: string): string => urls.get(name) ?? ''

  async function listen(name: string): Promise<{ name: string; url: string; stop: () => void }> {
    const server = createServer((request, response) => void serve(name, request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const sockets = subscriptionsOf(name, server)
    const stop = (): void => {
      for (const socket of sockets.clients) socket.terminate()
      server.close()
      server.closeAllConnections()
    }
    return { name, url: `http://127.0.0.1:${port}/graphql`, stop }
  }

  function schemaOf(name: string): GraphQLSchema {
    const schema = schemas.get(name)
    if (schema === undefined) throw new Error(`no subgraph ${name}`)
    return schema
  }

  function subscriptionsOf(name: string, server: Server): WebSocketServer {
    const sockets = new WebSocketServer({ server })
    useServer(
      {
        schema: () => schemaOf(name),
        onConnect({ connectionParams, extra }) {
          greeted.push({ subgraph: name, headers: extra.request.headers, init: connectionParams })
        },
      },
      sockets,
    )
    return sockets
  }

  async function serve(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    asked.push({ subgraph: name, headers: request.headers })
    const body = JSON.parse(await text(request)) as { query: string; variables?: object; operationName?: string }
    const answer = async (): Promise<string> => JSON.stringify(await answered(name, body))
    const how = misbehaving.get(name)
    if (how !== undefined) await how(request, response, answer)
    else response.writeHead(200, { 'content-type': 'application/json' }).end(await answer())
  }

  function answered(
    subgraph: string,
    { query, variables = {}, operationName = '' }: { query: string; variables?: object; operationName?: string },
  ): Promise<SubgraphAnswer> {
    const name = operationName === '' ? null : operationName
    const given = { ...variables }
    return inProcess.ask({ subgraph, query, variables: given, operationName: name, kind: 'query', context: nobody })
  }

  return {
    supergraph: composed(parts, urlOf),
    urlOf,
    asked,
    greeted,
    misbehave(name, how) {
      if (how === null) misbehaving.delete(name)
      else misbehaving.set(name, how)
    },
    become: (name, part) => void schemas.set(name, subgraphSchema(part)),
    stop() {
      for (const { stop } of servers) stop()
      return Promise.resolve()
    },
  }
}

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { GraphQLError, parse, type ExecutionArgs, type ExecutionResult } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Identity } from '../../schema/identity.js'
import { admitGateway, bearer, type Gate } from './admit.js'
import type { HostedSubgraph, SubgraphQuestion } from './run.js'

/** A subscription that may begin; it travels through graphql-ws in the place of an execution's context. */
interface Begun {
  readonly question: SubgraphQuestion
  readonly who: Identity
}

/**
 * The gateway's subscriptions, over graphql-transport-ws at `/graphql`. The upgrade is signed like a GET without body. The bearer is
 * named when the socket opens, and by a `subscribe` in `extensions.authorization` where one socket carries questions of several.
 */
export function openLiveSocket(
  server: Server,
  hosted: HostedSubgraph,
  options: Gate & { readonly observer: Observer },
): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1_048_576 })
  const protocol = useServer(
    {
      onSubscribe: ({ connectionParams }, _id, payload) =>
        begin(hosted, payload, { ...options, ofSocket: connectionParams?.['authorization'] }),
      // What `onSubscribe` gave comes back here.
      subscribe: ({ contextValue }) => {
        const { question, who } = contextValue as Begun
        return hosted.subscribe(question, who) as Told
      },
      execute: () => ({ errors: [new GraphQLError('only subscriptions are answered here')] }),
    },
    sockets,
  )
  server.on('upgrade', (request, socket, head) => {
    if (!admitted(request, options)) turnAway(socket)
    else sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request))
  })
  return { close: async () => await protocol.dispose() }
}

// Our replies have the shape of execution results; their errors are plain objects, as they go over the wire.
type Told = Promise<AsyncIterableIterator<ExecutionResult>>

async function begin(
  hosted: HostedSubgraph,
  { query, operationName, variables, extensions }: SubscribePayload,
  gate: Gate & { readonly ofSocket: unknown },
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  try {
    const who = await bearer(gate, extensions?.['authorization'] ?? gate.ofSocket)
    const question = { query, operationName: operationName ?? null, variables: variables ?? {} }
    const contextValue: Begun = { question, who }
    return { schema: hosted.schema, document: parse(query), contextValue }
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    if (!(error instanceof Failure)) throw error
    return [new GraphQLError(error.message, { extensions: { code: error.code } })]
  }
}

function admitted(request: IncomingMessage, gate: Gate): boolean {
  const path = request.url ?? ''
  if (path.split('?')[0] !== '/graphql') return false
  try {
    admitGateway(gate, { method: 'GET', path, body: '' }, request.headers)
    return true
  } catch (error) {
    if (error instanceof Failure) return false
    throw error
  }
}

function turnAway(socket: Duplex): void {
  socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
}

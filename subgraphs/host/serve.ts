import { fastify, type FastifyError, type FastifyInstance } from 'fastify'
import { fields, json, maybe, text, type Fields } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import { mountDoors } from '../../platform/http/mount-doors.js'
import type { Observer } from '../../platform/observe/observer.js'
import { admitGateway, bearer, type Gate } from './admit.js'
import { openLiveSocket } from './live-socket.js'
import type { HostedSubgraph, SubgraphQuestion } from './run.js'

/** The most that is read of one question: representations of a large page are in it. */
export const QUESTION_BYTES = 10_485_760

/** How a subgraph is served over HTTP. `port` 0 takes a free one. */
export interface ServeOptions extends Gate {
  readonly port: number
  readonly host?: string
  readonly observer: Observer
}

/** A subgraph on the network. */
export interface ServedSubgraph {
  /** Where the gateway reaches it, `/graphql` included. */
  readonly url: string
  /** Takes nothing new, ends what is under way, then closes the sockets; the subgraph itself is stopped by who began it. */
  stop(): Promise<void>
}

/** POST and WebSocket at `/graphql` for the gateway alone, `GET /health` for whoever watches, and the subgraph's own doors. */
export async function serveSubgraph(hosted: HostedSubgraph, options: ServeOptions): Promise<ServedSubgraph> {
  const server = fastify({ logger: false, forceCloseConnections: 'idle', bodyLimit: QUESTION_BYTES })
  server.get('/health', () => ({ alive: true, subgraph: hosted.name }))
  void server.register((scope, _options, done) => {
    mountGraph(scope, hosted, options)
    done()
  })
  mountDoors(server, hosted.doors, options.observer)
  const live = openLiveSocket(server.server, hosted, options)
  const at = await server.listen({ port: options.port, host: options.host ?? '127.0.0.1' })
  return {
    url: `${at}/graphql`,
    async stop() {
      await live.close()
      await server.close()
    },
  }
}

/** bytes -> the gateway's signature -> the bearer -> the question -> the answer. */
function mountGraph(scope: FastifyInstance, hosted: HostedSubgraph, options: ServeOptions): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body))
  scope.setErrorHandler((error: FastifyError, _request, reply) => {
    const { status, code, message } = refusalOf(error, options.observer)
    return reply.code(status).send({ errors: [{ message, extensions: { code } }] })
  })
  scope.post('/graphql', async (request) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    admitGateway(options, { method: request.method, path: request.url, body }, request.headers)
    const who = await bearer(options, request.headers.authorization)
    return await hosted.ask(question(json(body.toString(), 'body')), who)
  })
}

/** Reads a question as GraphQL over HTTP words it. */
export function question(value: unknown): SubgraphQuestion {
  const it = fields(value, 'body')
  return {
    query: text(it['query'], 'query', { most: QUESTION_BYTES }),
    operationName: maybe(it['operationName'], 'operationName', text),
    variables: maybe(it['variables'], 'variables', fields) ?? NO_VARIABLES,
  }
}

const NO_VARIABLES: Fields = {}

function refusalOf(
  error: FastifyError | Failure,
  observer: Observer,
): { status: number; code: string; message: string } {
  if (error instanceof Failure) {
    const ofWho = error.code === 'SIGNATURE_INVALID' || error.code === 'UNAUTHENTICATED'
    return { status: ofWho ? 401 : 400, code: error.code, message: error.message }
  }
  if (error.statusCode === 413)
    return { status: 413, code: 'REQUEST_TOO_LARGE', message: 'the question is over the limit' }
  if (error.statusCode !== undefined && error.statusCode < 500)
    return { status: error.statusCode, code: 'BAD_REQUEST', message: 'the request cannot be read' }
  observer.log('error', 'a question failed', { fault: error.stack ?? error.message })
  return { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'something of ours failed' }
}

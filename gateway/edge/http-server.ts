import type { ApolloServer, BaseContext } from '@apollo/server'
import { createServer, type ServerOptions } from 'node:http'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { fastify, type FastifyInstance } from 'fastify'
import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import { allowOrigins } from './cors.js'
import { failureReply } from './failure-reply.js'
import type { Handler } from './handler.js'
import { requestId } from './request-id.js'
import type { EdgeSettings } from './settings.js'
import type { Way } from './short-way.js'

/** What a server is made of. */
export interface HttpServerParts {
  readonly settings: EdgeSettings
  readonly chance: Chance
  readonly observer: Observer
}

/** Where an Apollo Server answers, and what stands before and after it. */
export interface GraphRoute<Context extends BaseContext> {
  readonly path: string
  readonly graph: Pick<Handler, 'read' | 'unpack' | 'tellCaches'>
  readonly apollo: ApolloServer<Context>
  readonly context: (request: object) => Promise<Context>
}

/** What stands before the router; null while every request goes to it. */
export interface Front {
  way: Way | null
}

/** How long a request may take to come, how long a connection may be silent, and how large a head may be. */
function httpOptions({ headMs, bodyMs }: EdgeSettings): ServerOptions {
  return {
    requestTimeout: bodyMs,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
    headersTimeout: headMs,
    connectionsCheckingInterval: Math.min(1_000, headMs / 4),
  }
}

/** The most headers of one request; Node itself would leave out the rest silently. */
const MOST_HEADERS = 100

/** The longest part of a path that a door may name; a longer one is nothing of ours. */
const MOST_PARAMETER = 1_000

/** A server with the manners that every path of ours has: bounded heads and bodies, a request id, refusals in GraphQL's form. */
export function httpServer(
  { settings, chance, observer }: HttpServerParts,
  front: Front = { way: null },
): FastifyInstance {
  const server = fastify({
    serverFactory: (longWay) =>
      createServer(httpOptions(settings), (request, response) => {
        if (front.way === null) longWay(request, response)
        else front.way(request, response, longWay)
      }),
    logger: false,
    genReqId: ({ headers }) => requestId(headers['x-request-id']) ?? chance.uuid(),
    bodyLimit: settings.limits.bodyBytes,
    trustProxy: settings.trustProxy,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MOST_PARAMETER },
    // A path that cannot be decoded is refused before any route is looked for.
    frameworkErrors: (error, request, reply) => void failureReply(error, { request, reply, observer }),
  })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body))
  allowOrigins(server, settings.origins)
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff')
    if (request.raw.rawHeaders.length > 2 * MOST_HEADERS) await reply.code(431).send()
  })
  server.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request
    const labels = { route: routeOptions.url ?? 'none', method, status: String(reply.statusCode) }
    observer.count('edge.answered', labels)
    observer.time('edge.took', reply.elapsedTime / 1000, { route: labels.route })
    observer.log('info', 'answered', { requestId: request.id, ...labels, ms: Math.round(reply.elapsedTime) })
    done()
  })
  server.setErrorHandler((error, request, reply) => failureReply(error, { request, reply, observer }))
  server.setNotFoundHandler((request, reply) =>
    failureReply(new Failure('NOT_FOUND', 'there is nothing at this path'), { request, reply, observer }),
  )
  return server
}

/** GET and POST of a path -> what is ours to check -> Apollo Server. */
export function mountGraph<Context extends BaseContext>(
  server: FastifyInstance,
  { path, graph, apollo, context }: GraphRoute<Context>,
): void {
  server.route({
    method: ['GET', 'POST'],
    url: path,
    preParsing: graph.unpack,
    preHandler: graph.read,
    onSend: graph.tellCaches,
    handler: fastifyApolloHandler(apollo, { context }),
  })
}

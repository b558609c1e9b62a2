import { Failure } from '../../platform/failure.js'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { fastify, type FastifyInstance } from 'fastify'
import type { Door } from '../../platform/http/door.js'
import { mountDoors } from '../../platform/http/mount-doors.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Groups } from '../live/groups.js'
import { openApollo } from './apollo.js'
import { readBearer, type Verify } from './bearer.js'
import { compressAnswers } from './compress.js'
import { allowOrigins } from './cors.js'
import { drainOf } from './drain.js'
import type { Engines } from './engines.js'
import { failureReply } from './failure-reply.js'
import { mountGraphiql } from './graphiql.js'
import { graphHandler } from './handler.js'
import { overload } from './overload.js'
import { mountStatus, type MetricsPage } from './status.js'
import type { EdgeSettings } from './settings.js'
import type { TrustedDocuments } from './trusted-documents.js'
import { operationReader } from './operation-reader.js'
import { mountSingleConnection } from './stream/single-connection.js'
import { openStreams } from './stream/open-streams.js'
import { openSockets } from './socket/open-sockets.js'

/** What the edge is built of; everything behind it is handed in. */
export interface EdgeParts {
  readonly engines: Engines
  readonly groups: Groups
  /** Null leaves tokens to the subgraphs. */
  readonly verify: Verify | null
  readonly doors: readonly Door[]
  readonly documents: TrustedDocuments
  readonly metrics: MetricsPage | null
  readonly settings: EdgeSettings
  readonly clock: Clock
  readonly chance: Chance
  readonly observer: Observer
}

/** The open edge. */
export interface Edge {
  readonly url: string
  /** Not ready any more, no new requests; those under way end, sockets are told to go elsewhere; then everything is closed. */
  stop(): Promise<void>
}

/** The most headers of one request; Node itself would leave out the rest silently. */
const MOST_HEADERS = 100

/** Opens `/graphql` (POST, GET, WebSocket), the pages of state, and the doors. */
export async function openEdge(parts: EdgeParts): Promise<Edge> {
  const { settings, clock, observer, engines } = parts
  const server = makeServer(parts)
  const bearer = readBearer(parts.verify, clock)
  const guard = overload(settings.overload, parts)
  const apollo = await openApollo({ engines, settings, overload: guard, observer })
  const operations = { ...parts, overload: guard, readOperation: operationReader(settings, parts.documents) }
  const streams = openStreams({ ...operations, pingMs: settings.sockets.pingMs })
  const reading = { settings, documents: parts.documents }
  const graph = graphHandler(bearer, reading, streams)
  const single = mountSingleConnection(server, {
    ...operations,
    bearer,
    reading,
    pingMs: settings.sockets.pingMs,
    mostOperations: settings.sockets.mostOperations,
  })
  const drain = drainOf(server.server)
  const status = mountStatus(server, parts.metrics)
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    preHandler: graph.read,
    onSend: graph.tellCaches,
    handler: fastifyApolloHandler(apollo, { context: graph.asked }),
  })
  if (settings.graphiql) mountGraphiql(server)
  if (settings.compressBytes > 0) compressAnswers(server, settings.compressBytes)
  mountDoors(server, parts.doors, observer)
  const sockets = openSockets(server.server, { ...operations, bearer })
  const url = await server.listen({ host: settings.host, port: settings.port })
  status.serving(true)
  return {
    url,
    async stop() {
      status.serving(false)
      sockets.close()
      streams.close()
      single.close()
      const keepWaiting = clock.after(settings.drainMs, () => {
        server.server.closeAllConnections()
        sockets.cut()
      })
      const closed = server.close()
      drain.begin()
      await closed
      keepWaiting()
      await apollo.stop()
      guard.stop()
    },
  }
}

/** The longest part of a path that a door may name; a longer one is nothing of ours. */
const MOST_PARAMETER = 1_000

function makeServer({ settings, chance, observer }: EdgeParts): FastifyInstance {
  const server = fastify({
    logger: false,
    genReqId: ({ headers }) => requestId(headers['x-request-id']) ?? chance.uuid(),
    bodyLimit: settings.limits.bodyBytes,
    trustProxy: settings.trustProxy,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MOST_PARAMETER },
    // A path that cannot be decoded is refused before any route is looked for.
    frameworkErrors: (error, request, reply) => void failureReply(error, { request, reply, observer }),
    http: { maxHeaderSize: 16_384, headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
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

/** A request id that a caller sent, when it is harmless. */
function requestId(sent: string | string[] | undefined): string | null {
  return typeof sent === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(sent) ? sent : null
}

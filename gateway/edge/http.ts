import type { Door } from '../../platform/http/door.js'
import { mountDoors } from '../../platform/http/mount-doors.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Tracer } from '../../platform/observe/tracer.js'
import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'
import type { Turnstile } from '../execute/turnstile.js'
import type { Subgraphs } from '../fetch/ask-subgraph.js'
import type { Groups } from '../live/groups.js'
import { openApollo } from './apollo.js'
import { allowance } from './allowance.js'
import { readBearer, type Verify } from './bearer.js'
import { carry } from './carried.js'
import { compressAnswers } from './compress.js'
import { drainOf } from './drain.js'
import type { Engines } from './engines.js'
import { KnownDocuments } from './known-documents.js'
import { mountGraphiql } from './graphiql.js'
import { httpServer, mountGraph, type Front } from './http-server.js'
import { farewellWithin } from './farewell.js'
import { graphHandler } from './handler.js'
import { idempotency } from './idempotency.js'
import { shortWay } from './short-way.js'
import { overload } from './overload.js'
import { foresight } from './foresight.js'
import { largeDocuments } from './large-documents.js'
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
  /** Where quotas are counted. */
  readonly subgraphs: Pick<Subgraphs, 'ask'>
  /** Null leaves tokens to the subgraphs. */
  readonly verify: Verify | null
  readonly doors: readonly Door[]
  readonly documents: TrustedDocuments
  /** Headers of a client that go down to some subgraph. */
  readonly passed: readonly string[]
  /** Null where nobody traces. */
  readonly tracer: Tracer | null
  readonly metrics: MetricsPage | null
  readonly settings: EdgeSettings
  readonly turnstile: Pick<Turnstile, 'isFull'>
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

/**
 * Connections that the kernel holds until we accept them. A crowd that finds no room waits for its own repetitions, up to a minute: with
 * Node's 511, 10,000 at once were not served within 84 s, and with these within 5 (soak:live).
 */
const BACKLOG = 4_096

/** Opens `/graphql` (POST, GET, WebSocket), the pages of state, and the doors. */
export async function openEdge(parts: EdgeParts): Promise<Edge> {
  const { settings, clock, observer, engines } = parts
  const front: Front = { way: null }
  const server = httpServer(parts, front)
  const known = new KnownDocuments(observer)
  const bearer = readBearer(parts.verify, clock)
  const carried = carry({ names: parts.passed, requestMs: settings.requestMs, tracer: parts.tracer }, clock)
  const guard = overload(settings.overload, { ...parts, isFull: () => parts.turnstile.isFull })
  const allowed = allowance(settings.quotas, parts)
  const large = largeDocuments(settings.limits, { known, observer })
  const apollo = await openApollo({
    ...{
      engines,
      known,
      large,
      settings,
      overload: guard,
      allowance: allowed,
      traced: parts.tracer !== null,
      observer,
    },
    idempotency: idempotency({ clock, observer }),
  })
  const operations = {
    ...parts,
    overload: guard,
    allowance: allowed,
    carry: carried,
    readOperation: operationReader(settings, { trusted: parts.documents, known, large, observer }),
    foresight: foresight({ engines, known, large }),
  }
  const farewell = farewellWithin(settings.farewellMs, parts)
  const streams = openStreams({ ...operations, pingMs: settings.sockets.pingMs })
  const checkLarge = (text: string): void => large.check(engines.now, text)
  const reading = { settings, documents: parts.documents, checkLarge }
  const graph = graphHandler({
    ...operations,
    bearer,
    reading,
    streams,
    refusalOf: (text) => large.refused(engines.now, text),
  })
  const single = mountSingleConnection(server, {
    ...operations,
    bearer,
    reading,
    pingMs: settings.sockets.pingMs,
    mostOperations: settings.sockets.mostOperations,
    mostBacklog: settings.sockets.mostBacklog,
  })
  const drain = drainOf(server.server)
  const status = mountStatus(server, parts.metrics)
  mountGraph(server, { path: '/graphql', graph, apollo, context: graph.asked })
  if (settings.graphiql) mountGraphiql(server)
  if (settings.compressBytes > 0) compressAnswers(server, settings.compressBytes)
  mountDoors(server, parts.doors, observer)
  const sockets = openSockets(server.server, { ...operations, bearer }, farewell)
  // Who traces wants every stage told, which only the long way does.
  if (parts.tracer === null) front.way = shortWay({ ...parts, known, bearer, carry: carried, overload: guard })
  const url = await server.listen({ host: settings.host, port: settings.port, backlog: BACKLOG })
  status.serving(true)
  return {
    url,
    async stop() {
      status.serving(false)
      front.way = null
      sockets.close()
      streams.close(farewell)
      single.close(farewell)
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

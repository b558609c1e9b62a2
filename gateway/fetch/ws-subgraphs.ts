import { createClient, type Client } from 'graphql-ws'
import WebSocket from 'ws'
import { signRequest } from '../../platform/http/sign-request.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Chance } from '../../platform/time/chance.js'
import type { Clock } from '../../platform/time/clock.js'
import type { SubgraphAnswer, SubgraphRequest } from './ask-subgraph.js'
import { backOff, type BackOff } from './back-off.js'
import { channel, type Channel } from './channel.js'
import { ONLY_THE_TOKEN, type HeaderRules } from './header-rules.js'
import { isAnswer, malformed, unavailable } from './read-answer.js'
import { SocketWatch } from './socket-watch.js'
import { SubscriptionRefused } from './subscription-refused.js'

/** How subscriptions of subgraphs are reached: `graphql-transport-ws`, one socket per subgraph and identity. */
export interface WsSubgraphsOptions {
  readonly urlOf: (subgraph: string) => string | undefined
  readonly key: Uint8Array | null
  /** What goes down of the client's headers; by itself, the token only. */
  readonly headers?: HeaderRules
  /** The most that one message may hold. */
  readonly mostBytes: number
  /** The most events that wait for us before the subscription is given up. */
  readonly mostWaiting: number
  readonly clock: Clock
  readonly chance: Chance
  readonly observer: Observer
}

/** Subscriptions to subgraphs over sockets. */
export interface WsSubgraphs {
  subscribe(request: SubgraphRequest): Promise<AsyncIterable<SubgraphAnswer>>
  /** How many sockets are open. */
  readonly sockets: number
  stop(): Promise<void>
}

/**
 * A socket that drops, is closed or falls silent is an error on its own subscriptions and nothing else: whether events were missed is
 * not for this room to guess. The next subscription opens a new one, after a rest when the subgraph keeps failing.
 */
export function wsSubgraphs(options: WsSubgraphsOptions): WsSubgraphs {
  const clients = new Map<string, Client>()
  const rests = backOff(options.clock, options.chance)
  const clientFor = (request: SubgraphRequest, url: string): Client => {
    const headers = (options.headers ?? ONLY_THE_TOKEN).of(request.subgraph, request.context)
    const key = JSON.stringify([request.subgraph, url, headers])
    const known = clients.get(key)
    if (known !== undefined) return known
    const forget = (): void => {
      if (clients.get(key) === fresh) clients.delete(key)
    }
    const fresh = openClient(url, request, { options, rests, headers, forget })
    clients.set(key, fresh)
    return fresh
  }
  return {
    get sockets() {
      return clients.size
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- a refusal is a rejected promise, never a throw
    async subscribe(request) {
      const url = options.urlOf(request.subgraph)
      if (url === undefined) throw unavailable(request.subgraph, 'has no address')
      if (rests.rests(request.subgraph)) throw unavailable(request.subgraph, 'failed a moment ago')
      return listen(clientFor(request, url), request, options)
    },
    async stop() {
      await Promise.allSettled([...clients.values()].map(async (client) => await client.dispose()))
    },
  }
}

interface ClientParts {
  readonly options: WsSubgraphsOptions
  readonly rests: BackOff
  /** What the client brought; all who bring the same share a socket. */
  readonly headers: Readonly<Record<string, string>>
  /** Nobody who comes from now on is given this client: its socket closes. */
  readonly forget: () => void
}

function openClient(url: string, request: SubgraphRequest, { options, rests, headers, forget }: ClientParts): Client {
  const { authorization } = headers
  const watch = new SocketWatch(options.clock)
  let acknowledged = false
  const brought = { 'x-request-id': request.context.requestId, ...headers }
  return createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: socketClass(options, brought, forget),
    connectionParams: authorization === undefined ? {} : { authorization },
    lazyCloseTimeout: 100,
    retryAttempts: 0,
    on: {
      opened: (socket) => watch.opened(socket as WebSocket), // of our own class
      message: () => watch.heard(),
      connected(socket) {
        acknowledged = true
        watch.acknowledged(socket as WebSocket)
        rests.succeeded(request.subgraph)
      },
      closed(event) {
        watch.closed()
        forget()
        if (!acknowledged || !isOrderly(event)) rests.failed(request.subgraph)
        options.observer.count('fetch.socketClosed', { subgraph: request.subgraph })
      },
    },
  })
}

/** graphql-ws makes its sockets itself; ours bear the headers and the bounds that a socket to a subgraph needs. `closes` hears of a close as it begins. */
function socketClass(
  options: WsSubgraphsOptions,
  headers: Record<string, string>,
  closes: () => void,
): new (address: string) => WebSocket {
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      const { pathname, search } = new URL(address)
      const signed = options.key && { method: 'GET', path: pathname + search, body: '' }
      super(address, protocols, {
        headers: { ...headers, ...(options.key && signed && signRequest(options.key, signed, options.clock.now())) },
        maxPayload: options.mostBytes,
        perMessageDeflate: false,
        handshakeTimeout: 5_000,
        followRedirects: false,
      })
    }

    override close(code?: number, reason?: string | Buffer): void {
      closes()
      super.close(code, reason)
    }
  }
}

function listen(client: Client, request: SubgraphRequest, options: WsSubgraphsOptions): Channel<SubgraphAnswer> {
  const { subgraph, context } = request
  const events = channel<SubgraphAnswer>(options.mostWaiting, () => {
    unheard()
    leave()
    context.signal?.removeEventListener('abort', end)
  })
  const end = (): void => events.end()
  const closed = (event: unknown): void => events.fail(unavailable(subgraph, 'closed its socket', event))
  // After a close with 1000 graphql-ws would ask again by itself, from where we began and not from where we are.
  const unheard = client.on('closed', closed)
  const leave = client.subscribe(
    {
      query: request.query,
      variables: { ...request.variables },
      operationName: request.operationName,
      // A socket serves many traces, so each question says itself where it stands.
      ...(context.carried?.span && { extensions: { ...context.carried.span.headers } }),
    },
    {
      next(event) {
        if (!isAnswer(event)) events.fail(malformed(subgraph))
        else if (!events.push(event)) events.fail(unavailable(subgraph, 'tells more than can be heard'))
      },
      error: (error) => events.fail(told(subgraph, error)),
      complete: end,
    },
  )
  context.signal?.addEventListener('abort', end)
  return events
}

function isOrderly(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'code' in event && event.code === 1000
}

/** An `error` message carries the subgraph's own refusals; anything else is the socket's end. */
function told(subgraph: string, error: unknown): Error {
  if (!Array.isArray(error)) return unavailable(subgraph, 'closed its socket', error)
  return new SubscriptionRefused(subgraph, error)
}

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deferred } from '../../platform/deferred.js'
import { openTracing, type Tracing } from '../../platform/observe/otlp.js'
import { serveGateway, type ServedGateway } from '../support/served-gateway.js'
import { serveSubgraphs, type ServedSubgraphs } from '../support/served-subgraphs.js'
import { TRANSPORTS } from './transports.js'

const shop = {
  sdl: 'type Query { shop: Shop } type Shop @key(fields: "id") { id: ID! name: String }',
  resolvers: { Query: { shop: () => ({ id: '1', name: 's' }) } },
}
const stock = {
  sdl: 'type Shop @key(fields: "id") { id: ID! left: Int }',
  resolvers: { Shop: { __resolveReference: ({ id }: { id: string }) => ({ id, left: 3 }) } },
}

/** A span as OTLP/HTTP writes it in JSON. */
interface ToldSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly status: { readonly code?: number; readonly message?: string }
}

/** A collector that understands OTLP/HTTP in JSON. */
let collector: Server
let told: ToldSpan[]
let served: ServedSubgraphs
let gateway: ServedGateway
let tracing: Tracing | null
beforeEach(async () => {
  told = []
  collector = createServer((request, response) => {
    void text(request).then((body) => {
      const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: ToldSpan[] }[] }[] }
      told.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  served = await serveSubgraphs({ shop, stock })
})
afterEach(async () => {
  await gateway.stop()
  await served.stop()
  collector.close()
})

async function traced(): Promise<void> {
  const { port } = collector.address() as AddressInfo
  tracing = await openTracing({ url: `http://127.0.0.1:${port}/v1/traces`, percent: 100, part: 'test' })
  gateway = await serveGateway(served, { batch: 1, fetch: { retry: { percent: 0 } } }, { tracer: tracing.tracer })
}

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, tracestate: 'shop=1' }
const named = (name: string): ToldSpan[] => told.filter((span) => span.name === name)

describe('a trace', () => {
  it('has a span for each stage and each fetch, and goes on to the subgraphs', async () => {
    await traced()
    await gateway.ask('query Q { shop { name left } }', CALLER)
    await gateway.stop()
    await tracing?.stop()
    const [request] = named('graphql.request')
    expect([request?.traceId, request?.parentSpanId]).toEqual([TRACE, 'b7ad6b7169203331'])
    for (const stage of ['read', 'validate', 'plan', 'execute', 'write'])
      expect(named(`graphql.${stage}`).map(({ parentSpanId }) => parentSpanId)).toEqual([request?.spanId])
    const [execute] = named('graphql.execute')
    const fetches = named('graphql.fetch')
    expect(fetches.map(({ parentSpanId }) => parentSpanId)).toEqual([execute?.spanId, execute?.spanId])
    expect(served.asked.map(({ headers }) => [headers['traceparent'], headers['tracestate']])).toEqual(
      fetches.map(({ spanId }) => [`00-${TRACE}-${spanId}-01`, 'shop=1']),
    )
  })

  it.each(Object.entries(TRANSPORTS))('has all of them over %s too', async (name, ask) => {
    await traced()
    const post = (body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
    const { data } = await ask({ url: gateway.url, post }, '{ shop { name left } }')
    expect(data).toEqual({ shop: { name: 's', left: 3 } })
    await gateway.stop()
    await tracing?.stop()
    const [execute] = named('graphql.execute')
    const request = told.find(({ spanId }) => spanId === execute?.parentSpanId)
    expect(request?.name).toBe('graphql.request')
    const stages = ['read', 'validate', 'plan', 'execute', ...(name.includes('@defer') ? [] : ['write'])]
    for (const stage of stages)
      expect(named(`graphql.${stage}`).map(({ parentSpanId }) => parentSpanId)).toContain(request?.spanId)
    const parents = named('graphql.fetch').map(({ parentSpanId }) => parentSpanId)
    // What is persisted has been asked once before, by its text.
    expect(parents).toEqual(named('graphql.execute').flatMap(({ spanId }) => [spanId, spanId]))
  })

  it('tells which fetch failed, and by which code', async () => {
    await traced()
    served.misbehave('stock', (request) => void request.socket.destroy())
    await gateway.ask('{ shop { left } }')
    await gateway.stop()
    await tracing?.stop()
    expect(named('graphql.fetch').map(({ status }) => status.message)).toEqual([undefined, 'SUBGRAPH_UNAVAILABLE'])
    expect(new Set(told.map(({ traceId }) => traceId)).size).toBe(1)
  })

  it('says of an answer in parts that its reader went away before the last', async () => {
    await traced()
    const fetchBegun = deferred<unknown>()
    const readerGone = deferred<unknown>()
    served.misbehave('stock', (request) => {
      fetchBegun.resolve(null)
      request.socket.once('close', readerGone.resolve) // its fetches are given up with it
    })
    const leaving = new AbortController()
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed;deferSpec=20220824' },
      body: JSON.stringify({ query: '{ shop { name ... @defer { left } } }' }),
      signal: leaving.signal,
    })
    expect(response.status).toBe(200)
    await fetchBegun.promise
    leaving.abort()
    await readerGone.promise
    await gateway.stop()
    await tracing?.stop()
    expect(named('graphql.execute').map(({ status }) => status.message)).toEqual(['ABANDONED'])
  })

  it('goes through as it came where nobody traces', async () => {
    gateway = await serveGateway(served)
    await gateway.ask('{ shop { name } }', CALLER)
    await gateway.ask('{ shop { id name } }', { traceparent: 'nonsense' })
    expect(served.asked.map(({ headers }) => [headers['traceparent'], headers['tracestate']])).toEqual([
      [CALLER.traceparent, CALLER.tracestate],
      [undefined, undefined],
    ])
  })
})

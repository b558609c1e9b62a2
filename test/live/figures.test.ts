import { afterEach, describe, expect, it } from 'vitest'
import { deferred } from '../../platform/deferred.js'
import { observe, type ProcessObserver } from '../../platform/observe/observe.js'
import { serveGateway, type ServedGateway } from '../support/served-gateway.js'
import { serveSubgraphs, type ServedSubgraphs } from '../support/served-subgraphs.js'
import { until } from '../support/until.js'

const PARTS = {
  shop: {
    sdl: 'type Query { shop: Shop } type Shop @key(fields: "id") { id: ID! name: String }',
    resolvers: { Query: { shop: () => ({ id: '1', name: 's' }) } },
  },
  stock: {
    sdl: 'type Shop @key(fields: "id") { id: ID! left: Int }',
    resolvers: { Shop: { __resolveReference: ({ id }: { id: string }) => ({ id, left: 3 }) } },
  },
}
const ALL = 'query All { shop { name left } }'
let observer: ProcessObserver
let served: ServedSubgraphs
let gateway: ServedGateway

async function opened(config: Readonly<Record<string, unknown>> = {}): Promise<void> {
  observer = observe({ level: 'silent', part: 'test' })
  served = await serveSubgraphs(PARTS)
  gateway = await serveGateway(served, config, { observer, metrics: observer.metrics.page })
}
afterEach(async () => {
  await gateway.stop()
  await served.stop()
})

/** A figure on the page; null when it is not there. */
async function figure(name: string): Promise<number | null> {
  const lines = (await (await fetch(`${gateway.url}/metrics`)).text()).split('\n')
  const line = lines.find((one) => one.startsWith(`daihuo_${name} `))
  return line === undefined ? null : Number(line.split(' ').at(-1))
}

describe('the page of figures', () => {
  it('has how long operations and each subgraph took, as histograms', async () => {
    await opened()
    for (let at = 0; at < 3; at++) await gateway.ask(ALL)
    const page = await (await fetch(`${gateway.url}/metrics`)).text()
    for (const [name, label] of [
      ['operation_took_seconds', 'operation="All"'],
      ['fetch_took_seconds', 'subgraph="shop"'],
      ['fetch_took_seconds', 'subgraph="stock"'],
    ] as const) {
      expect(page).toContain(`# TYPE daihuo_${name} histogram`)
      expect(
        (await figure(`${name}_bucket{${label},le="+Inf"}`)) ?? (await figure(`${name}_bucket{le="+Inf",${label}}`)),
      ).toBe(3)
      expect(await figure(`${name}_count{${label}}`)).toBe(3)
      expect(await figure(`${name}_sum{${label}}`)).toBeGreaterThan(0)
    }
  })

  it('counts who shared an answer', async () => {
    await opened()
    const told = deferred<undefined>()
    served.misbehave('shop', async (_request, response, answer) => {
      await told.promise
      response.writeHead(200, { 'content-type': 'application/json' }).end(await answer())
    })
    const asking = [1, 2, 3].map(() => gateway.ask(ALL))
    await until(async () => (await figure('cache_hit_total{cache="answers"}')) === 2)
    told.resolve(undefined)
    await Promise.all(asking)
    expect(await figure('cache_miss_total{cache="answers"}')).toBe(1)
    expect(served.asked.map(({ subgraph }) => subgraph)).toEqual(['shop', 'stock'])
  })

  it('counts what was asked once more, what broke, and who was not asked then', async () => {
    const breaker = { failures: 4, windowMs: 60_000, restMs: 60_000 }
    await opened({ fetch: { breaker, retry: { percent: 100, waitMs: 0 } } })
    served.misbehave('stock', ({ socket }) => void socket.destroy())
    for (let at = 0; at < 10; at++) await gateway.ask(ALL)
    expect(await figure('fetch_broken_total{subgraph="stock"}')).toBe(1)
    expect(await figure('fetch_repeated_total{subgraph="stock"}')).toBe(4)
    expect(await figure('fetch_refused_total{subgraph="stock",reason="broken"}')).toBe(6)
    expect(served.asked.filter(({ subgraph }) => subgraph === 'stock')).toHaveLength(8)
    expect(await figure('fetch_broken_total{subgraph="shop"}')).toBeNull()
  })

  it('counts what there was no room for', async () => {
    await opened({ turnstile: { places: 1, mostWaiting: 0 } })
    expect((await gateway.ask(ALL)).errors?.[0]?.extensions.code).toBe('BUSY')
    expect(await figure('edge_shed_total{kind="other"}')).toBe(1)
  })
})

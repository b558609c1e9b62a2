import { IntrospectAndCompose, LocalCompose } from '@apollo/gateway'
import { parse } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { openAside } from '../../gateway/aside/aside.js'
import { gatewayConfig } from '../../gateway/config.js'
import { networkSubgraphs, type NetworkSubgraphs } from '../../gateway/fetch/network-subgraphs.js'
import { openGateway, type Gateway } from '../../gateway/gateway.js'
import { readJoins } from '../../gateway/supergraph/joins.js'
import type { SupergraphManager } from '../../gateway/supergraph/managed-supergraph.js'
import { seededChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { counting, type Counting } from '../support/counting.js'
import { composed, type TestSubgraph } from '../support/federated.js'
import { serveSubgraphs, type ServedSubgraphs } from '../support/served-subgraphs.js'
import { stock, stockAndMore } from '../support/growing-shop.js'
import { until } from '../support/until.js'
import { openUplink, type Uplink } from './uplink.js'

const shop: TestSubgraph = {
  sdl: 'type Query { shop: Shop } type Shop @key(fields: "id") { id: ID! name: String }',
  resolvers: { Query: { shop: () => ({ id: '1', name: 's' }) } },
}

let served: ServedSubgraphs
let subgraphs: NetworkSubgraphs
let gateway: Gateway
let observer: Counting
let uplink: Uplink | null = null
afterEach(async () => {
  await gateway.stop()
  await uplink?.stop()
  uplink = null
  await subgraphs.stop()
  await served.stop()
})

async function opened(managerOf: (of: ServedSubgraphs) => SupergraphManager): Promise<void> {
  served = await serveSubgraphs({ shop, stock })
  observer = counting()
  let addresses: ReadonlyMap<string, string> = new Map()
  const parts = { clock: systemClock, chance: seededChance(1), observer }
  const bounds = { key: null, timeoutMs: () => 5_000, mostBytes: 100_000, mostWaiting: 10 }
  subgraphs = networkSubgraphs({ ...bounds, ...parts, urlOf: (name) => addresses.get(name) })
  gateway = await openGateway({
    supergraph: managerOf(served),
    served: (text) => (addresses = readJoins(text).subgraphs),
    subgraphs,
    verify: null,
    config: gatewayConfig('open', { port: 0 }),
    openAside,
    ...parts,
  })
}

async function ask(query: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
  return await response.json()
}

const listed = ({ urlOf }: ServedSubgraphs): { name: string; url: string }[] =>
  ['shop', 'stock'].map((name) => ({ name, url: urlOf(name) }))

describe('a supergraph', () => {
  it('is found by IntrospectAndCompose, and its successor too', async () => {
    await opened(
      (of) => new IntrospectAndCompose({ subgraphs: listed(of), pollIntervalInMs: 20, subgraphHealthCheck: true }),
    )
    expect(await ask('{ shop { name left } }')).toEqual({ data: { shop: { name: 's', left: 3 } } })
    served.become('stock', stockAndMore)
    await until(() => observer.counted('gateway.updated') === 1)
    expect(await ask('{ shop { more } }')).toEqual({ data: { shop: { more: 4 } } })
  })

  it('is composed by LocalCompose', async () => {
    await opened(
      (of) =>
        new LocalCompose({
          localServiceList: listed(of).map((one) => ({
            ...one,
            typeDefs: parse(
              `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) ${(one.name === 'shop' ? shop : stock).sdl}`,
            ),
          })),
        }),
    )
    expect(await ask('{ shop { left } }')).toEqual({ data: { shop: { left: 3 } } })
  })

  it('is found by UplinkSupergraphManager, and its successor too', async () => {
    const there = (uplink = await openUplink())
    await opened((of) => {
      there.publish(of.supergraph)
      return there.manager
    })
    expect(await ask('{ shop { name left } }')).toEqual({ data: { shop: { name: 's', left: 3 } } })
    served.become('stock', stockAndMore)
    there.publish(composed({ shop, stock: stockAndMore }, served.urlOf))
    await until(() => observer.counted('gateway.updated') === 1)
    expect(await ask('{ shop { more } }')).toEqual({ data: { shop: { more: 4 } } })
    await until(() => there.asked.at(-1) === 'shop@current key 2')
    expect(there.asked.slice(0, 2)).toEqual(['shop@current key null', 'shop@current key 1'])
  })

  it('that is wrong is refused when a manager brings it, and the old one serves on', async () => {
    let bring: (supergraph: string) => void = () => undefined
    const manager: SupergraphManager = {
      initialize({ update }) {
        bring = update
        return Promise.resolve({ supergraphSdl: served.supergraph })
      },
    }
    await opened(() => manager)
    bring('type Query { a: ')
    await until(() => observer.counted('gateway.refused') === 1)
    expect(await ask('{ shop { left } }')).toEqual({ data: { shop: { left: 3 } } })
  })

  it('has planned what is asked most before it serves, and dropped what does not fit', async () => {
    const manager: SupergraphManager = {
      initialize: () => Promise.resolve({ supergraphSdl: served.supergraph }),
    }
    await opened(() => manager)
    for (const query of ['{ shop { name left } }', '{ shop { name } }', '{ shop { left } }']) await ask(query)
    await gateway.update(composed({ shop: { sdl: shop.sdl.replace('name: String', '') }, stock }, served.urlOf))
    expect([
      observer.counted('plan.warmed', { fits: 'true' }),
      observer.counted('plan.warmed', { fits: 'false' }),
    ]).toEqual([1, 2])
    const planned = observer.counted('cache.miss', { cache: 'plans' })
    expect(await ask('{ shop { left } }')).toEqual({ data: { shop: { left: 3 } } })
    expect(observer.counted('cache.miss', { cache: 'plans' })).toBe(planned)
  })

  it('has large documents planned beside the event loop before it serves, and dropped when they do not fit', async () => {
    const manager: SupergraphManager = {
      initialize: () => Promise.resolve({ supergraphSdl: served.supergraph }),
    }
    await opened(() => manager)
    const large = (field: string) => `{ ${'# '.repeat(1_000)}\n shop { ${field} } }`
    for (const field of ['name', 'left']) await ask(large(field))
    expect(observer.counted('aside.started')).toBe(1)
    await gateway.update(composed({ shop: { sdl: shop.sdl.replace('name: String', '') }, stock }, served.urlOf))
    expect([
      observer.counted('plan.warmed', { fits: 'true' }),
      observer.counted('plan.warmed', { fits: 'false' }),
    ]).toEqual([1, 1])
    expect(observer.counted('aside.started')).toBe(2) // the new supergraph's own thread, which nobody else has asked anything
    const planned = observer.counted('cache.miss', { cache: 'plans' })
    expect(await ask(large('left'))).toEqual({ data: { shop: { left: 3 } } })
    expect(observer.counted('cache.miss', { cache: 'plans' })).toBe(planned)
  })
})

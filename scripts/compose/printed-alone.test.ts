import { getMetadataStorage } from 'type-graphql'
import { describe, expect, it, vi } from 'vitest'
import { secretsFrom } from '../../platform/secret.js'
import type { Registered, SubgraphOptions } from '../../subgraphs/registry.js'
import { sdlOf } from './printed-schemas.js'

const OPTIONS: SubgraphOptions = {
  secrets: secretsFrom(new Uint8Array(32)),
  env: {},
  ask: () => Promise.reject(new Error('nothing is asked here')),
}

/** Begins with no class known to TypeGraphQL, as a process does. */
function forgetClasses(): void {
  vi.resetModules()
  getMetadataStorage().clear()
}

/** Each subgraph by its own file, so that nothing else is loaded with it. */
const ALONE: Readonly<Record<string, () => Promise<object>>> = {
  catalog: () => import('../../subgraphs/catalog/subgraph.js'),
  members: () => import('../../subgraphs/members/subgraph.js'),
  orders: () => import('../../subgraphs/orders/subgraph.js'),
  rooms: () => import('../../subgraphs/rooms/subgraph.js'),
  campaigns: () => import('../../subgraphs/campaigns/subgraph.js'),
  kuaishou: () => import('../../subgraphs/connectors/kuaishou/subgraph.js'),
  weibo: () => import('../../subgraphs/connectors/weibo/subgraph.js'),
  webhooks: () => import('../../subgraphs/connectors/webhooks/subgraph.js'),
  node: () => import('../../subgraphs/node/subgraph.js'),
}

describe('a subgraph prints the same', () => {
  it.each(Object.keys(ALONE))('alone and beside all others: %s', async (name) => {
    forgetClasses()
    const alone = new Map(Object.entries((await ALONE[name]?.()) ?? {})).get(name) as Registered['make']
    const printed = sdlOf(alone(OPTIONS).schema)
    forgetClasses()
    const { REGISTRY } = await import('../../subgraphs/registry.js')
    const beside = new Map(REGISTRY.map((one) => [one.name, sdlOf(one.make(OPTIONS).schema)]))
    expect([...beside.keys()].sort()).toEqual(Object.keys(ALONE).sort())
    expect(beside.get(name)).toBe(printed)
  })
})

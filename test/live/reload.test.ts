import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SubgraphRequest } from '../../gateway/fetch/ask-subgraph.js'
import { silent, type Observer } from '../../platform/observe/observer.js'
import { composed } from '../support/federated.js'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { testRoom, type TestRoom } from './room.js'
import { openAcknowledged, type Wire } from './wire.js'

let room: TestRoom
let gateway: TestGateway
/** What was counted, in order. */
let counted: string[]
beforeEach(async () => {
  room = testRoom()
  counted = []
  const observer: Observer = { ...silent, count: (name) => void counted.push(name) }
  gateway = await openTestGateway(room.parts, { subscribe: room.subscribe, config: { reloadMs: 50 }, observer })
})
afterEach(() => gateway.stop())

async function watching(query: string): Promise<Wire> {
  const wire = await openAcknowledged(gateway.url)
  wire.say({ id: '1', type: 'subscribe', payload: { query } })
  await until(() => gateway.live.viewers === 1)
  return wire
}

/** The room's supergraph with its SDL changed. */
function changed(change: (sdl: string) => string): string {
  const { rooms, catalog } = room.parts
  if (rooms === undefined || catalog === undefined) throw new Error('the room has two subgraphs')
  return composed({ rooms: { sdl: change(rooms.sdl) }, catalog: { sdl: catalog.sdl } })
}

describe('R14 a new supergraph', () => {
  it('is not noticed by a subscription whose upstream asks the same', async () => {
    const wire = await watching('subscription { happened(room: 1) { seq product { title } } }')
    await gateway.update(changed((sdl) => sdl.replace('rooms: Int', 'rooms: Int more: Int')))
    room.tell({ seq: 1, product: { id: 'a' } })
    expect(await wire.hear()).toEqual({
      id: '1',
      type: 'next',
      payload: { data: { happened: { seq: 1, product: { title: 'Ta' } } } },
    })
    expect(room.opened).toBe(1)
  })

  it('has a subscription asked anew upstream where its plan is another, and the viewer hears on', async () => {
    const wire = await watching('subscription { happened(room: 1) { seq product { title } } }')
    const { rooms, catalog } = room.parts
    const titled = (rooms?.sdl ?? '').replace(
      '@key(fields: "id", resolvable: false) { id: ID! }',
      '@key(fields: "id") { id: ID! title: String @override(from: "catalog") }',
    )
    await gateway.update(composed({ rooms: { sdl: titled }, catalog: { sdl: catalog?.sdl ?? '' } }))
    expect([room.open, room.opened]).toEqual([1, 2])
    room.tell({ seq: 1, product: { id: 'a', title: 'told with it' } })
    expect(await wire.hear()).toMatchObject({
      type: 'next',
      payload: { data: { happened: { seq: 1, product: { title: 'told with it' } } } },
    })
    expect(room.fetched.times).toBe(0)
  })

  it('ends what it made invalid, with a code, and leaves the socket open', async () => {
    const wire = await watching('subscription { happened(room: 1) { text } }')
    await gateway.update(changed((sdl) => sdl.replace('text: String', '')))
    expect(await wire.hear()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' } }],
    })
    wire.say({ id: '2', type: 'subscribe', payload: { query: '{ hello }' } })
    expect(await wire.hear()).toMatchObject({ id: '2', type: 'next' })
  })

  it('ends nothing before its plans are made, and serves whoever was ended', async () => {
    for (const query of ['{ hello }', '{ rooms }', '{ hello rooms }']) await gateway.post({ query })
    const wire = await watching('subscription { happened(room: 1) { text } }')
    await gateway.update(changed((sdl) => sdl.replace('text: String', 'words: String')))
    expect(await wire.hear()).toMatchObject({ type: 'error' })
    const steps = counted.filter((name) => ['plan.warmed', 'live.invalidated'].includes(name))
    expect(steps.slice(0, 3)).toEqual(['plan.warmed', 'plan.warmed', 'plan.warmed'])
    expect(steps.indexOf('live.invalidated')).toBe(steps.length - 1)
    wire.say({ id: '2', type: 'subscribe', payload: { query: 'subscription { happened(room: 1) { words } }' } })
    await until(() => gateway.live.viewers === 1)
  })

  it('that is wrong is refused, and the old one serves on', async () => {
    await expect(gateway.update('type Query { a: ')).rejects.toThrow()
    expect((await gateway.post({ query: '{ hello }' })).status).toBe(200)
  })

  it('serves new fields to whoever asks from now on', async () => {
    await gateway.update(changed((sdl) => sdl.replace('rooms: Int', 'rooms: Int more: Int')))
    gateway.graph.disturb('rooms', () => Promise.resolve({ data: { more: 5 } }))
    expect(await (await gateway.post({ query: '{ more }' })).json()).toEqual({ data: { more: 5 } })
  })
})

describe('R13 a request in flight', () => {
  it('ends on the supergraph that it began with', async () => {
    let finish = (): void => undefined
    const waits = new Promise<void>((resolve) => (finish = resolve))
    gateway.graph.disturb('catalog', async () => (await waits, { data: { hello: 'old' } }))
    const asking = gateway.post({ query: '{ hello }' })
    await until(() => gateway.graph.sent.length === 1)
    await gateway.update(changed((sdl) => sdl.replace('rooms: Int', 'other: Int')))
    finish()
    expect(await (await asking).json()).toEqual({ data: { hello: 'old' } })
  })

  it('is not aborted and not asked again when it is a mutation', async () => {
    let finish = (): void => undefined
    const waits = new Promise<void>((resolve) => (finish = resolve))
    const asked: SubgraphRequest[] = []
    gateway.graph.disturb('rooms', async (request) => {
      asked.push(request)
      await waits
      const [, key = 'like'] = /(\w+):like/.exec(request.query) ?? []
      return { data: { [key]: 7 } }
    })
    const liking = gateway.post({ query: 'mutation { like }' })
    await until(() => asked.length === 1)
    await gateway.update(changed((sdl) => sdl.replace('like: Int', 'dislike: Int')))
    expect((await gateway.post({ query: 'mutation { like }' })).status).toBe(400)
    expect(asked.map(({ context }) => context.signal?.aborted ?? false)).toEqual([false])
    finish()
    expect(await (await liking).json()).toEqual({ data: { like: 7 } })
  })
})

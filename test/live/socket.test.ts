import { createClient, type Client } from 'graphql-ws'
import WebSocket from 'ws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { testRoom, type TestRoom } from './room.js'
import { openAcknowledged, openWire } from './wire.js'

const WATCH = 'subscription W($room: ID!) { happened(room: $room) { seq product { title } } }'

let room: TestRoom
let gateway: TestGateway
const clients: Client[] = []

beforeEach(async () => {
  room = testRoom()
  gateway = await openTestGateway(room.parts, { subscribe: room.subscribe, config: { sockets: { initMs: 500 } } })
})
afterEach(async () => {
  for (const client of clients.splice(0)) void client.dispose()
  await gateway.stop()
})

function client(authorization?: string): Client {
  const made = createClient({
    url: `${gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(authorization !== undefined && { connectionParams: { authorization } }),
  })
  clients.push(made)
  return made
}

/** What a client hears of the room, as it comes. */
function watch(by: Client, room = 'r'): { readonly heard: unknown[]; leave(): void } {
  const heard: unknown[] = []
  const leave = by.subscribe(
    { query: WATCH, variables: { room } },
    {
      next: (answer) => heard.push(answer.data?.['happened']),
      error: (error) => heard.push({ error }),
      complete: () => heard.push('complete'),
    },
  )
  return { heard, leave }
}

describe('a subscription over graphql-transport-ws', () => {
  it('brings events in order, with fields of another subgraph', async () => {
    const { heard } = watch(client())
    await until(() => room.open === 1)
    for (let seq = 1; seq <= 5; seq++) room.tell({ seq, product: product(`p${seq}`) })
    await until(() => heard.length === 5)
    expect(heard).toEqual([1, 2, 3, 4, 5].map((seq) => ({ seq, product: { title: `Tp${seq}` } })))
  })

  it('is one upstream and one fetch per event for all who ask the same', async () => {
    const viewers = [1, 2, 3].map(() => watch(client()))
    await until(() => room.open === 1)
    await settledViewers(3)
    room.tell({ seq: 1, product: product('p') })
    await until(() => viewers.every(({ heard }) => heard.length === 1))
    expect([room.open, room.fetched.times]).toEqual([1, 1])
  })

  it('S28 is never shared between different tokens', async () => {
    watch(client('Bearer ann'))
    watch(client('Bearer bob'))
    watch(client())
    await until(() => room.open === 3)
  })

  it('R16 closes its upstream when the last viewer leaves, without any further event', async () => {
    const [one, two] = [watch(client()), watch(client())]
    await settledViewers(2)
    one.leave()
    await settledViewers(1)
    expect(room.open).toBe(1)
    two.leave()
    await until(() => room.open === 0)
  })

  it('R17 fails alone when its upstream drops: the socket and other subscriptions stay', async () => {
    const both = client()
    const first = watch(both)
    await until(() => room.open === 1)
    room.end(new Error('connection reset by 10.0.0.1'))
    await until(() => first.heard.length === 1)
    expect(JSON.stringify(first.heard)).toMatch(/INTERNAL_SERVER_ERROR|SUBGRAPH_UNAVAILABLE/)
    expect(JSON.stringify(first.heard)).not.toContain('10.0.0.1')
    const second = watch(both)
    await until(() => room.open === 1)
    room.tell({ seq: 9 })
    await until(() => second.heard.length === 1)
  })

  it('R30 goes on after an event with errors, and ends when its upstream ends', async () => {
    const { heard } = watch(client())
    await until(() => room.open === 1)
    gateway.graph.disturb('catalog', () => Promise.reject(new Error('down')))
    room.tell({ seq: 1, product: product('p') })
    gateway.graph.disturb('catalog', null)
    await until(() => heard.length === 1)
    room.tell({ seq: 2, product: product('p') })
    room.end()
    await until(() => heard.length === 3)
    expect(heard.slice(1)).toEqual([{ seq: 2, product: { title: 'Tp' } }, 'complete'])
  })

  it('S25 of anybody does no harm when it is refused', async () => {
    const wire = await openAcknowledged(gateway.url)
    wire.say({ id: '1', type: 'subscribe', payload: { query: 'subscription { nothing }' } })
    expect(await wire.hear()).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    })
    wire.say({
      id: '2',
      type: 'subscribe',
      payload: { query: 'subscription A { happened(room: 1) { seq } } query B { hello }' },
    })
    expect(await wire.hear()).toMatchObject({ id: '2', type: 'error' })
  })

  it('answers queries and mutations too', async () => {
    const wire = await openAcknowledged(gateway.url)
    wire.say({ id: 'q', type: 'subscribe', payload: { query: '{ hello }' } })
    expect(await wire.hear()).toEqual({ id: 'q', type: 'next', payload: { data: { hello: 'hi' } } })
    expect(await wire.hear()).toEqual({ id: 'q', type: 'complete' })
  })
})

describe('a socket', () => {
  it('S21 is closed when no connection_init comes in time', async () => {
    expect((await (await openWire(gateway.url)).closed()).code).toBe(4408)
  })

  it('is closed when it asks before it was acknowledged', async () => {
    const wire = await openWire(gateway.url)
    wire.say({ id: '1', type: 'subscribe', payload: { query: '{hello}' } })
    expect((await wire.closed()).code).toBe(4401)
  })

  it('is closed on a second connection_init', async () => {
    const wire = await openAcknowledged(gateway.url)
    wire.say({ type: 'connection_init' })
    expect((await wire.closed()).code).toBe(4429)
  })

  it('is closed when an id is used twice', async () => {
    const wire = await openAcknowledged(gateway.url)
    const ask = { id: '1', type: 'subscribe', payload: { query: WATCH, variables: { room: 'r' } } }
    wire.say(ask)
    wire.say(ask)
    expect(await wire.closed()).toMatchObject({ code: 4409, reason: 'Subscriber for 1 already exists' })
  })

  it.each([
    ['no JSON', 'hello'],
    ['an unknown type', { type: 'start' }],
    ['no id', { type: 'subscribe', payload: { query: '{hello}' } }],
  ])('is closed on a message of %s', async (_, message) => {
    const wire = await openAcknowledged(gateway.url)
    wire.say(message)
    expect((await wire.closed()).code).toBe(4400)
  })

  it('is closed when it offers no sub-protocol of ours', async () => {
    const wire = await openWire(gateway.url, { protocol: [] })
    expect((await wire.closed()).code).toBe(4406)
  })

  it('answers a ping with its payload', async () => {
    const wire = await openAcknowledged(gateway.url)
    wire.say({ type: 'ping', payload: { at: 1 } })
    expect(await wire.hear()).toEqual({ type: 'pong', payload: { at: 1 } })
  })

  it('is closed with 4403 when its token is wrong or expired', async () => {
    for (const token of ['Bearer nonsense', 'Bearer old']) {
      const wire = await openWire(gateway.url)
      wire.say({ type: 'connection_init', payload: { authorization: token } })
      expect((await wire.closed()).code).toBe(4403)
    }
  })

  it('S21 of a frame over the limit is closed with 1009', async () => {
    const wire = await openAcknowledged(gateway.url)
    wire.say('x'.repeat(1_100_000))
    expect((await wire.closed()).code).toBe(1009)
  })

  it('S22 offers no compression', async () => {
    const wire = await openWire(gateway.url)
    expect(wire.socket.extensions).toBe('')
  })

  it.each(['https://evil', 'null', `http://127.0.0.1.evil.com`])(
    'S20 with a cookie is refused from the origin %s',
    async (origin) => {
      const headers = { cookie: 'session=1', origin }
      await expect(openWire(gateway.url, { headers })).rejects.toThrow('refused: 403')
    },
  )

  it('S20 with a cookie is refused without an origin, and let in from our own', async () => {
    await expect(openWire(gateway.url, { headers: { cookie: 'a=1' } })).rejects.toThrow('refused: 403')
    const own = await openWire(gateway.url, { headers: { cookie: 'a=1', origin: gateway.url } })
    own.socket.close()
  })

  it('R22 is told that we go away when the gateway stops', async () => {
    const wire = await openAcknowledged(gateway.url)
    await gateway.stop()
    expect((await wire.closed()).code).toBe(1001)
  })
})

function product(id: string): Readonly<Record<string, string>> {
  return { id }
}

async function settledViewers(count: number): Promise<void> {
  await until(() => gateway.live.viewers === count)
}

import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SIGNATURE_HEADER } from '../../platform/http/sign-request.js'
import { silent } from '../../platform/observe/observer.js'
import { seededChance } from '../../platform/time/chance.js'
import { ANONYMOUS } from '../../schema/identity.js'
import { fakeClock, type FakeClock } from '../../test/support/fake-clock.js'
import { until } from '../../test/support/until.js'
import type { SubgraphAnswer, SubgraphRequest } from './ask-subgraph.js'
import { wsSubgraphs, type WsSubgraphs } from './ws-subgraphs.js'

interface Said {
  readonly id?: string
  readonly type: string
  readonly payload?: unknown
}

let server: WebSocketServer
let subgraphs: WsSubgraphs
let clock: FakeClock
let sockets: { readonly socket: WebSocket; readonly said: Said[]; readonly headers: NodeJS.Dict<string | string[]> }[]
/** What the subgraph does with a message; the default acknowledges. */
let hears: (socket: WebSocket, message: Said) => void

beforeEach(async () => {
  sockets = []
  clock = fakeClock()
  hears = (socket, { type }) => {
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}')
  }
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  server.on('connection', (socket, { headers }) => {
    const said: Said[] = []
    sockets.push({ socket, said, headers })
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as Said
      said.push(message)
      hears(socket, message)
    })
  })
  const { port } = server.address() as AddressInfo
  subgraphs = wsSubgraphs({
    urlOf: () => `http://127.0.0.1:${port}/graphql`,
    key: Buffer.alloc(32, 1),
    mostBytes: 10_000,
    mostWaiting: 3,
    clock,
    chance: seededChance(1),
    observer: silent,
  })
})
afterEach(async () => {
  await subgraphs.stop()
  for (const client of server.clients) client.terminate()
  server.close()
})

function question(authorization: string | null = null, signal: AbortSignal | null = null): SubgraphRequest {
  const context = { who: ANONYMOUS, authorization, requestId: 'r', signal }
  return {
    subgraph: 'rooms',
    query: 'subscription { a }',
    operationName: null,
    variables: {},
    kind: 'subscription',
    context,
  }
}

const listen = async (authorization: string | null = null): Promise<AsyncIterator<SubgraphAnswer>> =>
  (await subgraphs.subscribe(question(authorization)))[Symbol.asyncIterator]()
const subscribed = (): Said[] => sockets.flatMap(({ said }) => said.filter(({ type }) => type === 'subscribe'))
function tell(payload: unknown, type = 'next'): void {
  for (const { socket, said } of sockets)
    for (const { id } of said.filter((one) => one.type === 'subscribe'))
      socket.send(JSON.stringify({ id, type, payload }))
}

describe('subscriptions of a subgraph', () => {
  it('R17 share one socket per identity, which carries many', async () => {
    await Promise.all([listen('Bearer ann'), listen('Bearer ann'), listen('Bearer bob')])
    await until(() => subscribed().length === 3)
    expect(sockets.map(({ headers }) => headers['authorization']).sort()).toEqual(['Bearer ann', 'Bearer bob'])
    expect(sockets[0]?.headers[SIGNATURE_HEADER]).toMatch(/^[0-9a-f]{64}$/)
    expect(sockets[0]?.said[0]?.payload).toEqual({ authorization: sockets[0]?.headers['authorization'] })
  })

  it('bring events in order and end when the subgraph says so', async () => {
    const events = await listen()
    await until(() => subscribed().length === 1)
    tell({ data: { a: 1 } })
    tell({ data: { a: 2 } })
    tell(undefined, 'complete')
    expect([await events.next(), await events.next(), await events.next()]).toEqual([
      { value: { data: { a: 1 } }, done: false },
      { value: { data: { a: 2 } }, done: false },
      { value: undefined, done: true },
    ])
  })

  it('R16 tell the subgraph at once when nobody listens any more', async () => {
    const leaving = new AbortController()
    await subgraphs.subscribe(question(null, leaving.signal))
    await until(() => subscribed().length === 1)
    leaving.abort()
    await until(() => sockets[0]?.said.at(-1)?.type === 'complete')
    await until(() => subgraphs.sockets === 0)
  })

  it('R17 fail when the socket drops, and a new one is opened after a rest', async () => {
    const events = await listen()
    await until(() => subscribed().length === 1)
    sockets[0]?.socket.terminate()
    await expect(events.next()).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    await expect(subgraphs.subscribe(question())).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    await clock.advance(200)
    await listen()
    await until(() => sockets.length === 2)
  })

  it.each([1000, 1001, 1011, 4400])(
    'R17 fail when the subgraph closes the socket with %i, and are not asked again behind our back',
    async (code) => {
      const events = await listen()
      await until(() => subscribed().length === 1)
      sockets[0]?.socket.close(code)
      await expect(events.next()).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
      await until(() => server.clients.size === 0)
      expect([subgraphs.sockets, sockets.length]).toEqual([0, 1])
      await clock.advance(200)
      await listen()
      await until(() => subscribed().length === 2)
    },
  )

  it('R17 fail when the socket is never acknowledged, and the next one may be', async () => {
    const acknowledges = hears
    hears = () => undefined
    const events = await listen()
    await until(() => sockets[0]?.said.length === 1)
    await clock.advance(5_000)
    await expect(events.next()).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    hears = acknowledges
    await clock.advance(200)
    await listen()
    await until(() => subscribed().length === 1)
  })

  it('R17 fail when pings are no longer answered', async () => {
    const events = await listen()
    await until(() => subscribed().length === 1)
    const closed = new Promise((resolve) => sockets[0]?.socket.once('close', resolve))
    await clock.advance(20_000)
    await until(() => sockets[0]?.said.at(-1)?.type === 'ping')
    await clock.advance(20_000)
    await expect(events.next()).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    expect(await closed).toBe(4408)
  })

  it.each([
    ['a pong', '{"type":"pong"}'],
    ['an event', '{"id":"another","type":"next","payload":{}}'],
  ])('R17 go on as long as %s answers each ping', async (_, answer) => {
    const events = await listen()
    await until(() => subscribed().length === 1)
    for (let beat = 1; beat <= 5; beat++) {
      await clock.advance(20_000)
      await until(() => sockets[0]?.said.filter(({ type }) => type === 'ping').length === beat)
      sockets[0]?.socket.send(answer)
      tell({ data: { a: beat } })
      expect(await events.next()).toEqual({ value: { data: { a: beat } }, done: false })
    }
  })

  it('carry the refusal of the subgraph', async () => {
    const events = await listen()
    await until(() => subscribed().length === 1)
    tell([{ message: 'no such room' }], 'error')
    await expect(events.next()).rejects.toMatchObject({ errors: [{ message: 'no such room' }] })
  })

  it('fail on an event that is none', async () => {
    const events = await listen()
    await until(() => subscribed().length === 1)
    tell({ dat: 1 })
    await expect(events.next()).rejects.toMatchObject({ code: 'SUBGRAPH_MALFORMED' })
  })

  it('are given up when more is told than can be heard', async () => {
    const events = await listen()
    await until(() => subscribed().length === 1)
    for (let at = 0; at < 5; at++) tell({ data: { a: at } })
    await until(() => sockets[0]?.said.at(-1)?.type === 'complete')
    const heard: unknown[] = []
    for (let at = 0; at < 3; at++) heard.push((await events.next()).value)
    expect(heard).toHaveLength(3)
    await expect(events.next()).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
  })
})

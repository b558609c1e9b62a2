import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { createClient } from 'graphql-sse'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ANONYMOUS } from '../../schema/identity.js'
import { fakeClock, type FakeClock } from '../support/fake-clock.js'
import { until } from '../support/until.js'
import { openShared, openStream, type Heard } from './open-stream.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { LIVE_ROOM, testRoom, type TestRoom } from './room.js'

const WATCH = 'subscription W { happened(room: 1) { seq product { title } } }'
const MULTIPART = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0'

let room: TestRoom
let gateway: TestGateway
let clock: FakeClock
beforeEach(async () => {
  room = testRoom()
  clock = fakeClock()
  const expiresAt = clock.now().getTime() / 1000 + 60
  const verify = () => Promise.resolve({ ...ANONYMOUS, member: 'Member:ann', expiresAt })
  gateway = await openTestGateway(room.parts, { subscribe: room.subscribe, clock, verify })
})
afterEach(() => gateway.stop())

const streamed = (accept: string, query = WATCH, headers: Readonly<Record<string, string>> = {}): Promise<Heard> =>
  openStream(gateway.url, accept, query, headers)
const shared = (headers: Readonly<Record<string, string>> = {}): Promise<Heard> =>
  openShared(gateway.url, WATCH, headers)

describe('a subscription over Server-Sent Events', () => {
  it('reaches the client of graphql-sse, with fields of another subgraph', async () => {
    const client = createClient({ url: `${gateway.url}/graphql`, retryAttempts: 0 })
    const heard: unknown[] = []
    const leave = client.subscribe(
      { query: WATCH },
      {
        next: (answer) => heard.push(answer),
        error: (error) => heard.push(error),
        complete: () => heard.push('complete'),
      },
    )
    await until(() => room.open === 1)
    room.tell({ seq: 1, product: { id: 'a' } })
    await until(() => heard.length === 1)
    expect(heard).toEqual([{ data: { happened: { seq: 1, product: { title: 'Ta' } } } }])
    leave()
    await until(() => room.open === 0)
  })

  it('R29 shows that it is heard before the first event', async () => {
    const heard = await streamed('text/event-stream')
    expect(heard.response.headers.get('x-accel-buffering')).toBe('no')
    await until(() => heard.text.startsWith(':'))
    heard.leave()
  })

  it('ends with complete when its upstream ends', async () => {
    const heard = await streamed('text/event-stream')
    await until(() => room.open === 1)
    room.tell({ seq: 1 })
    room.end()
    await until(() => heard.ended)
    expect(heard.text).toBe(
      ':\n\nevent: next\ndata: {"data":{"happened":{"seq":1,"product":null}}}\n\nevent: complete\ndata: \n\n',
    )
  })

  it('tells a refusal as an event', async () => {
    const heard = await streamed('text/event-stream', 'subscription { nothing }')
    await until(() => heard.ended)
    expect(heard.text).toMatch(/event: next\ndata: \{"errors":\[.*GRAPHQL_VALIDATION_FAILED.*\]\}\n\nevent: complete/)
  })

  it('R22 is told when the gateway stops', async () => {
    const heard = await streamed('text/event-stream')
    await until(() => room.open === 1)
    await gateway.stop()
    await until(() => heard.ended)
    expect(heard.text).toContain('event: complete')
  })
})

describe('R20 a stream whose token expires', () => {
  const ann = { authorization: 'Bearer ann' }
  const opened: Readonly<Record<string, () => Promise<Heard>>> = {
    'Server-Sent Events': () => streamed('text/event-stream', WATCH, ann),
    multipart: () => streamed(MULTIPART, WATCH, ann),
    'the shared stream': () => shared(ann),
  }

  it.each(Object.keys(opened))('goes on until then, and ends at that moment with a code: %s', async (transport) => {
    const heard = await opened[transport]?.()
    await until(() => room.open === 1)
    await clock.advance(59_000)
    room.tell({ seq: 7 })
    await until(() => heard?.text.includes('"seq":7') === true)
    expect(heard?.text).not.toContain('UNAUTHENTICATED')
    await clock.advance(1_001)
    await until(() => heard?.ended === true)
    expect(heard?.text).toContain('UNAUTHENTICATED')
    await until(() => room.open === 0)
  })
})

describe('R23 an event stream of a field with cursors', () => {
  const RESUMED = 'subscription W($after: String) { happened(room: 1, after: $after) { cursor seq } }'
  beforeEach(async () => {
    await gateway.stop()
    room = testRoom(LIVE_ROOM)
    gateway = await openTestGateway(room.parts, { subscribe: room.subscribe })
  })

  it('names each event by its cursor, and goes on behind the one that `Last-Event-ID` brings back', async () => {
    const first = await streamed('text/event-stream', RESUMED)
    await until(() => gateway.live.viewers === 1)
    for (const seq of [1, 2, 3]) room.tell({ seq, cursor: String(seq) })
    await until(() => first.text.includes('"seq":3'))
    expect(first.text).toContain('event: next\nid: 2\ndata: {"data":{"happened":{"cursor":"2","seq":2}}}\n\n')
    first.leave()
    const back = await streamed('text/event-stream', RESUMED, { 'last-event-id': '1' })
    room.tell({ seq: 4, cursor: '4' })
    await until(() => back.text.includes('"seq":4'))
    expect([...back.text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id)).toEqual(['2', '3', '4'])
    back.leave()
  })

  it('names none where the operation could not go on from it', async () => {
    const heard = await streamed('text/event-stream', 'subscription { happened(room: 1) { cursor } }')
    await until(() => gateway.live.viewers === 1)
    room.tell({ cursor: '1' })
    await until(() => heard.text.includes('"cursor":"1"'))
    expect(heard.text).not.toContain('id:')
    heard.leave()
  })

  it('goes on over multipart and the shared stream too, by the operation’s own variable', async () => {
    for (const seq of [1, 2]) room.tell({ seq, cursor: String(seq) })
    const body = JSON.stringify({ query: RESUMED, variables: { after: '1' }, extensions: { operationId: 'a' } })
    const json = { 'content-type': 'application/json' }
    const multipart = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { ...json, accept: MULTIPART },
      body,
    })
    const token = await (await fetch(`${gateway.url}/graphql/stream`, { method: 'PUT' })).text()
    const shared = await fetch(`${gateway.url}/graphql/stream?token=${token}`)
    await fetch(`${gateway.url}/graphql/stream?token=${token}`, { method: 'POST', headers: json, body })
    for (const response of [multipart, shared]) {
      const reader = response.body?.getReader()
      let text = ''
      while (!text.includes('"seq":2')) text += new TextDecoder().decode((await reader?.read())?.value)
      expect(text).not.toContain('"seq":1')
      await reader?.cancel()
    }
  })
})

describe('R30 an event with errors', () => {
  interface Told {
    readonly data?: unknown
    readonly errors?: readonly unknown[] | undefined
    /** Multipart's envelope. */
    readonly payload?: Told | null
  }

  it.each([
    ['Server-Sent Events', 'text/event-stream', /^data: (\{.*\})$/gm, (told: Told) => told],
    ['multipart', MULTIPART, /^(\{"payload".*\})\r$/gm, ({ payload, errors }: Told) => payload ?? { errors }],
  ])('stands in what is told over %s, which goes on until its upstream fails', async (_, accept, each, inner) => {
    const heard = await streamed(accept)
    const told = (): Told[] => [...heard.text.matchAll(each)].map(([, text]) => inner(JSON.parse(text ?? '{}') as Told))
    await until(() => room.open === 1)
    gateway.graph.disturb('catalog', () => Promise.reject(new Error('down')))
    room.tell({ seq: 1, product: { id: 'a' } })
    await until(() => told().length === 1)
    gateway.graph.disturb('catalog', null)
    room.tell({ seq: 2, product: { id: 'a' } })
    await until(() => told().length === 2)
    expect(heard.ended).toBe(false)
    room.end(new Error('gone'))
    await until(() => heard.ended)
    const [first, second, last] = told()
    expect(first).toMatchObject({ data: { happened: { seq: 1 } }, errors: [{}] })
    expect(second).toEqual({ data: { happened: { seq: 2, product: { title: 'Ta' } } } })
    expect(last?.errors).toHaveLength(1)
    expect(last).not.toHaveProperty('data')
  })
})

describe('a subscription over one shared event stream', () => {
  const open = (): ReturnType<typeof createClient<true>> =>
    createClient({ singleConnection: true, url: `${gateway.url}/graphql/stream`, retryAttempts: 0 })

  it('reaches the client of graphql-sse beside others of the same client', async () => {
    const client = open()
    const heard: unknown[] = []
    const sink = {
      next: (answer: unknown) => heard.push(answer),
      error: (error: unknown) => heard.push(error),
      complete: () => heard.push('complete'),
    }
    const leave = client.subscribe({ query: WATCH }, sink)
    await until(() => room.open === 1)
    client.subscribe({ query: '{ hello }' }, sink)
    await until(() => heard.length === 2)
    room.tell({ seq: 1, product: { id: 'a' } })
    await until(() => heard.length === 3)
    expect(heard).toEqual([
      { data: { hello: 'hi' } },
      'complete',
      { data: { happened: { seq: 1, product: { title: 'Ta' } } } },
    ])
    leave()
    await until(() => room.open === 0)
    client.dispose()
  })

  it('R22 is told when the gateway stops', async () => {
    const heard = await shared()
    await until(() => room.open === 1)
    await gateway.stop()
    await until(() => heard.ended)
    expect(heard.text).toMatch(/"id":"a".*BUSY/)
  })

  it('needs a reservation, which only one stream may take', async () => {
    const url = `${gateway.url}/graphql/stream`
    expect((await fetch(url)).status).toBe(404)
    const token = await (await fetch(url, { method: 'PUT' })).text()
    const stream = await fetch(`${url}?token=${token}`)
    expect((await fetch(`${url}?token=${token}`)).status).toBe(409)
    await stream.body?.cancel()
    await until(async () => (await fetch(`${url}?token=${token}`, { method: 'DELETE' })).status === 404)
  })

  it('keeps what was told before the stream was opened', async () => {
    const url = `${gateway.url}/graphql/stream`
    const token = await (await fetch(url, { method: 'PUT' })).text()
    const headers = { 'content-type': 'application/json', 'x-graphql-event-stream-token': token }
    const body = JSON.stringify({ query: '{ hello }', extensions: { operationId: '1' } })
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(202)
    const reader = (await fetch(`${url}?token=${token}`)).body?.getReader()
    const first = new TextDecoder().decode((await reader?.read())?.value)
    expect(first).toContain('{"id":"1","payload":{"data":{"hello":"hi"}}}')
    await reader?.cancel()
  })

  it('needs a good token for its reservation', async () => {
    await gateway.stop()
    gateway = await openTestGateway(room.parts)
    const headers = { authorization: 'Bearer nonsense' }
    expect((await fetch(`${gateway.url}/graphql/stream`, { method: 'PUT', headers })).status).toBe(401)
  })
})

describe('a subscription over multipart', () => {
  it('reaches Apollo Client', async () => {
    const client = new ApolloClient({
      link: new HttpLink({ uri: `${gateway.url}/graphql` }),
      cache: new InMemoryCache(),
    })
    const heard: unknown[] = []
    const subscription = client.subscribe({ query: gql(WATCH) }).subscribe({
      next: ({ data }) => heard.push(data),
      error: (error: unknown) => heard.push(error),
      complete: () => heard.push('complete'),
    })
    await until(() => room.open === 1)
    room.tell({ seq: 1, product: { id: 'a' } })
    await until(() => heard.length === 1)
    expect(heard).toMatchObject([{ happened: { seq: 1, product: { title: 'Ta' } } }])
    subscription.unsubscribe()
    await until(() => room.open === 0)
  })

  it('R30 puts errors that end it beside the payload', async () => {
    const heard = await streamed(MULTIPART)
    await until(() => room.open === 1)
    room.tell({ seq: 1 })
    room.end(new Error('gone'))
    await until(() => heard.ended)
    expect(heard.text).toMatch(/\{"payload":\{"data":\{"happened":\{"seq":1,"product":null\}\}\}\}/)
    expect(heard.text).toMatch(/\{"payload":null,"errors":\[\{.*\}\]\}\r\n--graphql--\r\n$/)
  })

  it('shows a sign of life', async () => {
    const heard = await streamed(MULTIPART)
    await until(() => room.open === 1)
    await clock.advance(20_000)
    await until(() => heard.text.includes('\r\n\r\n{}\r\n--graphql'))
    heard.leave()
  })

  it('is not what answers a query', async () => {
    const response = await gateway.post({ query: '{ hello }' }, { accept: `${MULTIPART},application/json;q=0.9` })
    expect(await response.json()).toEqual({ data: { hello: 'hi' } })
  })
})

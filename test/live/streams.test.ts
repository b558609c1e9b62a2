import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { createClient } from 'graphql-sse'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ANONYMOUS } from '../../schema/identity.js'
import { fakeClock, type FakeClock } from '../support/fake-clock.js'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { testRoom, type TestRoom } from './room.js'

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

/** A stream's text as it comes. */
async function streamed(
  accept: string,
  query = WATCH,
  headers: Record<string, string> = {},
): Promise<{ text: string; response: Response; ended: boolean; leave(): void }> {
  const leaving = new AbortController()
  const response = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { accept, ...headers },
    signal: leaving.signal,
  })
  const heard = { text: '', response, ended: false, leave: () => leaving.abort() }
  void (async () => {
    const decoder = new TextDecoder()
    const reader = response.body?.getReader()
    for (let step = await reader?.read(); step?.done === false; step = await reader?.read())
      heard.text += decoder.decode(step.value)
    heard.ended = true
  })().catch(() => undefined)
  return heard
}

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

  it('R20 ends when its token expires', async () => {
    const heard = await streamed('text/event-stream', WATCH, { authorization: 'Bearer ann' })
    await clock.advance(60_001)
    await until(() => heard.ended)
    expect(heard.text).toContain('UNAUTHENTICATED')
  })

  it('R22 is told when the gateway stops', async () => {
    const heard = await streamed('text/event-stream')
    await until(() => room.open === 1)
    await gateway.stop()
    await until(() => heard.ended)
    expect(heard.text).toContain('event: complete')
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

import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silent } from '../../platform/observe/observer.js'
import { seededChance } from '../../platform/time/chance.js'
import { systemClock, type Clock } from '../../platform/time/clock.js'
import { fakeClock, type FakeClock } from '../../test/support/fake-clock.js'
import { nobody } from '../../test/support/federated.js'
import { openTestGateway, type TestGateway } from '../../test/live/open-test-gateway.js'
import { testRoom, type TestRoom } from '../../test/live/room.js'
import { until } from '../../test/support/until.js'
import type { SubgraphAnswer } from './ask-subgraph.js'
import { sseSubgraphs } from './sse-subgraphs.js'

// Another gateway of ours is a subgraph that speaks this protocol.
let room: TestRoom
let far: TestGateway
beforeEach(async () => {
  room = testRoom()
  far = await openTestGateway(room.parts, { subscribe: room.subscribe })
})
afterEach(() => far.stop())

function ask(
  query: string,
  url = `${far.url}/graphql`,
  clock: Clock = systemClock,
): Promise<AsyncIterableIterator<SubgraphAnswer>> {
  const subscribe = sseSubgraphs({
    urlOf: (name) => (name === 'far' ? url : undefined),
    key: null,
    mostBytes: 10_000,
    mostWaiting: 10,
    clock,
    chance: seededChance(1),
    observer: silent,
  })
  return subscribe({
    subgraph: 'far',
    query,
    operationName: null,
    variables: {},
    kind: 'subscription',
    context: nobody,
  })
}

describe('a subgraph whose subscriptions come as Server-Sent Events', () => {
  const WATCH = 'subscription { happened(room: 1) { seq } }'

  it('is heard in order until it completes', async () => {
    const events = await ask(WATCH)
    await until(() => room.open === 1)
    for (const seq of [1, 2]) room.tell({ seq })
    expect((await events.next()).value).toEqual({ data: { happened: { seq: 1 } } })
    expect((await events.next()).value).toEqual({ data: { happened: { seq: 2 } } })
    room.end()
    expect((await events.next()).done).toBe(true)
  })

  it('R16 is left at once when nobody listens any more', async () => {
    const events = await ask(WATCH)
    await until(() => room.open === 1)
    await events.return?.()
    await until(() => room.open === 0)
  })

  it('R17 is an outage when it cannot be reached', async () => {
    await far.stop()
    await expect(ask(WATCH)).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
  })

  it('is given up when an event is larger than may be read', async () => {
    const events = await ask('subscription { happened(room: 1) { text } }')
    await until(() => room.open === 1)
    room.tell({ text: 'x'.repeat(200_000) })
    await expect(events.next()).rejects.toMatchObject({ code: expect.stringMatching(/^SUBGRAPH_/) as unknown })
  })
})

describe('R17 a stream of a subgraph', () => {
  const MINUTE_MS = 60_000
  let clock: FakeClock
  let server: ReturnType<typeof createServer>
  let url: string
  let asked: ServerResponse[]
  beforeEach(async () => {
    clock = fakeClock()
    asked = []
    server = createServer((_, response) => void asked.push(response)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  })
  afterEach(() => {
    server.close()
    server.closeAllConnections()
  })

  async function opened(first: string): Promise<readonly [AsyncIterableIterator<SubgraphAnswer>, ServerResponse]> {
    const events = ask('subscription { a }', url, clock)
    await until(() => asked.length === 1)
    const [response] = asked
    if (response === undefined) throw new Error('nobody asked')
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(first)
    return [await events, response]
  }

  /** An event behind it tells that it was read. */
  async function says(words: string, [events, response]: Awaited<ReturnType<typeof opened>>): Promise<void> {
    response.write(`${words}event: next\ndata: {"data":{"a":1}}\n\n`)
    expect(await events.next()).toEqual({ value: { data: { a: 1 } }, done: false })
  }

  it('that has sent heartbeats and falls silent has failed, and is left', async () => {
    const stream = await opened(':\n\n')
    for (let beat = 1; beat <= 3; beat++) {
      await clock.advance(20_000)
      await says(':\n\n', stream)
    }
    await clock.advance(MINUTE_MS - 1)
    await says('', stream)
    const left = once(stream[1], 'close')
    await clock.advance(MINUTE_MS)
    await expect(stream[0].next()).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    await left
  })

  it('is judged by its own rhythm, however many events come in between', async () => {
    const stream = await opened(':\n\n')
    for (let beat = 1; beat <= 2; beat++) {
      await says('', stream)
      await clock.advance(2 * MINUTE_MS)
      await says(':\n\n', stream)
    }
    await clock.advance(5 * MINUTE_MS)
    await says('', stream)
  })

  it('that never sent any may be silent', async () => {
    const stream = await opened(':\n\n:\n\n')
    await says('', stream)
    await clock.advance(60 * MINUTE_MS)
    await says('', stream)
  })

  it('that does not begin is an outage', async () => {
    const events = expect(ask('subscription { a }', url, clock)).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    await until(() => asked.length === 1)
    await clock.advance(MINUTE_MS)
    await events
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silent } from '../../platform/observe/observer.js'
import { seededChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
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

function ask(query: string): Promise<AsyncIterableIterator<SubgraphAnswer>> {
  const subscribe = sseSubgraphs({
    urlOf: (name) => (name === 'far' ? `${far.url}/graphql` : undefined),
    key: null,
    mostBytes: 10_000,
    mostWaiting: 10,
    clock: systemClock,
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

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Failure } from '../../platform/failure.js'
import { until } from '../support/until.js'
import { openStream } from './open-stream.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { LIVE_ROOM, testRoom, type TestRoom } from './room.js'
import { openAcknowledged, openWire, type Wire } from './wire.js'

const WATCH = 'subscription W($after: String) { happened(room: 1, after: $after) { c: cursor seq } }'
const MINE = 'subscription W($after: String) { happened(room: 1, after: $after) { c: cursor seq mine } }'

let room: TestRoom
let gateway: TestGateway
beforeEach(async () => {
  room = testRoom()
  const live = {
    shared: ['happened'],
    personal: ['Happening.mine'],
    resume: ['happened(after): cursor'],
    historyEvents: 5,
  }
  gateway = await openTestGateway(room.parts, { subscribe: room.subscribe, config: { live } })
})
afterEach(() => gateway.stop())

let seq: number
beforeEach(() => (seq = 0))
function tell(times: number): void {
  for (let at = 0; at < times; at++) room.tell({ seq: ++seq, cursor: String(seq) })
}

async function watch(variables: Record<string, unknown> = {}, token?: string, query = WATCH): Promise<Wire> {
  const wire = await openAcknowledged(gateway.url, token === undefined ? {} : { authorization: `Bearer ${token}` })
  const before = gateway.live.viewers
  wire.say({ id: '1', type: 'subscribe', payload: { query, variables } })
  await until(() => gateway.live.viewers === before + 1)
  return wire
}

async function seen(wire: Wire, count: number): Promise<unknown[]> {
  const heard: unknown[] = []
  while (heard.length < count) {
    const { payload } = (await wire.hear()) as { payload: { data: { happened: { seq: number } } } }
    heard.push(payload.data.happened.seq)
  }
  return heard
}

/** Whether somebody who comes with these headers to watch what all may watch is sent away. */
async function refusedBy(way: string, headers: Readonly<Record<string, string>>): Promise<boolean> {
  if (way === 'WebSocket') {
    const wire = await openWire(gateway.url)
    wire.say({ type: 'connection_init', payload: headers })
    return (await wire.closed()).code === 4403
  }
  if (way === 'shared stream')
    return (await fetch(`${gateway.url}/graphql/stream`, { method: 'PUT', headers })).status === 401
  const accept = way === 'multipart' ? 'multipart/mixed;subscriptionSpec=1.0' : 'text/event-stream'
  if (way === 'SSE over GET') return (await openStream(gateway.url, accept, WATCH, headers)).response.status === 401
  return (await gateway.post({ query: WATCH }, { ...headers, accept })).status === 401
}

describe('a live field that is the same for everybody', () => {
  it('is one group and one upstream for viewers with different tokens, asked in nobody’s name', async () => {
    const viewers = [await watch({}, 'ann'), await watch({}, 'bob'), await watch()]
    expect([gateway.live.groups, room.open]).toEqual([1, 1])
    expect(room.asked[0]?.context).toMatchObject({ authorization: null, who: { member: null } })
    tell(2)
    for (const viewer of viewers) expect(await seen(viewer, 2)).toEqual([1, 2])
  })

  it.each(['WebSocket', 'SSE', 'SSE over GET', 'multipart', 'shared stream'])(
    'is joined by nobody whose own token is wrong: %s',
    async (way) => {
      await watch({}, 'ann')
      expect(await refusedBy(way, { authorization: 'Bearer old' })).toBe(true)
      expect(gateway.live.viewers).toBe(1)
    },
  )

  it('S28 is asked in the asker’s name when the operation touches what depends on him', async () => {
    await watch({}, 'ann', MINE)
    await watch({}, 'bob', MINE)
    expect([gateway.live.groups, room.open]).toEqual([2, 2])
    expect(room.asked.map(({ context }) => context.authorization)).toEqual(['Bearer ann', 'Bearer bob'])
  })
})

describe('a supergraph that says by `@live` how its field is watched', () => {
  it('S28 needs no settings: viewers share what is the same, and nothing that is theirs', async () => {
    await gateway.stop()
    room = testRoom(LIVE_ROOM)
    gateway = await openTestGateway(room.parts, { subscribe: room.subscribe })
    const [ann] = [await watch({}, 'ann'), await watch({}, 'bob')]
    expect(room.open).toBe(1)
    await watch({}, 'bob', MINE)
    expect(room.asked[1]?.context.authorization).toBe('Bearer bob')
    tell(3)
    await seen(ann, 3)
    expect(await seen(await watch({ after: '1' }), 2)).toEqual([2, 3])
    expect(room.opened).toBe(2)
  })
})

describe('R23 a viewer who comes back with his cursor', () => {
  it('gets what he missed from the group’s memory, without a new upstream, and then goes on', async () => {
    const stays = await watch()
    tell(4)
    await seen(stays, 4)
    const back = await watch({ after: '2' })
    tell(1)
    expect(await seen(back, 3)).toEqual([3, 4, 5])
    expect([room.opened, gateway.live.groups]).toEqual([1, 1])
  })

  it('asks upstream for what is older, and joins the group once he has caught up: in order, once', async () => {
    const stays = await watch()
    tell(10)
    await seen(stays, 10)
    const back = await watch({ after: '1' })
    expect(await seen(back, 9)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
    await until(() => gateway.live.groups === 1)
    tell(3)
    expect(await seen(back, 3)).toEqual([11, 12, 13])
    expect([await seen(stays, 3), room.opened, room.open]).toEqual([[11, 12, 13], 2, 1])
  })

  it('begins where he left also beside another who came back with the same cursor', async () => {
    tell(3)
    const one = await watch({ after: '1' })
    expect(await seen(one, 2)).toEqual([2, 3])
    const two = await watch({ after: '1' })
    tell(1)
    expect(await seen(two, 3)).toEqual([2, 3, 4])
  })

  it('can be the first, and those who come new join in', async () => {
    tell(3)
    const back = await watch({ after: '1' })
    const fresh = await watch()
    tell(2)
    expect([await seen(back, 4), await seen(fresh, 2)]).toEqual([
      [2, 3, 4, 5],
      [4, 5],
    ])
    await until(() => gateway.live.groups === 1)
  })

  it('hears an event without a cursor only when he is there', async () => {
    const stays = await watch()
    room.tell({ seq: -1, cursor: null })
    tell(2)
    await seen(stays, 3)
    expect(await seen(await watch({ after: '1' }), 1)).toEqual([2])
  })
})

describe('R17 an upstream that drops', () => {
  it('is replaced unseen where a cursor tells how to go on', async () => {
    const viewer = await watch({ after: '0' })
    tell(2)
    expect(await seen(viewer, 2)).toEqual([1, 2])
    room.end(new Failure('SUBGRAPH_UNAVAILABLE', 'gone'))
    tell(2)
    expect(await seen(viewer, 2)).toEqual([3, 4])
    expect(room.asked.map(({ variables }) => variables['after'])).toEqual(['0', '2'])
  })

  it('is told to viewers who cannot go on', async () => {
    const viewer = await watch({}, undefined, 'subscription { happened(room: 1) { seq } }')
    tell(1)
    await seen(viewer, 1)
    room.end(new Failure('SUBGRAPH_UNAVAILABLE', 'gone'))
    expect(await viewer.hear()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    })
  })
})

describe('an `after` that nobody has explained to the gateway', () => {
  it('is never shared: whoever came later would miss the beginning', async () => {
    await gateway.stop()
    gateway = await openTestGateway(room.parts, { subscribe: room.subscribe })
    tell(2)
    for (const wire of [await watch({ after: '0' }), await watch({ after: '0' })])
      expect(await seen(wire, 2)).toEqual([1, 2])
  })
})

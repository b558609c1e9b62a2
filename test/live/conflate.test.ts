import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeClock, type FakeClock } from '../support/fake-clock.js'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { conflatingRoom, testRoom, type TestRoom } from './room.js'
import { openAcknowledged, type Wire } from './wire.js'

const PRICES =
  'subscription W($after: String) { e: happened(room: 1, after: $after) { c: cursor p: product { i: id title } } }'
/** Does not say of which product, so nothing can be told to replace anything. */
const BLIND = 'subscription W($after: String) { e: happened(room: 1, after: $after) { cursor text } }'

let room: TestRoom
let gateway: TestGateway
let clock: FakeClock
beforeEach(async () => {
  clock = fakeClock()
  room = testRoom(conflatingRoom())
  gateway = await openTestGateway(room.parts, { subscribe: room.subscribe, clock })
})
afterEach(() => gateway.stop())

async function watch(query: string, after?: string): Promise<Wire> {
  const wire = await openAcknowledged(gateway.url)
  const before = gateway.live.viewers
  wire.say({ id: '1', type: 'subscribe', payload: { query, variables: { after } } })
  await until(() => gateway.live.viewers === before + 1)
  return wire
}

interface Event {
  readonly c: string
  readonly p: { readonly i: string } | null
}

async function hear(wire: Wire): Promise<Event> {
  return ((await wire.hear()) as { payload: { data: { e: Event } } }).payload.data.e
}

function tell(cursor: number, product: string): void {
  room.tell({ cursor: String(cursor), text: 'x', product: { id: product } })
}

describe('a live field whose values replace each other', () => {
  it('tells each key at its pace, the newest, whatever it is called in the operation', async () => {
    const wire = await watch(PRICES, '0')
    for (let at = 1; at <= 9; at++) tell(at, at % 2 === 0 ? 'a' : 'b')
    expect([await hear(wire), await hear(wire)]).toMatchObject([{ p: { i: 'b' } }, { p: { i: 'a' } }])
    await clock.advance(250)
    expect([await hear(wire), await hear(wire)]).toMatchObject([{ p: { i: 'a' } }, { c: '9', p: { i: 'b' } }])
  })

  it('drops nothing of what the operation does not tell apart', async () => {
    const wire = await watch(BLIND, '0')
    for (let at = 1; at <= 5; at++) tell(at, 'a')
    for (let at = 1; at <= 5; at++)
      expect(await wire.hear()).toMatchObject({ payload: { data: { e: { cursor: String(at) } } } })
  })

  it('R23 lets a viewer who left while a value was held back hear it on another gateway', async () => {
    const wire = await watch(PRICES, '0')
    tell(1, 'a')
    tell(2, 'a')
    tell(3, 'b')
    await hear(wire)
    const { c: cursor } = await hear(wire)
    const other = await openTestGateway(room.parts, { subscribe: room.subscribe, clock })
    try {
      const back = await openAcknowledged(other.url)
      back.say({ id: '1', type: 'subscribe', payload: { query: PRICES, variables: { after: cursor } } })
      expect(await hear(back)).toMatchObject({ p: { i: 'a' } })
      tell(4, 'c')
      expect(await hear(back)).toMatchObject({ p: { i: 'b' } })
      expect(await hear(back)).toMatchObject({ c: '4', p: { i: 'c' } })
    } finally {
      await other.stop()
    }
  })

  it('lets a viewer who comes back join the others, each with the newest values', async () => {
    const stays = await watch(PRICES)
    for (let at = 1; at <= 3; at++) tell(at, 'a')
    await hear(stays)
    await clock.advance(250)
    expect((await hear(stays)).c).toBe('3')
    const back = await watch(PRICES, '3')
    tell(4, 'b')
    expect([(await hear(back)).c, (await hear(stays)).c, gateway.live.groups]).toEqual(['4', '4', 1])
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import { fakeClock, type FakeClock } from '../support/fake-clock.js'
import { composed } from '../support/federated.js'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { testRoom, type TestRoom } from './room.js'
import { openAcknowledged, type Wire } from './wire.js'

const CROWD = 200
const QUERY = 'subscription { happened(room: 1) { seq text product { title } } }'

let room: TestRoom
let gateway: TestGateway
afterEach(() => gateway.stop())

async function open(config: Readonly<Record<string, unknown>> = {}, clock?: FakeClock): Promise<void> {
  room = testRoom()
  gateway = await openTestGateway(room.parts, { subscribe: room.subscribe, config, ...(clock && { clock }) })
}

async function crowd(size: number): Promise<readonly Wire[]> {
  return await Promise.all(Array.from({ length: size }, () => openAcknowledged(gateway.url)))
}

function join(wire: Wire, id = '1'): void {
  wire.say({ id, type: 'subscribe', payload: { query: QUERY } })
}

async function heardBy(wires: readonly Wire[]): Promise<readonly unknown[]> {
  return await Promise.all(wires.map(async (wire) => (await wire.hear())['payload']))
}

describe('R18 a crowd', () => {
  it('that subscribes at once is one upstream and one fetch per event, and everybody hears it', async () => {
    await open()
    const wires = await crowd(CROWD)
    for (const wire of wires) join(wire)
    await until(() => gateway.live.viewers === CROWD)
    room.tell({ seq: 1, product: { id: 'a' } })
    const event = { data: { happened: { seq: 1, text: null, product: { title: 'Ta' } } } }
    expect(await heardBy(wires)).toEqual(wires.map(() => event))
    expect([room.opened, room.fetched.times, gateway.live.groups]).toEqual([1, 1, 1])
  })

  it('before two gateways is one upstream and one fetch per event for each of them', async () => {
    await open()
    const other = await openTestGateway(room.parts, { subscribe: room.subscribe })
    const away = await Promise.all(Array.from({ length: 20 }, () => openAcknowledged(other.url)))
    const wires = [...(await crowd(20)), ...away]
    for (const wire of wires) join(wire)
    await until(() => gateway.live.viewers === 20 && other.live.viewers === 20)
    room.tell({ seq: 1, product: { id: 'a' } })
    expect(new Set((await heardBy(wires)).map((payload) => JSON.stringify(payload))).size).toBe(1)
    expect([room.opened, room.fetched.times]).toEqual([2, 2])
    await other.stop()
  })

  it('of groups that ask differently is one fetch per event for what they ask alike, and two for two identities', async () => {
    await open({ live: { shared: ['happened'], personal: ['Happening.mine'] } })
    const asks = Array.from({ length: 50 }, (_, at) => `n${at}: seq product { title }`)
    const wires = await crowd(asks.length)
    for (const [at, fields] of asks.entries())
      wires[at]?.say({
        id: '1',
        type: 'subscribe',
        payload: { query: `subscription { happened(room: 1) { ${fields} } }` },
      })
    await until(() => gateway.live.groups === asks.length)
    room.tell({ seq: 1, product: { id: 'a' } })
    const event = (at: number) => ({ data: { happened: { [`n${at}`]: 1, product: { title: 'Ta' } } } })
    expect(await heardBy(wires)).toEqual(asks.map((_, at) => event(at)))
    expect([room.open, room.fetched.times]).toEqual([1, 1])
    const ann = await openAcknowledged(gateway.url, { authorization: 'Bearer ann' })
    ann.say({
      id: '1',
      type: 'subscribe',
      payload: { query: 'subscription { happened(room: 1) { mine product { title } } }' },
    })
    await until(() => gateway.live.groups === asks.length + 1)
    room.tell({ seq: 2, product: { id: 'b' } })
    await heardBy([...wires, ann])
    expect(room.fetched.times).toBe(3)
  })

  it('that comes and goes leaves nothing behind', async () => {
    await open()
    const wires = await crowd(40)
    for (let turn = 1; turn <= 100; turn++)
      for (const wire of wires) {
        join(wire, `${turn}`)
        if (turn > 1) wire.say({ id: `${turn - 1}`, type: 'complete' })
      }
    await until(() => gateway.live.viewers === wires.length)
    for (const { socket } of wires) socket.terminate()
    await until(() => gateway.live.viewers === 0)
    expect(gateway.live).toMatchObject({ groups: 0, viewers: 0, upstreams: 0 })
    expect(room.open).toBe(0)
  })
})

describe('R14 a supergraph that makes a crowd’s question invalid', () => {
  it('ends each of them at a moment of his own within the window', async () => {
    const clock = fakeClock()
    await open({ reloadMs: 10_000, sockets: { pingMs: 1_000_000 } }, clock)
    const wires = await crowd(40)
    for (const wire of wires) join(wire)
    await until(() => gateway.live.viewers === wires.length)
    const { rooms, catalog } = room.parts
    const sdl = rooms?.sdl.replace('text: String', '') ?? ''
    await gateway.update(composed({ rooms: { sdl }, catalog: { sdl: catalog?.sdl ?? '' } }))
    await until(() => gateway.live.viewers === wires.length)
    await clock.advance(5_000)
    expect(gateway.live.viewers).toBeGreaterThan(5)
    expect(gateway.live.viewers).toBeLessThan(35)
    await clock.advance(5_000)
    expect(gateway.live).toMatchObject({ groups: 0, viewers: 0, upstreams: 0 })
    for (const wire of wires) expect(await wire.hear()).toMatchObject({ type: 'error' })
  })
})

describe('R22 a gateway that is stopped before a crowd', () => {
  it('says farewell to each at a moment of his own, and tells events until then', async () => {
    const clock = fakeClock()
    await open({ farewellMs: 4_000, drainMs: 8_000, sockets: { pingMs: 1_000_000 } }, clock)
    const wires = await crowd(40)
    for (const wire of wires) join(wire)
    await until(() => gateway.live.viewers === wires.length)
    const closed = wires.map((wire) => wire.closed())
    const stopped = gateway.stop()
    await clock.advance(2_000)
    expect(gateway.live.viewers).toBeGreaterThan(5)
    expect(gateway.live.viewers).toBeLessThan(35)
    await clock.advance(2_000)
    expect((await Promise.all(closed)).every(({ code }) => code === 1001)).toBe(true)
    await stopped
  })
})

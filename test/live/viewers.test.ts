import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { silent, type Observer } from '../../platform/observe/observer.js'
import { ANONYMOUS } from '../../schema/identity.js'
import { fakeClock } from '../support/fake-clock.js'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway, type TestGatewayOptions } from './open-test-gateway.js'
import { testRoom, type TestRoom } from './room.js'
import { openAcknowledged, openWire, type Wire } from './wire.js'

let room: TestRoom
let gateway: TestGateway
afterEach(() => gateway.stop())

async function open(options: TestGatewayOptions = {}): Promise<void> {
  room = testRoom()
  gateway = await openTestGateway(room.parts, { subscribe: room.subscribe, ...options })
}

async function watching(wire: Wire): Promise<Wire> {
  const before = gateway.live.viewers
  wire.say({ id: '1', type: 'subscribe', payload: { query: 'subscription { happened(room: 1) { seq text } }' } })
  await until(() => gateway.live.viewers === before + 1)
  return wire
}

describe('R20 a token that expires', () => {
  it('ends its socket at that moment with a code that lets the client return', async () => {
    const clock = fakeClock()
    const expiresAt = clock.now().getTime() / 1000 + 60
    const verify = () => Promise.resolve({ ...ANONYMOUS, member: 'Member:ann', expiresAt })
    await open({ clock, verify, config: { sockets: { pingMs: 1_000_000 } } })
    const wire = await watching(await openAcknowledged(gateway.url, { authorization: 'Bearer ann' }))
    await clock.advance(59_000)
    room.tell({ seq: 1 })
    expect(await wire.hear()).toMatchObject({ type: 'next' })
    await clock.advance(1_001)
    expect((await wire.closed()).code).toBe(4403)
    await until(() => room.open === 0)
  })
})

describe('a viewer who comes back with a cursor', () => {
  it('has a beginning of his own, which nobody joins halfway', async () => {
    await open()
    const query = 'subscription { happened(room: 1, after: "7") { seq } }'
    for (const at of [1, 2]) {
      const wire = await openAcknowledged(gateway.url)
      wire.say({ id: '1', type: 'subscribe', payload: { query } })
      await until(() => gateway.live.viewers === at)
    }
    expect(room.opened).toBe(2)
  })
})

describe('a viewer’s sign of life', () => {
  const BEAT_MS = 16_000

  it('is asked for at each beat, but at every third where he is told something meanwhile', async () => {
    const clock = fakeClock()
    await open({ clock, config: { sockets: { pingMs: BEAT_MS } } })
    const wire = await watching(await openAcknowledged(gateway.url))
    let asked = 0
    wire.socket.on('ping', () => asked++)
    const beat = async (): Promise<number> => {
      await clock.advance(BEAT_MS)
      wire.say({ type: 'ping' }) // its answer comes behind what the beat sent
      expect(await wire.hear()).toEqual({ type: 'pong' })
      return asked
    }
    const quiet = [await beat(), await beat()]
    const told: number[] = []
    for (let seq = 1; seq <= 6; seq++) {
      room.tell({ seq })
      expect(await wire.hear()).toMatchObject({ type: 'next' })
      told.push(await beat())
    }
    expect([quiet, told]).toEqual([
      [1, 2],
      [2, 2, 3, 3, 3, 4],
    ])
  })

  it('that never comes ends his socket, however much he is told', async () => {
    const clock = fakeClock()
    await open({ clock, config: { sockets: { pingMs: BEAT_MS } } })
    const dead = await watching(await openAcknowledged(gateway.url))
    const good = await watching(await openAcknowledged(gateway.url))
    dead.socket.pause()
    const viewers: number[] = []
    for (let seq = 1; seq <= 6; seq++) {
      room.tell({ seq })
      expect(await good.hear()).toMatchObject({ type: 'next' })
      await clock.advance(BEAT_MS)
      if (seq === 6) await until(() => gateway.live.viewers === 1)
      viewers.push(gateway.live.viewers)
    }
    expect(viewers).toEqual([2, 2, 2, 2, 2, 1])
  })
})

describe('R19 a viewer who stops reading', () => {
  it('is let go with a reason, and the others miss nothing', async () => {
    const dropped: string[] = []
    const observer: Observer = { ...silent, count: (name) => void dropped.push(name) }
    await open({ observer, config: { sockets: { mostBacklog: 65_536 } } })
    const slow = await watching(await openAcknowledged(gateway.url))
    const good = await watching(await openAcknowledged(gateway.url))
    slow.socket.pause()
    const text = 'x'.repeat(200_000)
    for (let seq = 1; gateway.live.viewers === 2 && seq < 500; seq++) {
      room.tell({ seq, text })
      expect(await good.hear()).toMatchObject({ payload: { data: { happened: { seq } } } })
    }
    expect(gateway.live.viewers).toBe(1)
    expect(dropped).toContain('live.lineClosed')
    slow.socket.resume()
    expect((await slow.closed()).code).toBe(1013)
  })
})

describe('S21 sockets', () => {
  it('of one address are bounded', async () => {
    await open({ config: { sockets: { mostPerAddress: 2 } } })
    const first = await openWire(gateway.url)
    await openWire(gateway.url)
    await expect(openWire(gateway.url)).rejects.toThrow('refused: 429')
    first.socket.close()
    await first.closed()
    await until(() =>
      openWire(gateway.url).then(
        () => true,
        () => false,
      ),
    )
  })

  it('of one member are bounded from wherever, and nobody’s are not', async () => {
    await open({ config: { sockets: { mostPerMember: 2 } } })
    const come = async (payload: object): Promise<Wire> => {
      const wire = await openWire(gateway.url)
      wire.say({ type: 'connection_init', payload })
      return wire
    }
    const ended = (wire: Wire): Promise<number | null> =>
      Promise.race([wire.closed().then(({ code }) => code), wire.hear().then(() => null)])
    const ann = { authorization: 'Bearer ann' }
    const wires = await Promise.all([ann, ann, { authorization: 'Bearer bob' }, {}, {}, {}].map(come))
    expect(new Set(await Promise.all(wires.map(ended)))).toEqual(new Set([null]))
    expect(await ended(await come(ann))).toBe(4429)
    wires[0]?.socket.terminate()
    await until(async () => (await ended(await come(ann))) === null)
  })

  it('may say a thing in frames of one byte each, which is one message', async () => {
    await open({ config: { sockets: { mostMessages: 2 } } })
    const wire = await openAcknowledged(gateway.url)
    const ping = { type: 'ping', payload: { words: 'x'.repeat(900) } }
    const bytes = Buffer.from(JSON.stringify(ping))
    for (const [at, byte] of bytes.entries())
      wire.socket.send(String.fromCharCode(byte), { fin: at === bytes.length - 1 })
    expect(await wire.hear()).toEqual({ ...ping, type: 'pong' })
  })

  it.each(['x', ''])('that never end a message of such frames are closed (%j)', async (piece) => {
    await open({ profile: 'strict' })
    const wire = await openAcknowledged(gateway.url)
    for (let at = 0; at <= 1_024; at++) wire.socket.send(piece, { fin: false })
    expect((await wire.closed()).code).toBe(1008)
  })

  it('that say more than may be said are gone as soon as they hear of it', async () => {
    let standing = 0
    const gauge: Observer['gauge'] = (name, value) => {
      if (name === 'socket.open') standing = value
    }
    await open({ observer: { ...silent, gauge } })
    const wire = await openAcknowledged(gateway.url)
    expect(standing).toBe(1)
    wire.say('x'.repeat(1_100_000))
    expect((await wire.closed()).code).toBe(1009)
    await until(() => standing === 0)
  }, 10_000)

  it('that never finish the head of their upgrade are cut', async () => {
    await open({ config: { headMs: 200 } })
    const { port, hostname } = new URL(gateway.url)
    const socket = connect(Number(port), hostname).setEncoding('utf8')
    let heard = ''
    socket.on('data', (words: string) => (heard += words))
    socket.write('GET /graphql HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\n')
    await once(socket, 'close')
    expect(heard).toMatch(/^HTTP\/1.1 408 /)
  })

  it('that flood us with messages are closed', async () => {
    await open({ config: { sockets: { mostMessages: 50 } } })
    const wire = await openAcknowledged(gateway.url)
    for (let at = 0; at < 60; at++) wire.say({ type: 'ping' })
    expect((await wire.closed()).code).toBe(1013)
  })

  it('run a bounded number of operations at a time', async () => {
    await open({ config: { sockets: { mostOperations: 1 } } })
    const wire = await watching(await openAcknowledged(gateway.url))
    wire.say({ id: '2', type: 'subscribe', payload: { query: '{ hello }' } })
    expect(await wire.hear()).toMatchObject({ id: '2', type: 'error', payload: [{ extensions: { code: 'BUSY' } }] })
  })
})

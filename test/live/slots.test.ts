import { afterEach, describe, expect, it } from 'vitest'
import { ANONYMOUS } from '../../schema/identity.js'
import { composed, type TestSubgraph } from '../support/federated.js'
import { fields } from '../../platform/decode.js'
import { until } from '../support/until.js'
import { openShared, openStream, type Heard } from './open-stream.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { LIVE_ROOM, RANKED_CATALOG, testRoom, type TestRoom } from './room.js'
import { openAcknowledged, type Wire } from './wire.js'

const QUERY = 'subscription { happened(room: 1) { seq cursor product { mine: rank title } text } }'

let room: TestRoom
let gateway: TestGateway
/** The members of each question for ranks, and the ids. */
let asked: { members: readonly string[]; ids: readonly string[] }[]
let failing: boolean
afterEach(() => gateway.stop())

/** A viewer's rank is the number in his name, for each product another multiple of it. */
function rankOf(member: string, id: string): number {
  return Number(member.slice('Member:m'.length)) * id.length
}

async function open(): Promise<void> {
  room = testRoom(LIVE_ROOM)
  ;[asked, failing] = [[], false]
  const ranks = (_: unknown, them: { members: readonly string[]; ids: readonly string[] }): unknown => {
    asked.push(them)
    if (failing) throw new Error('no ranks today')
    return them.members.map((member) => them.ids.map((id) => rankOf(member, id)))
  }
  const catalog: TestSubgraph = {
    sdl: RANKED_CATALOG,
    resolvers: { ...room.parts['catalog']?.resolvers, Query: { hello: () => 'hi', ranks } },
  }
  const verify = (token: string) =>
    Promise.resolve({ ...ANONYMOUS, member: `Member:${token}`, expiresAt: 4_000_000_000 })
  gateway = await openTestGateway(
    { ...room.parts, catalog },
    { subscribe: room.subscribe, verify, config: { reloadMs: 100 } },
  )
}

async function watching(name: string | null, query = QUERY): Promise<Wire> {
  const wire = await openAcknowledged(gateway.url, name === null ? undefined : { authorization: `Bearer ${name}` })
  const before = gateway.live.viewers
  wire.say({ id: '1', type: 'subscribe', payload: { query } })
  await until(() => gateway.live.viewers > before)
  return wire
}

/** How an event of each streamed way is found in its text, and the answer in it. */
const STREAMS: Readonly<Record<string, Streamed>> = {
  'Server-Sent Events': {
    open: (name) => openStream(gateway.url, 'text/event-stream', QUERY, bearer(name)),
    events: /^data: (\{.*)$/gm,
    answer: (told) => told,
  },
  'the single connection of SSE': {
    open: (name) => openShared(gateway.url, QUERY, bearer(name)),
    events: /^data: (\{.*)$/gm,
    answer: (told) => fields(told, 'told')['payload'],
  },
  multipart: {
    open: (name) => openStream(gateway.url, MULTIPART, QUERY, bearer(name)),
    events: /^(\{"payload".*\})\r$/gm,
    answer: (told) => fields(told, 'told')['payload'],
  },
}
const MULTIPART = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0'
const bearer = (name: string): Record<string, string> => ({ authorization: `Bearer ${name}` })

interface Streamed {
  readonly open: (name: string) => Promise<Heard>
  readonly events: RegExp
  readonly answer: (told: unknown) => unknown
}

/** So many answers of a stream, once they are there. */
async function answers(heard: Heard, { events, answer }: Streamed, count: number): Promise<unknown[]> {
  const found = (): string[] => [...heard.text.matchAll(events)].map(([, text = '']) => text)
  await until(() => found().length >= count)
  return found().map((text) => answer(JSON.parse(text)))
}

async function heard(wire: Wire): Promise<unknown> {
  return (await wire.hear())['payload']
}

const event = (seq: number, mine: number | null, id = 'aa') => ({
  happened: { seq, cursor: `${seq}`, product: { mine, title: `T${id}` }, text: 'x' },
})
const tell = (seq: number, id = 'aa'): void => room.tell({ seq, cursor: `${seq}`, product: { id }, text: 'x' })

describe('a field that depends on the viewer alone', () => {
  it('S28 is asked once for a hundred members of one group, and each is told his own', async () => {
    await open()
    const wires: Wire[] = []
    for (let nth = 1; nth <= 100; nth++) wires.push(await watching(`m${nth}`))
    expect(gateway.live).toMatchObject({ groups: 1, viewers: 100, upstreams: 1 })
    for (const seq of [1, 2]) {
      tell(seq)
      for (const [at, wire] of wires.entries()) expect(await heard(wire)).toEqual({ data: event(seq, (at + 1) * 2) })
    }
    expect([asked.length, asked[0]?.members.length, room.fetched.times]).toEqual([2, 100, 2])
  })

  it('is asked once for two lines of one member, and not at all for whoever has no token', async () => {
    await open()
    const wires = [await watching('m7'), await watching(null), await watching('m7')]
    tell(1, 'abc')
    expect(await Promise.all(wires.map(heard))).toEqual([21, null, 21].map((mine) => ({ data: event(1, mine, 'abc') })))
    expect(asked).toEqual([{ members: ['Member:m7'], ids: ['abc'] }])
  })

  it.each(Object.entries(STREAMS))('S28 is spliced into %s, too, by one question for all', async (_, way) => {
    await open()
    const streams = [await way.open('m1'), await way.open('m2')]
    await until(() => gateway.live.viewers === 2)
    tell(1)
    tell(2)
    for (const [at, heard] of streams.entries())
      expect(await answers(heard, way, 2)).toEqual([1, 2].map((seq) => ({ data: event(seq, (at + 1) * 2) })))
    expect([gateway.live.groups, asked.length]).toEqual([1, 2])
    for (const heard of streams) heard.leave()
  })

  it('S28 is each member’s own on whichever way he watches, by one question for all ways', async () => {
    await open()
    const ways = Object.values(STREAMS)
    const streams = await Promise.all(ways.map((way, at) => way.open(`m${at + 1}`)))
    const wire = await watching('m9')
    await until(() => gateway.live.viewers === 4)
    tell(1)
    for (const [at, way] of ways.entries())
      expect(await answers(streams[at] as Heard, way, 1)).toEqual([{ data: event(1, (at + 1) * 2) }])
    expect(await heard(wire)).toEqual({ data: event(1, 18) })
    expect(asked.map(({ members }) => members.length)).toEqual([4])
    for (const stream of streams) stream.leave()
  })

  it('costs itself alone when it cannot be asked, and nothing at all where nobody asked for it', async () => {
    await open()
    const wires = [await watching('m1'), await watching(null)]
    failing = true
    tell(1)
    expect(await heard(wires[0] as Wire)).toEqual({
      data: event(1, null),
      errors: [
        {
          message: 'The part that owns these fields did not answer.',
          path: ['happened', 'product', 'mine'],
          extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
        },
      ],
    })
    expect(await heard(wires[1] as Wire)).toEqual({ data: event(1, null) })
    failing = false
    tell(2)
    expect(await heard(wires[0] as Wire)).toEqual({ data: event(2, 2) })
  })

  it('is not asked of an event that has none', async () => {
    await open()
    const wire = await watching('m1')
    room.tell({ seq: 1, cursor: '1', text: 'x' })
    expect(await heard(wire)).toEqual({ data: { happened: { seq: 1, cursor: '1', product: null, text: 'x' } } })
    expect(asked).toEqual([])
  })

  it('S28 is each viewer’s own also behind a cursor, until he stands among the others', async () => {
    await open()
    const first = await watching('m1')
    for (const seq of [1, 2]) tell(seq)
    for (const seq of [1, 2]) expect(await heard(first)).toEqual({ data: event(seq, 2) })
    const late = await openAcknowledged(gateway.url, { authorization: 'Bearer m2' })
    const query = QUERY.replace('subscription', 'subscription ($after: String)').replace(
      'room: 1',
      'room: 1, after: $after',
    )
    late.say({ id: '1', type: 'subscribe', payload: { query, variables: { after: '1' } } })
    expect(await heard(late)).toEqual({ data: event(2, 4) })
    tell(3)
    expect([await heard(late), await heard(first)]).toEqual([{ data: event(3, 4) }, { data: event(3, 2) }])
  })

  it('S28 is asked by no client for others', async () => {
    await open()
    const answer = await gateway.post({ query: '{ ranks(members: ["Member:m1"], ids: ["a"]) }' })
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
    expect(asked).toEqual([])
  })

  it('S28 ends for all, with a code, when a new supergraph says something else of it', async () => {
    await open()
    const wire = await watching('m1')
    const sdl = RANKED_CATALOG.replace('@live(viewer: "ranks")', '@live(personal: true)')
    await gateway.update(composed({ rooms: { sdl: LIVE_ROOM }, catalog: { sdl } }))
    expect(await wire.hear()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' } }],
    })
  })
})

import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { once } from 'node:events'
import { openWire } from '../wire.js'
import { acknowledged, answers, closes, hears, hearsNothing, opened, QUERY, type Scenario } from './scenario.js'

const subscribe = (id: unknown, payload: unknown): object => ({ id, type: 'subscribe', payload })

/** What a client may send that is in no protocol's document, each with the words for it. */
const MALFORMED: readonly (readonly [string, unknown])[] = [
  ['no JSON', 'hello'],
  ['an empty text', ''],
  ['a list', '[]'],
  ['null', 'null'],
  ['no type', {}],
  ['a type that is no text', { type: 1 }],
  ['an unknown type', { type: 'stop' }],
  ['a type of the older protocol', { id: '1', type: 'start', payload: { query: QUERY } }],
  ['a type that only servers use (ack)', { type: 'connection_ack' }],
  ['a type that only servers use (next)', { id: '1', type: 'next', payload: {} }],
  ['a type that only servers use (error)', { id: '1', type: 'error', payload: [] }],
  ['a subscribe without id', { type: 'subscribe', payload: { query: QUERY } }],
  ['a subscribe with a number for id', subscribe(1, { query: QUERY })],
  ['a subscribe with an empty id', subscribe('', { query: QUERY })],
  ['a subscribe without payload', { id: '1', type: 'subscribe' }],
  ['a subscribe without query', subscribe('1', {})],
  ['a query that is no text', subscribe('1', { query: 7 })],
  ['variables that are no object', subscribe('1', { query: QUERY, variables: 'a' })],
  ['variables that are a list', subscribe('1', { query: QUERY, variables: [] })],
  ['an operation name that is no text', subscribe('1', { query: QUERY, operationName: 1 })],
  ['extensions that are no object', subscribe('1', { query: QUERY, extensions: 1 })],
  ['a complete without id', { type: 'complete' }],
  ['a ping whose payload is no object', { type: 'ping', payload: 'a' }],
  ['a pong whose payload is no object', { type: 'pong', payload: 1 }],
]

/** `graphql-transport-ws`, from its handshake to its end. */
export const SOCKET_SCENARIOS: readonly Scenario[] = [
  {
    says: 'the sub-protocol is chosen among those offered',
    async holds({ url }) {
      const wire = await openWire(url, { protocol: ['graphql-ws', 'graphql-transport-ws'] })
      equal(wire.socket.protocol, 'graphql-transport-ws')
      wire.socket.terminate()
    },
  },
  {
    says: 'without any sub-protocol the socket is closed with 4406',
    async holds({ url }) {
      await closes(await openWire(url, { protocol: [] }), 4406)
    },
  },
  {
    says: 'with another sub-protocol only the socket is not accepted',
    holds: async ({ url }) => await rejects(openWire(url, { protocol: 'graphql-ws' })),
  },
  opened('no compression is agreed on', async ({ socket }) => {
    equal(socket.extensions, '')
    await Promise.resolve()
  }),
  opened('connection_init is acknowledged', async (wire) => {
    wire.say({ type: 'connection_init' })
    await hears(wire, 'connection_ack')
  }),
  opened('connection_init may bring a payload', async (wire) => {
    wire.say({ type: 'connection_init', payload: { hello: 'there' } })
    await hears(wire, 'connection_ack')
  }),
  opened('connection_init with a payload that is no object is 4400', async (wire) => {
    wire.say({ type: 'connection_init', payload: 'hello' })
    await closes(wire, 4400)
  }),
  opened('without connection_init the socket is closed with 4408 in its time', async (wire) => {
    await closes(wire, 4408)
  }),
  opened('a second connection_init is 4429, also before the first is acknowledged', async (wire) => {
    wire.say({ type: 'connection_init' })
    wire.say({ type: 'connection_init' })
    await closes(wire, 4429)
  }),
  acknowledged('a second connection_init is 4429', async (wire) => {
    wire.say({ type: 'connection_init' })
    await closes(wire, 4429)
  }),
  opened('a subscribe before connection_init is 4401', async (wire) => {
    wire.say(subscribe('1', { query: QUERY }))
    await closes(wire, 4401)
  }),
  opened('a ping is answered before connection_init', async (wire) => {
    wire.say({ type: 'ping' })
    await hears(wire, 'pong')
  }),
  acknowledged('a ping is answered with its payload', async (wire) => {
    wire.say({ type: 'ping', payload: { at: [1, 'é'] } })
    deepEqual(await wire.hear(), { type: 'pong', payload: { at: [1, 'é'] } })
  }),
  acknowledged('a pong that nobody asked for is ignored', async (wire) => {
    wire.say({ type: 'pong' })
    wire.say({ type: 'pong', payload: { a: 1 } })
    await hearsNothing(wire)
  }),
  acknowledged('a ping of WebSocket itself is answered with its own bytes', async ({ socket }) => {
    socket.ping('are you there')
    const [bytes] = (await once(socket, 'pong')) as [Buffer]
    equal(bytes.toString(), 'are you there')
  }),
  acknowledged('a query is one next and then complete', async (wire) => {
    await answers(wire, '1')
    await hearsNothing(wire)
  }),
  acknowledged('an id may be used again after complete', async (wire) => {
    await answers(wire, '1')
    await answers(wire, '1')
  }),
  acknowledged('an id is given back as it came, whatever is in it', async (wire) => {
    for (const id of ['é"\\\n', '😀', ' ', '__proto__', 'x'.repeat(100)]) await answers(wire, id)
  }),
  acknowledged('what cannot be parsed is an error, and the socket stays', async (wire) => {
    wire.say(subscribe('1', { query: '{' }))
    const { payload } = await hears(wire, 'error', '1')
    ok(Array.isArray(payload) && payload.length > 0)
    await hearsNothing(wire)
  }),
  acknowledged('what is not valid is an error with a message', async (wire) => {
    wire.say(subscribe('1', { query: '{ noSuchFieldAnywhere }' }))
    const { payload } = await hears(wire, 'error', '1')
    ok((payload as { message?: unknown }[]).every(({ message }) => typeof message === 'string'))
  }),
  acknowledged('no complete follows an error', async (wire) => {
    wire.say(subscribe('1', { query: '{ noSuchFieldAnywhere }' }))
    await hears(wire, 'error', '1')
    await hearsNothing(wire)
  }),
  acknowledged('an id may be used again after an error', async (wire) => {
    wire.say(subscribe('1', { query: '{ noSuchFieldAnywhere }' }))
    await hears(wire, 'error', '1')
    await answers(wire, '1')
  }),
  acknowledged('the operation is chosen by its name', async (wire) => {
    wire.say(subscribe('1', { query: 'query A { a: __typename } query B { b: __typename }', operationName: 'B' }))
    const { payload } = await hears(wire, 'next', '1')
    deepEqual(Object.keys((payload as { data: object }).data), ['b'])
  }),
  acknowledged('a name that no operation has is an error', async (wire) => {
    wire.say(subscribe('1', { query: 'query A { __typename }', operationName: 'B' }))
    await hears(wire, 'error', '1')
  }),
  acknowledged('several operations without a name are an error', async (wire) => {
    wire.say(subscribe('1', { query: 'query A { __typename } query B { __typename }' }))
    await hears(wire, 'error', '1')
  }),
  acknowledged('a variable that is missing is an error', async (wire) => {
    wire.say(subscribe('1', { query: 'query ($a: Boolean!) { __typename @include(if: $a) }' }))
    await hears(wire, 'error', '1')
  }),
  acknowledged('variables, name and extensions may be null', async (wire) => {
    wire.say(subscribe('1', { query: QUERY, variables: null, operationName: null, extensions: null }))
    await hears(wire, 'next', '1')
  }),
  acknowledged('a subscription runs beside queries of the same socket', async (wire, { subscription }) => {
    wire.say(subscribe('s', { query: subscription }))
    await answers(wire, 'q')
  }),
  acknowledged('an id that runs is not taken twice: 4409, and the reason names it', async (wire, { subscription }) => {
    wire.say(subscribe('s', { query: subscription }))
    wire.say(subscribe('s', { query: subscription }))
    equal(await closes(wire, 4409), 'Subscriber for s already exists')
  }),
  acknowledged('an id is free as soon as its client completes it', async (wire, { subscription }) => {
    wire.say(subscribe('s', { query: subscription }))
    wire.say({ id: 's', type: 'complete' })
    wire.say(subscribe('s', { query: subscription }))
    await hearsNothing(wire)
  }),
  acknowledged('nothing is told of what its client has completed', async (wire, { subscription }) => {
    wire.say(subscribe('s', { query: subscription }))
    wire.say({ id: 's', type: 'complete' })
    await hearsNothing(wire)
  }),
  acknowledged('a complete of what is not running is ignored, also twice', async (wire) => {
    wire.say({ id: 'nothing', type: 'complete' })
    wire.say({ id: 'nothing', type: 'complete' })
    await hearsNothing(wire)
  }),
  acknowledged('many messages in one go are answered in their order', async (wire) => {
    for (let at = 0; at < 50; at++) wire.say({ type: 'ping', payload: { at } })
    for (let at = 0; at < 50; at++) deepEqual(await wire.hear(), { type: 'pong', payload: { at } })
  }),
  acknowledged('a message in fragments is one message', async (wire) => {
    for (const part of ['{"type"', ':"pi']) wire.socket.send(part, { fin: false })
    wire.socket.send('ng"}')
    deepEqual(await wire.hear(), { type: 'pong' })
  }),
  acknowledged('a binary message is not one of this protocol', async (wire) => {
    wire.socket.send(Buffer.from(JSON.stringify({ type: 'ping' })))
    const { code } = await wire.closed()
    ok(code === 4400 || code === 1003, String(code))
  }),
  acknowledged('RFC 6455: text that is not UTF-8 is 1007', async (wire) => {
    wire.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false })
    await closes(wire, 1007)
  }),
  acknowledged('RFC 6455: a frame that is not masked is 1002', async (wire) => {
    wire.socket.send('{"type":"ping"}', { mask: false })
    await closes(wire, 1002)
  }),
  acknowledged('RFC 6455: a message over the limit is 1009', async (wire) => {
    wire.socket.send('x'.repeat(20_000_000))
    await closes(wire, 1009)
  }),
  acknowledged('RFC 6455: a close is answered with its own code', async (wire) => {
    wire.socket.close(1000, 'bye')
    await closes(wire, 1000)
  }),
  ...MALFORMED.map(([what, message]) =>
    acknowledged(`${what} is 4400`, async (wire) => {
      wire.say(message)
      await closes(wire, 4400)
    }),
  ),
]

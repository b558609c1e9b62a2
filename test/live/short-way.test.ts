import { request } from 'node:http'
import { brotliDecompressSync } from 'node:zlib'
import { GraphQLError } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silent } from '../../platform/observe/observer.js'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'

let short = 0
let bought = 0
let gateway: TestGateway

const parts = {
  shop: {
    sdl: `type Query { hello(name: String): String long: String wrong: Int! busy: Int item: Item }
      type Mutation { buy(count: Int!): Int }
      type Subscription { ticks: Int }
      type Item @key(fields: "id") { id: ID! name: String }`,
    resolvers: {
      Query: {
        hello: (_: unknown, { name }: { name?: string }) => `hi ${name ?? ''}`,
        long: () => 'long '.repeat(1_000),
        wrong: () => null,
        busy: () => {
          throw new GraphQLError('try again later', { extensions: { code: 'BUSY', retryAfterMs: 300 } })
        },
        item: () => ({ id: '1', name: 'tea' }),
      },
      Mutation: { buy: (_: unknown, { count }: { count: number }) => (bought += count) },
    },
  },
}
beforeAll(async () => {
  const observer = { ...silent, count: (name: string) => void (short += name === 'edge.short' ? 1 : 0) }
  gateway = await openTestGateway(parts, { observer })
})
afterAll(() => gateway.stop())

type Headers = Readonly<Record<string, string>>
interface Told {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Buffer
}

/** Posts raw bytes over a connection of its own, so that every header is ours. */
function sent(to: TestGateway, body: string | readonly string[], headers: Headers = {}): Promise<Told> {
  const chunks = typeof body === 'string' ? [body] : body
  const length = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk), 0)
  return new Promise((resolve, reject) => {
    const out = request(`${to.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': length, 'x-request-id': 'r1', ...headers },
    })
    out.on('error', reject)
    out.on('response', (answer) => {
      const read: Buffer[] = []
      answer.on('data', (chunk: Buffer) => read.push(chunk))
      answer.on('end', () => {
        delete answer.headers.date
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(read) })
      })
    })
    const write = (at: number): void => {
      const chunk = chunks[at]
      if (chunk === undefined) out.end()
      else out.write(chunk, () => setImmediate(write, at + 1))
    }
    write(0)
  })
}

const json = (query: string, more: object = {}): string => JSON.stringify({ query, ...more })

/** How often the short way was taken for a body that was sent twice. */
async function taken(body: string, headers: Headers = {}): Promise<number> {
  await sent(gateway, body, headers)
  short = 0
  await sent(gateway, body, headers)
  return short
}

const NAMED = 'query A($name: String) { hello(name: $name) } query B { hello }'
const SAME: readonly (readonly [string, string, Headers])[] = [
  ['a plain question', json('{ hello }'), {}],
  ['what any client accepts', json('{ hello }'), { accept: '*/*' }],
  ['the newer media type', json('{ hello }'), { accept: 'application/graphql-response+json' }],
  ['variables', json(NAMED, { operationName: 'A', variables: { name: '价' } }), {}],
  ['a token', json('{ hello }'), { authorization: 'Bearer ann' }],
  ['a field that fails', json('{ wrong }'), {}],
  ['a part that is busy, and when to come again', json('{ busy }'), {}],
  ['an answer that is packed', json('{ long }'), { 'accept-encoding': 'gzip, br' }],
  ['a large answer for who cannot unpack', json('{ long }'), {}],
  ['introspection', json('{ __schema { queryType { name } } }'), {}],
]

describe('an operation that is known', () => {
  for (const [name, body, headers] of SAME)
    it(`has the same answer both ways, byte for byte: ${name}`, async () => {
      const long = await sent(gateway, body, headers)
      short = 0
      expect(await sent(gateway, body, headers)).toEqual(long)
      expect(short).toBe(1)
    })

  it('is packed as the client asked', async () => {
    await sent(gateway, json('{ long }'))
    const { body } = await sent(gateway, json('{ long }'), { 'accept-encoding': 'br' })
    expect(JSON.parse(brotliDecompressSync(body).toString())).toEqual({ data: { long: 'long '.repeat(1_000) } })
  })

  it('runs a mutation once each time', async () => {
    const body = json('mutation { buy(count: 1) }')
    await sent(gateway, body)
    const before = bought
    const { body: answer } = await sent(gateway, body)
    expect([answer.toString(), bought]).toEqual([`{"data":{"buy":${before + 1}}}`, before + 1])
  })
})

const LONG: readonly (readonly [string, string, Headers])[] = [
  ['a wrong variable', json('query ($n: String) { hello(name: $n) }', { variables: { n: 1 } }), {}],
  ['an operation that the document has not', json(NAMED, { operationName: 'C' }), {}],
  ['no choice between two operations', json(NAMED), {}],
  ['a subscription', json('subscription { ticks }'), {}],
  ['a document that is none', json('{ hello'), {}],
  ['a field that is not there', json('{ nothing }'), {}],
  ['a wrong token', json('{ hello }'), { authorization: 'Bearer old' }],
  ['a cookie', json('{ hello }'), { cookie: 'a=b' }],
  ['extensions', json('{ hello }', { extensions: {} }), {}],
  ['a stream', json('{ hello }'), { accept: 'text/event-stream' }],
  ['another type', json('{ hello }'), { 'content-type': 'text/plain' }],
  ['a packed body', json('{ hello }'), { 'content-encoding': 'gzip' }],
  ['a batch', `[${json('{ hello }')}]`, {}],
  ['JSON that is none', '{"query":', {}],
  ['no body', '', {}],
]

describe('what the short way cannot answer', () => {
  for (const [name, body, headers] of LONG)
    it(`goes the long way: ${name}`, async () => {
      await sent(gateway, json('{ hello }'))
      expect(await taken(body, headers)).toBe(0)
    })

  it('comes to the long way whole, also when its body comes in pieces', async () => {
    const body = json('{ hello }')
    await sent(gateway, body)
    const { status, body: answer } = await sent(gateway, [body.slice(0, 5), body.slice(5)])
    expect([status, answer.toString()]).toEqual([200, '{"data":{"hello":"hi "}}'])
  })

  it('is refused over the limit of a body', async () => {
    const { status } = await sent(gateway, json('{ hello }', { variables: { name: 'x'.repeat(1_100_000) } }))
    expect(status).toBe(413)
  })

  it('is everything once the schema has changed, until it is known again', async () => {
    const other = await openTestGateway(parts, {
      observer: { ...silent, count: (name) => void (short += name === 'edge.short' ? 1 : 0) },
    })
    const body = json('{ hello }')
    await sent(other, body)
    await other.update(other.graph.supergraph)
    short = 0
    await sent(other, body)
    expect(short).toBe(0)
    await sent(other, body)
    await until(() => short === 1)
    await other.stop()
  })
})

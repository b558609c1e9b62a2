import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { serveGateway, type ServedGateway } from '../support/served-gateway.js'
import { serveSubgraphs, type Misbehaviour, type ServedSubgraphs } from '../support/served-subgraphs.js'

/** The time of a subgraph here, and the most that is read of it. */
const TIMEOUT_MS = 250
const MOST_BYTES = 50_000
/** Long enough that what was sent before has been read. */
const CLOSE_MS = 20

const itself = { __resolveReference: (reference: object) => ({ ...reference, left: 3, sold: 4, note: 'n' }) }
const PARTS = {
  shop: {
    sdl: 'type Query { shops: [Shop!] } type Shop @key(fields: "id") { id: ID! name: String }',
    resolvers: { Query: { shops: () => ['1', '2'].map((id) => ({ id, name: `s${id}` })) } },
  },
  stock: { sdl: 'type Shop @key(fields: "id") { id: ID! left: Int note: String }', resolvers: { Shop: itself } },
  sales: { sdl: 'type Shop @key(fields: "id") { id: ID! sold: Int }', resolvers: { Shop: itself } },
}
const QUERY = '{ shops { name left sold } }'
const WHOLE = ['1', '2'].map((id) => ({ name: `s${id}`, left: 3, sold: 4 }))

const JSON_TYPE = { 'content-type': 'application/json' }

/** Bytes as they are, in place of an answer. */
const raw =
  (bytes: string): Misbehaviour =>
  ({ socket }) =>
    void socket.end(bytes)

/** The right answer, changed. */
const changed =
  (change: (data: Record<string, unknown>) => unknown): Misbehaviour =>
  async (_request, response, answer) => {
    const { data } = JSON.parse(await answer()) as { data: Record<string, unknown> }
    response.writeHead(200, JSON_TYPE).end(JSON.stringify({ data: change(data) }))
  }

const eachList = (data: Record<string, unknown>, change: (list: unknown[]) => unknown): unknown =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Array.isArray(value) ? change(value) : value]))

/** What goes wrong, how, and what the client is told of the fields that it costs. */
const FAULTS: readonly (readonly [string, Misbehaviour, string])[] = [
  ['is down', ({ socket }) => void socket.resetAndDestroy(), 'SUBGRAPH_UNAVAILABLE'],
  ['never answers', () => undefined, 'SUBGRAPH_TIMEOUT'],
  [
    'answers too late',
    async (_request, response, answer) => {
      const late = await answer()
      setTimeout(() => response.writeHead(200, JSON_TYPE).end(late), TIMEOUT_MS * 2).unref()
    },
    'SUBGRAPH_TIMEOUT',
  ],
  [
    'resets the connection in the middle of its answer',
    async ({ socket }, response, answer) => {
      const body = await answer()
      response.writeHead(200, { ...JSON_TYPE, 'content-length': body.length })
      response.write(body.slice(0, body.length / 2), () => setImmediate(() => socket.resetAndDestroy()))
    },
    'SUBGRAPH_UNAVAILABLE',
  ],
  [
    'closes the connection in the middle of its answer',
    raw('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"data":'),
    'SUBGRAPH_UNAVAILABLE',
  ],
  [
    'says how much it will answer, sends half of it, and closes slowly',
    async ({ socket }, response, answer) => {
      const body = await answer()
      response.writeHead(200, { ...JSON_TYPE, 'content-length': body.length }).write(body.slice(0, body.length / 2))
      setTimeout(() => socket.end(), CLOSE_MS)
    },
    'SUBGRAPH_UNAVAILABLE',
  ],
  [
    'answers in pieces, and closes slowly before the last',
    async ({ socket }, response, answer) => {
      response.writeHead(200, JSON_TYPE).write(await answer()) // all is there but the sign that it is all
      setTimeout(() => socket.end(), CLOSE_MS)
    },
    'SUBGRAPH_UNAVAILABLE',
  ],
  ['speaks no HTTP', raw('\x16\x03\x01 garbage \xff\xfe\r\n\r\n'), 'SUBGRAPH_UNAVAILABLE'],
  [
    'answers with HTML',
    (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
    'SUBGRAPH_MALFORMED',
  ],
  [
    'answers with half of its JSON',
    (_, response) => void response.writeHead(200, JSON_TYPE).end('{"data":{'),
    'SUBGRAPH_MALFORMED',
  ],
  [
    'answers with no UTF-8',
    (_, response) => void response.writeHead(200, JSON_TYPE).end(Buffer.from('{"data":"\xff"}', 'latin1')),
    'SUBGRAPH_MALFORMED',
  ],
  [
    'answers in an encoding that nobody knows',
    async (_, response, answer) =>
      void response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'zebra' }).end(await answer()),
    'SUBGRAPH_MALFORMED',
  ],
  [
    'answers with what is not what it says it is packed as',
    async (_, response, answer) =>
      void response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(await answer()),
    'SUBGRAPH_MALFORMED',
  ],
  [
    'answers with little that unpacks to much',
    (_, response) =>
      void response
        .writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' })
        .end(gzipSync(`{"data":"${'x'.repeat(10 * MOST_BYTES)}"}`)),
    'SUBGRAPH_TOO_LARGE',
  ],
  ['answers with a text for a list', changed((data) => eachList(data, () => 'x')), 'SUBGRAPH_MALFORMED'],
  [
    'answers with texts for objects',
    changed((data) => eachList(data, (list) => list.map(() => 'x'))),
    'SUBGRAPH_MALFORMED',
  ],
  [
    'answers without end',
    (_, response) => {
      response.writeHead(200, JSON_TYPE)
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(10_000), () => setImmediate(more))
      }
      more()
    },
    'SUBGRAPH_TOO_LARGE',
  ],
  [
    'answers a byte at a time',
    async (_request, response, answer) => {
      const body = await answer()
      response.writeHead(200, JSON_TYPE)
      let at = 0
      const beat = setInterval(() => {
        if (response.destroyed || at >= body.length) clearInterval(beat)
        else response.write(body.charAt(at++))
      }, 20).unref()
    },
    'SUBGRAPH_TIMEOUT',
  ],
  [
    'sends its head and then nothing',
    (_, response) => {
      response.writeHead(200, JSON_TYPE).flushHeaders()
    },
    'SUBGRAPH_TIMEOUT',
  ],
  [
    'redirects',
    (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end(),
    'SUBGRAPH_UNAVAILABLE',
  ],
  [
    'fails with a page of its proxy',
    (_, response) => void response.writeHead(502).end('10.1.2.3 died'),
    'SUBGRAPH_UNAVAILABLE',
  ],
]

let served: ServedSubgraphs
let gateway: ServedGateway
beforeAll(async () => {
  served = await serveSubgraphs(PARTS)
  gateway = await serveGateway(served, {
    sharing: false,
    tellAll: false,
    fetch: { timeoutMs: TIMEOUT_MS, mostBytes: MOST_BYTES, breaker: { failures: 0 }, retry: { percent: 0 } },
  })
  await gateway.ask(QUERY)
})
afterEach(() => {
  for (const name of Object.keys(PARTS)) served.misbehave(name, null)
})
afterAll(async () => {
  await gateway.stop()
  await served.stop()
})

describe('R09 when one of three subgraphs', () => {
  const CASES = FAULTS.flatMap(([fault, how, code]) =>
    (['stock', 'sales'] as const).map((name) => [name, fault, how, code] as const),
  )

  it.each(CASES)('%s %s, its fields are null with a code, and all others are there', async (name, _, how, code) => {
    served.misbehave(name, how)
    const { data, errors = [] } = await gateway.ask(QUERY)
    const field = name === 'stock' ? 'left' : 'sold'
    expect(data).toEqual({ shops: WHOLE.map((shop) => ({ ...shop, [field]: null })) })
    expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual(
      [0, 1].map((at) => [`shops.${at}.${field}`, code]),
    )
    expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|10\.1\.2\.3|ECONN|html/)
  })

  it.each(FAULTS)('whom all others stand on %s, there is nothing, and one error says why', async (_, how, code) => {
    served.misbehave('shop', how)
    const { data, errors = [] } = await gateway.ask(QUERY)
    expect(data).toEqual({ shops: null })
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set([code]))
    expect(errors[0]?.path?.[0]).toBe('shops')
  })

  it('gives one entity too few, that costs its fields', async () => {
    served.misbehave(
      'stock',
      changed((data) => eachList(data, (list) => list.slice(1))),
    )
    const { data, errors } = await gateway.ask(QUERY)
    expect(data).toEqual({ shops: WHOLE.map((shop) => ({ ...shop, left: null })) })
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['SUBGRAPH_MALFORMED', 'SUBGRAPH_MALFORMED'])
  })

  it('answers some of it and fails at the rest, what is there stays', async () => {
    served.misbehave(
      'stock',
      (_, response) =>
        void response.writeHead(200, JSON_TYPE).end(
          JSON.stringify({
            data: { _entities: [{ left: 3 }, { left: null }] },
            errors: [{ message: 'select * from t', path: ['_entities', 1, 'left'] }],
          }),
        ),
    )
    const { data, errors } = await gateway.ask(QUERY)
    expect(data).toEqual({ shops: WHOLE.map((shop, at) => ({ ...shop, left: at === 0 ? 3 : null })) })
    expect(errors).toMatchObject([{ path: ['shops', 1, 'left'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }])
  })

  it.each(Object.keys(PARTS))('%s answers a byte at a time, yet in time, nothing is missing', async (name) => {
    const patient = await serveGateway(served, { sharing: false, fetch: { timeoutMs: 60_000 } })
    served.misbehave(name, async (_request, response, answer) => {
      response.writeHead(200, JSON_TYPE)
      for (const sign of await answer()) await new Promise<void>((resolve) => response.write(sign, () => resolve()))
      response.end()
    })
    expect(await patient.ask(QUERY)).toEqual({ data: { shops: WHOLE } })
    await patient.stop()
  })

  it('comes back, all is there again', async () => {
    served.misbehave('stock', ({ socket }) => void socket.resetAndDestroy())
    await gateway.ask(QUERY)
    served.misbehave('stock', null)
    expect(await gateway.ask(QUERY)).toEqual({ data: { shops: WHOLE } })
  })
})

describe('R10 R11 a subgraph that keeps failing', () => {
  it('is asked again a little, then left alone, and the others are asked as before', async () => {
    const strict = await serveGateway(served, {
      sharing: false,
      fetch: { breaker: { failures: 10, windowMs: 60_000, restMs: 60_000 }, retry: { percent: 10, waitMs: 0 } },
    })
    served.misbehave('stock', ({ socket }) => void socket.destroy())
    const before = served.asked.length
    for (let at = 0; at < 30; at++) await strict.ask(QUERY)
    const asked = served.asked.slice(before).map(({ subgraph }) => subgraph)
    const count = (name: string): number => asked.filter((one) => one === name).length
    expect([count('shop'), count('sales')]).toEqual([30, 30])
    expect(count('stock')).toBeGreaterThanOrEqual(10)
    expect(count('stock')).toBeLessThanOrEqual(12) // ten until it breaks, each tenth once more
    await strict.stop()
  })
})

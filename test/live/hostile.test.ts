import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { TRANSPORTS } from './transports.js'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway(
    {
      shop: {
        sdl: `type Query { hello: String thing(filter: Filter): Thing things: [Thing] }
          type Subscription { told: Thing }
          input Filter { name: String } type Thing @key(fields: "id") { id: ID! name: String }`,
        resolvers: {
          Query: {
            hello: () => 'hi',
            thing: (_: unknown, { filter }: { filter?: { name?: string } }) => ({ id: '1', name: filter?.name ?? 'x' }),
            things: () => [{ id: '1', name: 'a' }],
          },
          Subscription: {
            told: {
              async *subscribe() {
                yield await Promise.resolve({ told: { id: '1', name: 'x' } })
              },
            },
          },
        },
      },
      stock: {
        sdl: 'type Thing @key(fields: "id") { id: ID! left: Int }',
        resolvers: { Thing: { __resolveReference: ({ id }: { id: string }) => ({ id, left: 3 }) } },
      },
    },
    { config: { batch: 5, headMs: 300, bodyMs: 600 } },
  )
})
afterAll(() => gateway.stop())

const NAMES = ['constructor', 'prototype', 'hasOwnProperty', 'toString', 'then', 'toJSON']
const before = Object.getOwnPropertyNames(Object.prototype).join()
function expectClean(): void {
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
}

for (const [name, send] of Object.entries(TRANSPORTS))
  describe(`over ${name}`, () => {
    it.each(NAMES)('S01 the alias %s is a key like any other', async (alias) => {
      const { data, codes } = await send(
        gateway,
        `{ ${alias}: thing { ${alias}: name n: left } l: things { ${alias}: left } }`,
      )
      expect(codes).toEqual([])
      expect(data).toEqual(JSON.parse(`{"${alias}":{"${alias}":"x","n":3},"l":[{"${alias}":3}]}`))
      expectClean()
    })

    it('S01 the alias __proto__ is answered as an own key or refused', async () => {
      const { data, codes } = await send(gateway, '{ __proto__: thing { __proto__: name left } }')
      if (codes.length === 0) expect(Object.keys(data as object)).toEqual(['__proto__'])
      expectClean()
    })

    it.each(['__proto__', 'constructor', 'toString'])(
      'S02 the variable %s and input keys of that name pollute nothing',
      async (key) => {
        const variables = JSON.parse(`{"f":{"name":"n","${key}":{"polluted":1}},"${key}":{"polluted":1}}`) as Record<
          string,
          unknown
        >
        const { codes } = await send(gateway, 'query Q($f: Filter) { thing(filter: $f) { name } }', variables)
        expect(codes).toEqual(['BAD_USER_INPUT'])
        expectClean()
      },
    )
  })

const LIVE = ['SSE', 'SSE over GET', 'multipart', 'WebSocket', 'the single connection stream']

describe.each(LIVE)('a subscription over %s', (way) => {
  it.each(['__proto__', ...NAMES])('S01 is answered under the alias %s as under any other', async (alias) => {
    const brought = await TRANSPORTS[way]?.(
      gateway,
      `subscription { ${alias}: told { ${alias}: name ...F } } fragment F on Thing { n: left }`,
    )
    expect(JSON.stringify(brought?.data)).toBe(`{"${alias}":{"${alias}":"x","n":3}}`)
    expect(brought?.codes).toEqual([])
    expectClean()
  })
})

/** Sends bytes as they are, and more now and then; gives what came back until the server closed. */
function raw(bytes: string, more = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port, hostname } = new URL(gateway.url)
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    const slowly = setInterval(() => more !== '' && socket.writable && socket.write(more), 50)
    let heard = ''
    socket.on('data', (chunk) => {
      heard += chunk.toString()
      if (/^HTTP\/1\.1 \d+/.test(heard)) socket.end()
    })
    socket.on('close', () => {
      clearInterval(slowly)
      resolve(heard)
    })
    socket.on('error', (error) => heard === '' && reject(error))
  })
}

describe('S38 bytes that are no honest request', () => {
  const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'
  const body = '{"query":"{hello}"}'

  it.each([
    ['two lengths', `${head}content-length: 19\r\ncontent-length: 5\r\n\r\n${body}`, 400],
    ['a length and chunks', `${head}content-length: 19\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['a header of 64 KiB', `${head}x-long: ${'x'.repeat(65_536)}\r\n\r\n`, 431],
    [
      '101 headers',
      `${head}${Array.from({ length: 101 }, (_, at) => `x-${at}: 1\r\n`).join('')}content-length: 19\r\n\r\n${body}`,
      431,
    ],
  ])('with %s are refused', async (_, bytes, status) => {
    expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })
})

describe('S38 a request that comes a byte at a time', () => {
  it.each([
    ['in its head', 'POST /graphql HTTP/1.1\r\nhost: x\r\n', 'x-'],
    [
      'in its body',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n',
      ' ',
    ],
  ])('%s is ended with 408', async (_, start, more) => {
    expect(await raw(start, more)).toMatch(/^HTTP\/1\.1 408 /)
  })
})

/** What no honest code throws. */
function throwsText(): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is the case
  return Promise.reject('secret text')
}

describe('S36 an inside that breaks', () => {
  it.each([
    [
      'throws a stack and SQL',
      () => Promise.reject(new Error('select * from secret at /srv/app.js:3 host db.internal:5432')),
    ],
    ['throws no error', throwsText],
    [
      'answers with its insides',
      () =>
        Promise.resolve({
          errors: [
            { message: 'secret db.internal', extensions: { internal: 'secret', code: 'X1', stacktrace: ['secret'] } },
          ],
        }),
    ],
  ])('that %s is told by its code alone', async (_, answer) => {
    gateway.graph.disturb('shop', answer)
    const text = await (await gateway.post({ query: '{ hello }' })).text()
    gateway.graph.disturb('shop', null)
    expect(text).not.toMatch(/secret|db\.internal|srv|stack/)
    expect(JSON.parse(text)).toMatchObject({ data: { hello: null }, errors: [{ path: ['hello'] }] })
  })
})

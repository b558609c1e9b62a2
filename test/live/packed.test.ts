import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'

let bought = 0
let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway({
    shop: {
      sdl: 'type Query { hello: String } type Mutation { buy: Int }',
      resolvers: { Query: { hello: () => 'hi' }, Mutation: { buy: () => ++bought } },
    },
  })
})
afterAll(() => gateway.stop())

const HELLO = '{"query":"{ hello }"}'
const MEGABYTE = Buffer.alloc(1_048_576, ' ')

/** POSTs bytes that claim to be JSON in an encoding; gives the status and what was said. */
async function send(body: Uint8Array | ReadableStream, encoding: string): Promise<readonly [number, unknown]> {
  const streamed = { duplex: 'half' } // fetch wants it beside a stream; its types do not know it
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': encoding },
    body: body instanceof ReadableStream ? body : new Uint8Array(body),
    ...streamed,
  })
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] }
  return [response.status, errors?.[0]?.extensions.code ?? data]
}

/** The bytes of `part`, again and again, until the reader has had enough or there were `most` of them. */
function endless(part: Uint8Array, most: number): { body: ReadableStream; sent: () => number } {
  let sent = 0
  const body = new ReadableStream({
    pull(controller) {
      if (sent > most) controller.close()
      else controller.enqueue(part)
      sent += part.length
    },
  })
  return { body, sent: () => sent }
}

describe('a compressed body', () => {
  it.each([
    ['gzip', gzipSync(HELLO)],
    ['x-gzip', gzipSync(HELLO)],
    ['deflate', deflateSync(HELLO)],
    ['br', brotliCompressSync(HELLO)],
    ['identity', Buffer.from(HELLO)],
  ])('in %s is read', async (encoding, body) => {
    expect(await send(body, encoding)).toEqual([200, { hello: 'hi' }])
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('S23 that is a bomb in %s is refused, and nothing is run', async (encoding, pack) => {
    const bomb = pack(Buffer.concat([Buffer.from('{"query":"mutation { buy }"}'), MEGABYTE, MEGABYTE]))
    expect(await send(bomb, encoding)).toEqual([413, 'REQUEST_TOO_LARGE'])
    expect(bought).toBe(0)
  })

  it('S23 that grows without end is cut off at the limit', async () => {
    const { body, sent } = endless(gzipSync(MEGABYTE), 100_000_000)
    expect(await send(body, 'gzip')).toEqual([413, 'REQUEST_TOO_LARGE'])
    expect(sent()).toBeLessThan(10_000_000)
  })

  it('S23 that goes on without unpacking to anything is cut off at the same limit', async () => {
    const members = Buffer.concat(Array.from({ length: 1_000 }, () => gzipSync('')))
    expect(await send(endless(members, 3_000_000).body, 'gzip')).toEqual([413, 'REQUEST_TOO_LARGE'])
  })

  it.each([
    ['twice', 'gzip, gzip', gzipSync(gzipSync(HELLO))],
    ['in an encoding nobody knows', 'zstd', Buffer.from(HELLO)],
  ])('S23 packed %s is refused', async (_, encoding, body) => {
    expect(await send(body, encoding)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
  })

  it.each([
    ['is not in the encoding it names', Buffer.from(HELLO)],
    ['ends early', gzipSync(HELLO).subarray(0, 20)],
    ['is empty', Buffer.alloc(0)],
  ])('that %s is refused', async (_, body) => {
    expect(await send(body, 'gzip')).toEqual([400, 'BAD_REQUEST'])
  })

  it('runs over the shared event stream too', async () => {
    const url = `${gateway.url}/graphql/stream`
    const token = await (await fetch(url, { method: 'PUT' })).text()
    const headers = {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'x-graphql-event-stream-token': token,
    }
    const body = (text: string): Uint8Array<ArrayBuffer> =>
      new Uint8Array(gzipSync(`{"query":"{ hello }${text}","extensions":{"operationId":"1"}}`))
    const statusOf = async (text: string): Promise<number> =>
      (await fetch(url, { method: 'POST', headers, body: body(text) })).status
    expect([await statusOf(''), await statusOf(MEGABYTE.toString())]).toEqual([202, 413])
  })
})

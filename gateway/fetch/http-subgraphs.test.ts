import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { deferred } from '../../platform/deferred.js'
import { checkSignature, SIGNATURE_HEADER, TIME_HEADER } from '../../platform/http/sign-request.js'
import { silent } from '../../platform/observe/observer.js'
import { systemClock } from '../../platform/time/clock.js'
import { ANONYMOUS } from '../../schema/identity.js'
import { until } from '../../test/support/until.js'
import { Aborting } from '../../platform/abort.js'
import type { FetchContext, SubgraphAnswer, SubgraphRequest } from './ask-subgraph.js'
import { headerRules } from './header-rules.js'
import { httpSubgraphs, type HttpSubgraphs } from './http-subgraphs.js'

const key = Buffer.alloc(32, 1)
const question: SubgraphRequest = {
  subgraph: 'stock',
  query: 'query Q($id: ID!) { left(id: $id) }',
  operationName: 'Q',
  variables: { id: '1' },
  kind: 'query',
  context: { who: ANONYMOUS, authorization: 'Bearer t', requestId: 'r1', signal: null },
}

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

type Answering = (request: IncomingMessage, response: ServerResponse, body: string) => void

/** A subgraph that answers as the test wants. */
async function served(answer: Answering) {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => answer(request, response, body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const connections = (): Promise<number> =>
    new Promise((resolve, reject) =>
      server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
    )
  return { url: `http://127.0.0.1:${port}/graphql`, connections }
}

/** Asks a subgraph that answers as the test wants. */
async function asked(answer: Answering, context: Partial<FetchContext> = {}): Promise<SubgraphAnswer> {
  const { url } = await served(answer)
  const subgraphs = reached(() => url)
  return await subgraphs.ask({ ...question, context: { ...question.context, ...context } })
}

function reached(urlOf: (subgraph: string) => string | undefined): HttpSubgraphs {
  const subgraphs = httpSubgraphs({
    urlOf,
    key,
    timeoutMs: () => 300,
    mostBytes: 10_000,
    headers: headerRules({ headers: ['x-tenant'], headersOf: {}, withoutToken: [] }),
    clock: systemClock,
    observer: silent,
  })
  ends.push(() => void subgraphs.stop())
  return subgraphs
}

function json(response: ServerResponse, body: unknown, status = 200, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body))
}

const expectCode = async (answer: Promise<SubgraphAnswer>, code: string): Promise<void> => {
  await expect(answer).rejects.toMatchObject({
    code,
    message: expect.not.stringMatching(/127\.0\.0\.1|\d{4,5}/) as string,
  })
}

describe('a subgraph over HTTP', () => {
  it('is sent the question, signed, with the token and the request id', async () => {
    let verdict = ''
    const answer = await asked((request, response, body) => {
      const [time, signature] = [request.headers[TIME_HEADER], request.headers[SIGNATURE_HEADER]].map(String)
      verdict = checkSignature(key, { method: 'POST', path: '/graphql', body }, { time, signature }, new Date())
      json(response, {
        data: { got: [JSON.parse(body), request.headers.authorization, request.headers['x-request-id']] },
      })
    })
    const { query, operationName, variables } = question
    expect(answer.data).toEqual({ got: [{ query, operationName, variables }, 'Bearer t', 'r1'] })
    expect(verdict).toBe('good')
  })

  it('is told how long its answer is waited for, and what the client brought for it', async () => {
    const carried = { headers: { 'x-tenant': 'a', 'x-other': 'o' }, until: systemClock.monotonicMs() + 200, span: null }
    const { data } = await asked(({ headers }, response) => json(response, { data: { headers } }), { carried })
    const { headers } = data as { readonly headers: Readonly<Record<string, string>> } // the test's own answer
    expect([headers['x-tenant'], headers['x-other']]).toEqual(['a', undefined])
    expect(Number(headers['x-timeout-ms'])).toBeLessThanOrEqual(200)
    expect(Number(headers['x-timeout-ms'])).toBeGreaterThan(0)
  })

  it('R10 has the host of its newest address', () => {
    const urls = new Map([['stock', 'http://shop.test:80/stock?a']])
    const { hostOf } = reached((subgraph) => urls.get(subgraph))
    expect([hostOf('stock'), hostOf('other')]).toEqual(['http://shop.test', null])
    urls.set('stock', 'http://shop.test:8080/stock')
    expect(hostOf('stock')).toBe('http://shop.test:8080')
  })

  it('is left when it has moved, as soon as what is under way at its old address has ended', async () => {
    const held = deferred<ServerResponse>()
    const old = await served((_, response) => held.resolve(response))
    const moved = await served((_, response) => json(response, { data: { left: 2 } }))
    let url = old.url
    const subgraphs = reached(() => url)
    const under = subgraphs.ask(question)
    const response = await held.promise
    url = moved.url
    expect(await subgraphs.ask(question)).toEqual({ data: { left: 2 } })
    expect(await old.connections()).toBe(1)
    json(response, { data: { left: 1 } })
    expect(await under).toEqual({ data: { left: 1 } })
    await until(async () => (await old.connections()) === 0)
    expect(await moved.connections()).toBe(1)
  })

  it('hears at once that nobody waits any more', async () => {
    const signal = new Aborting()
    const heard = deferred<null>()
    const asking = asked(
      (request) => {
        request.socket.once('close', () => heard.resolve(null))
        signal.abort()
      },
      { signal },
    )
    await expectCode(asking, 'ABANDONED')
    await heard.promise
  })

  it('is believed in an error that is GraphQL, whatever its status', async () => {
    expect(await asked((_, response) => json(response, { errors: [{ message: 'no' }] }, 500))).toMatchObject({
      errors: [{ message: 'no' }],
    })
  })

  it.each([
    ['HTML', '<html></html>', 'text/html'],
    ['HTML that claims to be JSON', '<html></html>', 'application/json'],
    ['a list', '[]', 'application/json'],
    ['neither data nor errors', '{}', 'application/json'],
    ['half of it', '{"data":', 'application/json'],
  ])('that answers %s is malformed', async (_, body, type) => {
    await expectCode(
      asked((_request, response) => json(response, body, 200, type)),
      'SUBGRAPH_MALFORMED',
    )
  })

  it('that answers no UTF-8 is malformed', async () => {
    const body = Buffer.from('{"data":"\xff"}', 'latin1')
    await expectCode(
      asked((_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body)),
      'SUBGRAPH_MALFORMED',
    )
  })

  const packed = (body: Buffer, encoding: string): Promise<SubgraphAnswer> =>
    asked((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end(body)
    })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('that answers in %s, unasked, is understood', async (encoding, pack) => {
    expect(await packed(pack('{"data":1}'), encoding)).toEqual({ data: 1 })
  })

  it('S23 that answers with a bomb is cut off', async () => {
    await expectCode(packed(gzipSync(Buffer.alloc(10_000_000)), 'gzip'), 'SUBGRAPH_TOO_LARGE')
  })

  it.each([
    ['packed twice', 'gzip, gzip', gzipSync(gzipSync('{"data":1}'))],
    ['in an encoding nobody knows', 'zstd', Buffer.from('{"data":1}')],
    ['in broken gzip', 'gzip', Buffer.from('{"data":1}')],
  ])('S23 that answers %s is malformed', async (_, encoding, body) => {
    await expectCode(packed(body, encoding), 'SUBGRAPH_MALFORMED')
  })

  it('S24 that answers without end is cut off', async () => {
    await expectCode(
      asked((_, response) => json(response, `{"data":"${'x'.repeat(20_000)}"}`)),
      'SUBGRAPH_TOO_LARGE',
    )
  })

  it('that does not answer in time, or not to the end, is given up', async () => {
    await expectCode(
      asked(() => undefined),
      'SUBGRAPH_TIMEOUT',
    )
    await expectCode(
      asked((_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":')),
      'SUBGRAPH_TIMEOUT',
    )
  })

  it('that resets the connection is unavailable', async () => {
    await expectCode(
      asked((request) => void request.socket.destroy()),
      'SUBGRAPH_UNAVAILABLE',
    )
  })

  it('that redirects is not followed', async () => {
    await expectCode(
      asked((_, response) => void response.writeHead(302, { location: 'http://elsewhere.test/' }).end()),
      'SUBGRAPH_UNAVAILABLE',
    )
  })

  it('S36 that fails behind a proxy tells nothing of it', async () => {
    await expectCode(
      asked((_, response) => json(response, 'upstream 10.1.2.3:8080 died', 502, 'text/plain')),
      'SUBGRAPH_UNAVAILABLE',
    )
  })
})

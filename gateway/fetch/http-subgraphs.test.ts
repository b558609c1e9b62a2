import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { checkSignature, SIGNATURE_HEADER, TIME_HEADER } from '../../platform/http/sign-request.js'
import { silent } from '../../platform/observe/observer.js'
import { systemClock } from '../../platform/time/clock.js'
import { ANONYMOUS } from '../../schema/identity.js'
import type { SubgraphAnswer, SubgraphRequest } from './ask-subgraph.js'
import { askOverHttp } from './http-subgraphs.js'

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

/** Asks a subgraph that answers as the test wants. */
async function asked(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<SubgraphAnswer> {
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
  const urlOf = (): string => `http://127.0.0.1:${port}/graphql`
  return await askOverHttp({
    urlOf,
    key,
    timeoutMs: () => 300,
    mostBytes: 10_000,
    clock: systemClock,
    observer: silent,
  })(question)
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

  it('S23 that answers compressed, unasked, is not unpacked', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    await expectCode(
      asked((_, response) => void response.writeHead(200, headers).end(gzipSync('{"data":1}'))),
      'SUBGRAPH_MALFORMED',
    )
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

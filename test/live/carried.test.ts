import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import type { SubgraphAnswer, SubgraphRequest } from '../../gateway/fetch/ask-subgraph.js'
import { deferred, type Deferred } from '../../platform/deferred.js'
import { authority } from '../../gateway/live/authority.js'
import { nobody } from '../support/federated.js'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway, type TestGatewayOptions } from './open-test-gateway.js'
import { openAcknowledged } from './wire.js'

const PARTS = {
  shop: {
    sdl: 'type Query { hello: String slow: Slow } type Slow { a: Int } type Mutation { buy: Int }',
    resolvers: { Query: { hello: () => 'hi' }, Mutation: { buy: () => 1 } },
  },
}
let gateway: TestGateway
let sent: readonly SubgraphRequest[]
let answer: Deferred<SubgraphAnswer>
afterEach(() => gateway.stop())

/** A gateway whose subgraph answers when the test says so. */
async function opened(options: TestGatewayOptions = {}): Promise<void> {
  gateway = await openTestGateway(PARTS, options)
  sent = gateway.graph.sent
  answer = deferred()
  gateway.graph.disturb('shop', () => answer.promise)
}

function client(query: string, headers: Readonly<Record<string, string>> = {}): AbortController {
  const leaving = new AbortController()
  const body = JSON.stringify({ query })
  const all = { 'content-type': 'application/json', ...headers }
  fetch(`${gateway.url}/graphql`, { method: 'POST', headers: all, body, signal: leaving.signal }).catch(() => undefined)
  return leaving
}

/** A request as no `fetch` would send it. */
function raw(headers: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/json', ...headers }
    request(`${gateway.url}/graphql`, { method: 'POST', headers: all }, (response) => {
      response.resume().on('end', resolve)
    })
      .on('error', reject)
      .end(JSON.stringify({ query: '{ hello }' }))
  })
}

describe('a client that leaves', () => {
  it('takes its fetches along', async () => {
    await opened()
    const leaving = client('{ hello }')
    await until(() => sent.length === 1)
    leaving.abort()
    await until(() => sent[0]?.context.signal?.aborted === true)
  })

  it('does not stop what changes something', async () => {
    await opened()
    const leaving = client('mutation { buy }')
    await until(() => sent.length === 1)
    leaving.abort()
    expect(sent[0]?.context.signal).toBeNull()
  })

  it('over a socket ends one question, and the others go on', async () => {
    await opened({ config: { sharing: false } })
    const wire = await openAcknowledged(gateway.url)
    for (const id of ['1', '2']) wire.say({ id, type: 'subscribe', payload: { query: '{ hello }' } })
    await until(() => sent.length === 2)
    wire.say({ id: '1', type: 'complete' })
    await until(() => sent[0]?.context.signal?.aborted === true)
    answer.resolve({ data: { hello: 'hi' } })
    expect(await wire.hear()).toMatchObject({ id: '2', type: 'next', payload: { data: { hello: 'hi' } } })
  })
})

describe("a client's headers", () => {
  it('go down when they are named, and not when they end with the connection', async () => {
    await opened({ config: { fetch: { headers: ['x-tenant', 'x-other'] } } })
    await Promise.all([
      raw({ 'x-tenant': 'a', 'x-other': 'o', connection: 'close, X-Other', 'x-secret': 's' }),
      until(() => sent.length === 1).then(() => answer.resolve({ data: { hello: 'hi' } })),
    ])
    expect(sent[0]?.context.carried?.headers).toEqual({ 'x-tenant': 'a' })
  })

  it('S28 set askers apart who would else share an answer', async () => {
    await opened({ config: { fetch: { headers: ['x-tenant'] } } })
    const answers = ['a', 'b'].map((tenant) => gateway.post({ query: '{ hello }' }, { 'x-tenant': tenant }))
    await until(() => sent.length === 2)
    answer.resolve({ data: { hello: 'hi' } })
    await Promise.all(answers)
    expect(sent.map(({ context }) => context.carried?.headers)).toEqual([{ 'x-tenant': 'a' }, { 'x-tenant': 'b' }])
  })

  it('S28 set askers apart by their cookies, where cookies go down', async () => {
    await opened({ config: { fetch: { headers: ['cookie'] } } })
    const answers = ['session=a', 'session=b'].map((cookie) => gateway.post({ query: '{ hello }' }, { cookie }))
    await until(() => sent.length === 2)
    answer.resolve({ data: { hello: 'hi' } })
    await Promise.all(answers)
    expect(sent.map(({ context }) => context.carried?.headers)).toEqual([
      { cookie: 'session=a' },
      { cookie: 'session=b' },
    ])
  })

  it('S28 set viewers apart who would else share a group', async () => {
    await opened()
    const authorityOf = (tenant: string): string =>
      authority({ ...nobody, carried: { headers: { 'x-tenant': tenant }, until: Infinity, span: null } })
    expect(authorityOf('a')).not.toBe(authorityOf('b'))
  })
})

describe('a request with a time limit', () => {
  it('is answered in time, without the fields that were not', async () => {
    await opened({ config: { requestMs: 100 } })
    const response = await gateway.post({ query: '{ slow { a } }' })
    expect(await response.json()).toMatchObject({
      data: { slow: null },
      errors: [{ path: ['slow'], extensions: { code: 'REQUEST_TIMEOUT' } }],
    })
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import { deferred } from '../../platform/deferred.js'
import { counting } from '../support/counting.js'
import { serveGateway } from '../support/served-gateway.js'
import { serveSubgraphs } from '../support/served-subgraphs.js'
import { until } from '../support/until.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'

const PARTS = { shop: { sdl: 'type Query { hello: String }', resolvers: { Query: { hello: () => 'hi' } } } }
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function opened(config: Readonly<Record<string, unknown>> = {}): Promise<TestGateway> {
  const gateway = await openTestGateway(PARTS, { config: { cacheSeconds: 30, batch: 5, ...config } })
  closing.push(() => gateway.stop())
  return gateway
}

const PREFLIGHT = { 'apollo-require-preflight': '1' }
const get = (gateway: TestGateway, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${gateway.url}/graphql?query={hello}`, { headers })
const ann = { authorization: 'Bearer ann' }

describe('S30 a shared cache', () => {
  it('may keep nothing that was asked with a cookie or a token', async () => {
    const gateway = await opened()
    for (const headers of [{ cookie: 'session=1', ...PREFLIGHT }, ann, { ...ann, cookie: 'a=1', ...PREFLIGHT }]) {
      const answer = await get(gateway, headers)
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    }
  })

  it.each([
    ['nobody', {}],
    ['somebody', ann],
  ])('may keep no batch of %s, whatever is in it', async (_, headers) => {
    const gateway = await opened()
    const answer = await gateway.post([{ query: '{ hello }' }, { query: '{ __typename }' }], headers)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  })

  it('is told all that an answer depends on', async () => {
    const vary = (await get(await opened({ fetch: { headers: ['X-Tenant'] } }))).headers.get('vary')
    for (const name of ['Accept', 'Accept-Encoding', 'Authorization', 'Cookie', 'Origin', 'x-tenant'])
      expect(vary?.split(', ')).toContain(name)
  })

  it('is told so of an answer that is packed, too', async () => {
    const gateway = await opened({ compressBytes: 1 })
    const answer = await get(gateway, { 'accept-encoding': 'gzip' })
    expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual([
      'gzip',
      'Accept, Accept-Encoding, Authorization, Cookie, Origin',
    ])
  })
})

describe('S29 an answer that is shared', () => {
  it('has nothing of the heads of the answers that it was made of', async () => {
    const served = await serveSubgraphs(PARTS)
    const observer = counting()
    const gateway = await serveGateway(served, {}, { observer })
    closing.push(
      () => gateway.stop(),
      () => served.stop(),
    )
    const told = deferred<undefined>()
    served.misbehave('shop', async (_request, response, answer) => {
      await told.promise
      const heads = { 'set-cookie': 'session=of-the-first', 'cache-control': 'public', 'x-secret': 'of-the-first' }
      response.writeHead(200, { 'content-type': 'application/json', ...heads }).end(await answer())
    })
    const body = JSON.stringify({ query: '{ hello }' })
    const headers = { 'content-type': 'application/json' }
    const asking = [1, 2, 3].map(() => fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body }))
    await until(() => observer.counted('cache.hit', { cache: 'answers' }) === 2)
    told.resolve(undefined)
    for (const answer of await Promise.all(asking)) {
      expect(await answer.json()).toEqual({ data: { hello: 'hi' } })
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect([...answer.headers].join()).not.toMatch(/of-the-first|set-cookie|x-secret/)
    }
  })
})

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trustedDocuments } from '../../gateway/edge/trusted-documents.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { openAcknowledged } from './wire.js'

let bought = 0
const PARTS = {
  shop: {
    sdl: 'type Query { hello: String long: String } type Mutation { buy: Int }',
    resolvers: { Query: { hello: () => 'hi', long: () => 'x'.repeat(5_000) }, Mutation: { buy: () => ++bought } },
  },
}
const MANIFEST = '{"greet":"{ hello }"}'
const gateways: TestGateway[] = []
let open: TestGateway
let closed: TestGateway

beforeAll(async () => {
  open = await openTestGateway(PARTS, {
    documents: trustedDocuments(MANIFEST, false),
    config: { cacheSeconds: 30, batch: 3 },
  })
  closed = await openTestGateway(PARTS, { documents: trustedDocuments(MANIFEST, true) })
  gateways.push(open, closed)
})
afterAll(() => Promise.all(gateways.map((gateway) => gateway.stop())))

const hashOf = (query: string): string => createHash('sha256').update(query).digest('hex')
const persisted = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } })
const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code

describe('a trusted document', () => {
  it('is run by its id, over POST, GET and WebSocket', async () => {
    const hello = { data: { hello: 'hi' } }
    expect(await (await open.post({ documentId: 'greet' })).json()).toEqual(hello)
    expect(await (await fetch(`${open.url}/graphql?documentId=greet`)).json()).toEqual(hello)
    const wire = await openAcknowledged(open.url)
    wire.say({ id: '1', type: 'subscribe', payload: { documentId: 'greet' } })
    expect(await wire.hear()).toMatchObject({ type: 'next', payload: hello })
  })

  it('that is not known is refused', async () => {
    expect(await codeOf(await open.post({ documentId: 'nothing' }))).toBe('PERSISTED_QUERY_NOT_FOUND')
  })

  it('is all that is served, where that is so', async () => {
    expect((await closed.post({ documentId: 'greet' })).status).toBe(200)
    expect((await closed.post({ query: '{ hello }' })).status).toBe(200)
    expect(await codeOf(await closed.post({ query: '{ long }' }))).toBe('DOCUMENT_NOT_TRUSTED')
    expect(await codeOf(await fetch(`${closed.url}/graphql?query={long}`))).toBe('DOCUMENT_NOT_TRUSTED')
    const wire = await openAcknowledged(closed.url)
    wire.say({ id: '1', type: 'subscribe', payload: { query: '{ long }' } })
    expect(await wire.hear()).toMatchObject({ payload: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }] })
  })
})

describe("a manifest in Apollo's form", () => {
  const id = hashOf('query Greet { hello }')
  const manifest = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id, name: 'Greet', type: 'query', body: 'query Greet { hello }' }],
  }

  it("has its documents run by their ids, also as Apollo's clients name them, and nothing else", async () => {
    const gateway = await openTestGateway(PARTS, { documents: trustedDocuments(JSON.stringify(manifest), true) })
    gateways.push(gateway)
    for (const body of [{ documentId: id }, { extensions: persisted(id) }, { query: 'query Greet { hello }' }])
      expect(await (await gateway.post(body)).json()).toEqual({ data: { hello: 'hi' } })
    expect(await codeOf(await gateway.post({ query: '{ hello }' }))).toBe('DOCUMENT_NOT_TRUSTED')
    expect(await codeOf(await gateway.post({ extensions: persisted(hashOf('{ long }')) }))).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    )
  })

  it('tells the names of its operations', () => {
    expect(trustedDocuments(JSON.stringify(manifest), true).names).toEqual(['Greet'])
  })

  it.each([
    ['without operations', { format: manifest.format }],
    ['with an operation that has no body', { ...manifest, operations: [{ id }] }],
  ])('%s is refused', (_, wrong) => {
    expect(() => trustedDocuments(JSON.stringify(wrong), true)).toThrow(/operation/)
  })
})

describe('a document registered by its hash', () => {
  it('is asked for, registered and then run by the hash alone', async () => {
    const query = '{ hello __typename }'
    const asked = await open.post({ extensions: persisted(hashOf(query)) })
    expect(await codeOf(asked)).toBe('PERSISTED_QUERY_NOT_FOUND')
    await open.post({ query, extensions: persisted(hashOf(query)) })
    expect((await (await open.post({ extensions: persisted(hashOf(query)) })).json()) as unknown).toMatchObject({
      data: { hello: 'hi' },
    })
  })

  it('S27 with the text of another is refused, not stored and not executed', async () => {
    const before = bought
    const extensions = persisted(hashOf('{ hello }'))
    const response = await open.post({ query: 'mutation { buy }', extensions })
    expect([response.status, bought]).toEqual([400, before])
    const later = await open.post({ extensions })
    expect(await codeOf(later)).toBe('PERSISTED_QUERY_NOT_FOUND')
  })

  it.each([
    ['the text of another', { version: 1, sha256Hash: hashOf('{ long }') }],
    ['another version', { version: 2, sha256Hash: hashOf('{ hello }') }],
    ['no version', { sha256Hash: hashOf('{ hello }') }],
    ['a hash that is no text', { version: null, sha256Hash: [] }],
  ])('S27 with %s is told as a fault of the request', async (_, persistedQuery) => {
    const response = await open.post({ query: '{ hello }', extensions: { persistedQuery } })
    expect([response.status, await codeOf(response)]).toEqual([400, 'BAD_REQUEST'])
  })
})

describe('a batch', () => {
  it('is answered in its order, within its bound', async () => {
    const response = await open.post([{ query: '{ hello }' }, { query: '{ nothing }' }, { query: '{ __typename }' }])
    expect(await response.json()).toMatchObject([{ data: { hello: 'hi' } }, { errors: [{}] }, { data: {} }])
    expect((await open.post(Array.from({ length: 4 }, () => ({ query: '{ hello }' })))).status).toBe(400)
  })

  it('is refused where batches are off', async () => {
    expect((await closed.post([{ query: '{ hello }' }])).status).toBe(400)
  })
})

describe('S30 a cache', () => {
  const get = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${open.url}/graphql?query=${query}`, { headers })

  it('may keep what everybody may see', async () => {
    const { headers } = await get('{hello}')
    expect(headers.get('cache-control')).toBe('public, max-age=30')
    expect(headers.get('vary')).toContain('Authorization')
  })

  it('may not keep an answer to somebody, an error or a POST', async () => {
    for (const response of [
      await get('{hello}', { authorization: 'Bearer ann' }),
      await get('{nothing}'),
      await open.post({ query: '{ hello }' }),
    ])
      expect(response.headers.get('cache-control')).toBe('no-store')
  })
})

describe('a long answer', () => {
  it('is compressed for who can read that', async () => {
    const packed = await open.post({ query: '{ long }' }, { 'accept-encoding': 'br' })
    expect(packed.headers.get('content-encoding')).toBe('br')
    expect(((await packed.json()) as { data: { long: string } }).data.long).toHaveLength(5_000)
    const plain = await open.post({ query: '{ hello }' }, { 'accept-encoding': 'br' })
    expect(plain.headers.get('content-encoding')).toBeNull()
  })
})

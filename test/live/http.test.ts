import { observe } from '../../platform/observe/observe.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'

let bought = 0
let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway({
    shop: {
      sdl: `type Query { product(id: ID!): Product, hello: String }
        type Mutation { buy: Int }
        type Product @key(fields: "id") { id: ID! title: String }`,
      resolvers: {
        Query: { product: (_: unknown, { id }: { id: string }) => ({ id, title: `T${id}` }), hello: () => 'hi' },
        Mutation: { buy: () => ++bought },
      },
    },
    stock: {
      sdl: 'type Product @key(fields: "id") { id: ID! left: Int }',
      resolvers: { Product: { __resolveReference: ({ id }: { id: string }) => ({ id, left: Number(id) * 2 }) } },
    },
  })
})
afterAll(() => gateway.stop())

const bodyOf = async (response: Response): Promise<unknown> => await response.json()
const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code

describe('the endpoint', () => {
  it('answers a federated query', async () => {
    const response = await gateway.post({ query: '{ product(id: "4") { title left } }' })
    expect(await bodyOf(response)).toEqual({ data: { product: { title: 'T4', left: 8 } } })
    expect(response.status).toBe(200)
  })

  it('answers a GET', async () => {
    const response = await fetch(`${gateway.url}/graphql?query={hello}`)
    expect(await bodyOf(response)).toEqual({ data: { hello: 'hi' } })
  })

  it('echoes a request id, and makes one when none is given', async () => {
    const echoed = await gateway.post({ query: '{hello}' }, { 'x-request-id': 'abc-1' })
    expect(echoed.headers.get('x-request-id')).toBe('abc-1')
    const made = await gateway.post({ query: '{hello}' }, { 'x-request-id': 'not good!' })
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('refuses a wrong and an expired token with 401, never answering anonymously', async () => {
    for (const token of ['Bearer nonsense', 'Bearer old', 'Basic abc']) {
      const response = await gateway.post({ query: '{hello}' }, { authorization: token })
      expect(response.status).toBe(401)
      expect(await codeOf(response)).toBe('UNAUTHENTICATED')
    }
  })

  it('sends the token down with the identity', async () => {
    await gateway.post({ query: '{hello}' }, { authorization: 'Bearer ann' })
    expect(gateway.graph.sent.at(-1)?.context).toMatchObject({
      who: { member: 'Member:ann' },
      authorization: 'Bearer ann',
    })
  })

  it('refuses what is no JSON, no UTF-8 and no object', async () => {
    for (const body of ['{"query":', '[]', '"x"', '{}']) expect((await gateway.post(body)).status).toBe(400)
  })

  it.each(['*/*', 'text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'])(
    'refuses parameters of a GET that are no JSON, whoever accepts %s',
    async (accept) => {
      for (const search of ['variables=%', 'variables={', 'extensions=x', 'extensions={"persistedQuery":']) {
        const response = await fetch(`${gateway.url}/graphql?query={hello}&${search}`, { headers: { accept } })
        expect([response.status, await codeOf(response)]).toEqual([400, 'BAD_REQUEST'])
      }
    },
  )

  it('refuses a body over the limit with 413', async () => {
    const response = await gateway.post({ query: '{hello}', filler: 'x'.repeat(1_100_000) })
    expect(response.status).toBe(413)
    expect(await codeOf(response)).toBe('REQUEST_TOO_LARGE')
  })

  it('refuses an operation that is not in the document', async () => {
    const response = await gateway.post({ query: 'query A {hello}', operationName: 'B' })
    expect(response.status).toBe(400)
    expect(await codeOf(response)).toBe('OPERATION_RESOLUTION_FAILURE')
  })
})

describe('forged requests', () => {
  it('S17 a GET with a content-type of a form is refused with 415', async () => {
    const response = await fetch(`${gateway.url}/graphql?query={hello}`, { headers: { 'content-type': 'text/plain' } })
    expect(response.status).toBe(415)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'S18 with a cookie, a POST of %s is refused and nothing executed',
    async (type) => {
      const before = bought
      const response = await gateway.post({ query: 'mutation {buy}' }, { cookie: 'session=1', 'content-type': type })
      expect([response.status, await codeOf(response), bought]).toEqual([400, 'CSRF', before])
    },
  )

  it('S18 with a cookie, a GET needs a header that makes a browser ask first', async () => {
    const url = `${gateway.url}/graphql?query={hello}`
    expect((await fetch(url, { headers: { cookie: 'session=1' } })).status).toBe(400)
    expect((await fetch(url, { headers: { cookie: 'session=1', 'apollo-require-preflight': '1' } })).status).toBe(200)
  })

  it('S18 a GET never runs a mutation', async () => {
    const before = bought
    const response = await fetch(`${gateway.url}/graphql?query=mutation{buy}`)
    expect([response.status, bought]).toEqual([405, before])
  })

  it('S33 _entities and _service are no fields of the gateway', async () => {
    for (const query of ['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }'])
      expect((await gateway.post({ query })).status).toBe(400)
  })
})

describe('a document that nests without end', () => {
  it.each([
    ['20,000 braces', '{'.repeat(20_000)],
    ['20,000 fields', '{a'.repeat(20_000) + '}'.repeat(20_000)],
    ['20,000 brackets in a literal', `{ product(id: ${'['.repeat(20_000)}`],
  ])('S34 of %s is refused as unreadable', async (_, query) => {
    const response = await gateway.post({ query })
    expect([response.status, await codeOf(response)]).toEqual([400, 'GRAPHQL_PARSE_FAILED'])
  })

  it('S34 in its variables is refused', async () => {
    const deep = `{"query":"query($id:ID!){product(id:$id){title}}","variables":{"id":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`
    expect((await gateway.post(deep)).status).toBe(400)
  })
})

describe('the pages of state', () => {
  it('say that the process lives and serves', async () => {
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200)
    expect((await fetch(`${gateway.url}/ready`)).status).toBe(200)
  })
})

describe('the figures', () => {
  it('are on a page for Prometheus, by route and status', async () => {
    const observer = observe({ level: 'silent', part: 'test' })
    const parts = { shop: { sdl: 'type Query { hello: String }' } }
    const counted = await openTestGateway(parts, { observer, metrics: observer.metrics.page })
    await counted.post({ query: '{ hello }' })
    const page = await (await fetch(`${counted.url}/metrics`)).text()
    expect(page).toMatch(/daihuo_edge_answered_total\{route="\/graphql",method="POST",status="200"\} 1/)
    await counted.stop()
  })
})

describe('GraphiQL', () => {
  it('is served whole from here and may speak to nobody else', async () => {
    const response = await fetch(gateway.url)
    const page = await response.text()
    expect(page).toContain('GraphiQL')
    expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)="https?:/)
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'sha256-/)
  })

  it('is not there in the strict profile', async () => {
    const strict = await openTestGateway({ shop: { sdl: 'type Query { hello: String }' } }, { profile: 'strict' })
    expect((await fetch(strict.url)).status).toBe(404)
    await strict.stop()
  })
})

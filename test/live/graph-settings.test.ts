import { afterEach, describe, expect, it } from 'vitest'
import type { TestSubgraph } from '../support/federated.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }
let gateway: TestGateway
afterEach(() => gateway.stop())

async function answerOf(
  parts: Readonly<Record<string, TestSubgraph>>,
  config: Readonly<Record<string, unknown>>,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  gateway = await openTestGateway(parts, { config })
  return await (await gateway.post({ query }, headers)).json()
}

const bill = (label: string): Readonly<Record<string, TestSubgraph>> => ({
  old: {
    sdl: 'type Query { bill: Bill } type Bill @key(fields: "id") { id: ID! amount: Int }',
    resolvers: { Query: { bill: () => ({ id: 1 }) }, Bill: { ...itself, amount: () => 1 } },
  },
  young: {
    sdl: `type Bill @key(fields: "id") { id: ID! amount: Int @override(from: "old", label: "${label}") }`,
    resolvers: { Bill: { ...itself, amount: () => 2 } },
  },
})

describe('the settings of a gateway', () => {
  it.each([
    ['beta', ['beta'], 2],
    ['beta', [], 1],
    ['beta', ['gamma'], 1],
    ['percent(100)', [], 2],
    ['percent(0)', [], 1],
  ])('MUST F134 name the labels of @override that hold: %s of %j', async (label, overrides, amount) => {
    expect(await answerOf(bill(label), { overrides }, '{ bill { amount } }')).toEqual({ data: { bill: { amount } } })
  })

  const secret: Readonly<Record<string, TestSubgraph>> = {
    a: {
      sdl: 'type Query { open: Int secret: Int @policy(policies: [["staff"]]) inner: Int @tag(name: "inner") }',
      resolvers: { Query: { open: () => 1, secret: () => 2, inner: () => 3 } },
    },
  }

  it('MUST F834 grant policies to verified tokens, and to nobody else', async () => {
    const config = { policies: { staff: ['role:member'] } }
    const ann = { authorization: 'Bearer ann' }
    expect(await answerOf(secret, config, '{ open secret }', ann)).toEqual({ data: { open: 1, secret: 2 } })
    expect(await (await gateway.post({ query: '{ open secret }' })).json()).toMatchObject({
      data: { open: 1, secret: null },
      errors: [{ path: ['secret'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    })
  })

  it('MUST F835 believe no token that nobody has verified', async () => {
    gateway = await openTestGateway(secret, { verify: null, config: { policies: { staff: ['role:member'] } } })
    const asked = await gateway.post({ query: '{ secret }' }, { authorization: 'Bearer ann' })
    expect(await asked.json()).toMatchObject({ data: { secret: null } })
    expect(gateway.graph.sent).toEqual([])
  })

  it('MUST F836 leave the decision to the subgraphs when told so', async () => {
    expect(await answerOf(secret, { authorization: 'leave' }, '{ secret }')).toEqual({ data: { secret: 2 } })
  })

  it('MUST F914 serve a contract, also by the next supergraph', async () => {
    const config = { contract: { exclude: ['inner'] }, hideSchema: true }
    expect(await answerOf(secret, config, '{ open inner }')).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    })
    await gateway.update(gateway.graph.supergraph)
    expect(await (await gateway.post({ query: '{ inner }' })).json()).not.toHaveProperty('data')
    expect(await (await gateway.post({ query: '{ open }' })).json()).toEqual({ data: { open: 1 } })
  })
})

describe('a directive of one’s own', () => {
  const SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"])
    @link(url: "https://shop.test/shelf/v1.0", import: ["@shelf"]) @composeDirective(name: "@shelf")
    directive @shelf(at: Int!) on FIELD_DEFINITION | OBJECT
    type Query { a: Int @shelf(at: 7) }`

  it('MUST F139 is carried into the supergraph by @composeDirective, and is no business of clients', async () => {
    const parts = { a: { sdl: SDL, resolvers: { Query: { a: () => 1 } } } }
    expect(await answerOf(parts, {}, '{ a }')).toEqual({ data: { a: 1 } })
    expect(gateway.graph.supergraph).toMatch(/a: Int @shelf\(at: 7\)/)
    expect(gateway.engine.schema.getDirective('shelf')).toBeUndefined()
  })
})

describe('a deferred part', () => {
  it('MUST F884 has nothing that its asker may not see, and says so where it stands', async () => {
    gateway = await openTestGateway({
      a: {
        sdl: 'type Query { item: Item } type Item @key(fields: "id") { id: ID! name: String }',
        resolvers: { Query: { item: () => ({ id: 'i', name: 'n' }) }, Item: itself },
      },
      b: {
        sdl: 'type Item @key(fields: "id") { id: ID! secret: Int @authenticated open: Int }',
        resolvers: { Item: { ...itself, secret: () => 5, open: () => 6 } },
      },
    })
    const query = '{ item { name ... @defer { secret open } } }'
    const text = await (await gateway.post({ query }, { accept: 'multipart/mixed;deferSpec=20220824' })).text()
    expect(text).toContain('"open":6')
    expect(text).toMatch(/"secret":null/)
    expect(text).toContain('"code":"UNAUTHORIZED_FIELD_OR_TYPE"')
    expect(text).toContain('"path":["item","secret"]')
    expect(gateway.graph.sent.map((one) => one.query).join()).not.toContain('secret')
  })
})

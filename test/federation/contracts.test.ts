import { printSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { Contract } from '../../gateway/supergraph/contract.js'
import { federated, type Federated, type TestSubgraph } from '../support/federated.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }
const only = (...include: string[]): Contract => ({ include, exclude: [] })
const without = (...exclude: string[]): Contract => ({ include: [], exclude })

/** What clients see of a graph of one subgraph. */
function apiOf(sdl: string, contract: Contract): string {
  const { engine } = federated({ a: { sdl } }, { contract })
  return printSchema(engine.schema)
    .replace(/directive @defer.*/, '')
    .replace(/\s+/g, ' ')
    .trim()
}

const SHOP: Readonly<Record<string, TestSubgraph>> = {
  shop: {
    sdl: `type Query { item: Item order(by: Staff): Int @tag(name: "internal") } type Item @key(fields: "id") { id: ID! @tag(name: "internal") name: String @tag(name: "public") cost: Int @tag(name: "internal") }
      input Staff { name: String } type Mutation { fix: Int @tag(name: "internal") }`,
    resolvers: { Query: { item: () => ({ id: 'i' }) }, Item: { ...itself, name: () => 'n', cost: () => 5 } },
  },
  prices: {
    sdl: `type Item @key(fields: "id") { id: ID! cost: Int @external price: Int @requires(fields: "cost") @tag(name: "public") }`,
    resolvers: { Item: { ...itself, price: ({ cost }: { cost: number }) => cost * 2 } },
  },
}

describe('a contract', () => {
  const shop = (contract: Contract): Federated => federated(SHOP, { contract })

  it('MUST F961 leaves out what it excludes, and the types that nothing leads to any more', async () => {
    const graph = shop(without('internal'))
    const api = printSchema(graph.engine.schema)
    expect(api).not.toMatch(/cost|order|Staff|Mutation|inaccessible/)
    const { data } = await graph.ask(
      '{ __type(name: "Item") { fields { name } } staff: __type(name: "Staff") { name } }',
    )
    expect(data).toEqual({ __type: { fields: [{ name: 'price' }, { name: 'name' }] }, staff: null })
    expect((await graph.ask('{ item { cost } }')).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  it('MUST F962 still plans by keys and required fields that it does not show', async () => {
    expect(await shop(without('internal')).ask('{ item { name price } }')).toEqual({
      data: { item: { name: 'n', price: 10 } },
    })
  })

  it('MUST F963 shows only what it includes, and what is needed to get there', () => {
    const sdl = `type Query { a: A @tag(name: "x") b: Int } type A { c: Int @tag(name: "x") d: Int } type B { e: Int @tag(name: "x") } `
    expect(apiOf(sdl, only('x'))).not.toMatch(/b: Int|d: Int|type B/)
    expect(apiOf(sdl, only('x'))).toBe('type A { c: Int } type Query { a: A }')
  })

  it('MUST F964 includes all fields of an object that it includes', () => {
    const sdl = `type Query { a: A @tag(name: "x") } type A @tag(name: "x") { c: Int d: Int @tag(name: "y") }`
    expect(apiOf(sdl, only('x'))).toContain('type A { c: Int d: Int }')
  })

  it('MUST F965 excludes what bears both an included and an excluded tag', () => {
    const sdl = `type Query { a: Int @tag(name: "x") b: Int @tag(name: "x") @tag(name: "y") }`
    expect(apiOf(sdl, { include: ['x'], exclude: ['y'] })).not.toContain('b: Int')
  })

  it('MUST F966 leaves out a union without members, an object, an input and an enum with nothing in it, and what leads to them', () => {
    const sdl = `type Query { ok: Int u: U o: O i(input: I!): Int e: E optional(input: I, e: E): Int } union U = M type M @tag(name: "x") { a: Int }
      type O { a: Int @tag(name: "x") } input I { a: Int @tag(name: "x") } enum E { A @tag(name: "x") }`
    expect(apiOf(sdl, without('x'))).toContain('type Query { ok: Int optional: Int }')
  })

  it('MUST F967 leaves out a field whose required argument it cannot show, and keeps one whose argument may be left out', () => {
    const sdl = `type Query { ok: Int a(b: Int! @tag(name: "x")): Int c(d: Int = 1 @tag(name: "x")): Int e(f: In): Int g(h: In!): Int } input In { k: S! l: Int } scalar S @tag(name: "x")`
    expect(apiOf(sdl, without('x'))).toContain('type Query { ok: Int c: Int e: Int }')
  })

  it('MUST F968 leaves a field out of the interface when an implementation does not show it', () => {
    const sdl = `type Query { i: I } interface I { a: Int b: Int } type T implements I { a: Int b: Int @tag(name: "x") } type V implements I { a: Int b: Int }`
    const api = apiOf(sdl, without('x')).replace(/\s+/g, ' ')
    expect(api).toContain('interface I { a: Int }')
    expect(api).toContain('type V implements I { a: Int b: Int }')
  })

  it('MUST F969 keeps an unreachable type that it names', () => {
    const sdl = `type Query { a: Int @tag(name: "x") } type Later @tag(name: "x") { b: Int } type Never { c: Int }`
    expect(apiOf(sdl, only('x'))).toContain('type Later')
    expect(apiOf(sdl, only('x'))).not.toContain('Never')
  })

  it('MUST F970 hides a default that says what it hides', () => {
    const sdl = `type Query { a(e: E = B): Int ok(e: E = A): Int } enum E { A B @tag(name: "x") }`
    expect(apiOf(sdl, without('x'))).toContain('type Query { a: Int ok(e: E = A): Int }')
  })

  it('MUST F971 joins with what is inaccessible already, under any name', () => {
    const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{ name: "@inaccessible", as: "@gone" }, { name: "@tag", as: "@label" }])
      type Query { a: Int b: B @label(name: "x") c: Int @gone } type B { d: Int }`
    expect(apiOf(sdl, without('x'))).toBe('type Query { a: Int }')
  })

  it('MUST F972 that leaves nothing is refused', () => {
    expect(() => apiOf('type Query { a: Int }', only('x'))).toThrow(/leaves nothing/)
  })
})

import { describe, expect, it } from 'vitest'
import type { Chance } from '../../platform/time/chance.js'
import { asked, dataOf, part } from '../support/ask-federated.js'
import { federated } from '../support/federated.js'

const key = '@key(fields: "id")'

describe('@override', () => {
  const old = part(`type Query { bill: Bill } type Bill ${key} { id: ID! sum: Int note: String }`, {
    Query: { bill: { id: 1, sum: 1, note: 'old' } },
  })
  const young = (label: string) =>
    part(`type Bill ${key} { id: ID! sum: Int @override(from: "old"${label}) }`, { Bill: { sum: 2 } })
  const dice = (fraction: number): Chance => ({
    fraction: () => fraction,
    bytes: (count) => Buffer.alloc(count),
    uuid: () => '',
  })

  it('MUST F231 asks nothing of the old owner that was taken over', async () => {
    const graph = federated({ old, young: young('') })
    expect(await dataOf(graph, '{ bill { sum note } }')).toEqual({ bill: { sum: 2, note: 'old' } })
    expect(graph.sent.find(({ subgraph }) => subgraph === 'old')?.query).not.toMatch(/sum/)
  })

  it.each([
    [0, 'percent(0)', 1],
    [0, 'percent(0.5)', 2],
    [0.0049, 'percent(0.5)', 2],
    [0.005, 'percent(0.5)', 1],
    [0.999, 'percent(100)', 2],
  ])('MUST F232 at the dice of %d is on the side that %s says', async (fraction, label, sum) => {
    const graph = federated({ old, young: young(`, label: "${label}"`) }, { chance: dice(fraction) })
    expect(await dataOf(graph, '{ bill { sum } }')).toEqual({ bill: { sum } })
  })

  it('MUST F233 under a name holds only where that name is set', async () => {
    const parts = { old, young: young(', label: "next"') }
    expect(await dataOf(federated(parts, { overrides: ['other'] }), '{ bill { sum } }')).toEqual({ bill: { sum: 1 } })
    expect(await dataOf(federated(parts, { overrides: ['other', 'next'] }), '{ bill { sum } }')).toEqual({
      bill: { sum: 2 },
    })
  })

  it('MUST F234 of a root field moves it', async () => {
    const graph = federated({
      old: part('type Query { now: Int }', { Query: { now: 1 } }),
      young: part('type Query { now: Int @override(from: "old") }', { Query: { now: 2 } }),
    })
    expect(await dataOf(graph, '{ now }')).toEqual({ now: 2 })
    expect(asked(graph)).toEqual(['young'])
  })

  it('MUST F235 of a required field sends what the new owner says', async () => {
    const graph = federated({
      old,
      young: young(''),
      tax: part(`type Bill ${key} { id: ID! sum: Int @external tax: Int @requires(fields: "sum") }`, {
        Bill: { tax: ({ sum }) => Number(sum) * 10 },
      }),
    })
    expect(await dataOf(graph, '{ bill { tax } }')).toEqual({ bill: { tax: 20 } })
  })
})

describe('@inaccessible', () => {
  it('MUST F241 fields are no fields for clients, and may be required all the same', async () => {
    const graph = federated({
      a: part(`type Query { it: It } type It ${key} { id: ID! secret: Int @inaccessible }`, {
        Query: { it: { id: 1, secret: 42 } },
      }),
      b: part(`type It ${key} { id: ID! secret: Int @external shown: Int @requires(fields: "secret") }`, {
        It: { shown: ({ secret }) => Number(secret) + 1 },
      }),
    })
    expect(await dataOf(graph, '{ it { shown } }')).toEqual({ it: { shown: 43 } })
    expect((await graph.ask('{ it { secret } }')).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  it('MUST F242 keys are keys all the same', async () => {
    const graph = federated({
      a: part(`type Query { it: It } type It ${key} { id: ID! @inaccessible name: String }`, {
        Query: { it: { id: 1, name: 'n' } },
      }),
      b: part(`type It ${key} { id: ID! @inaccessible size: Int }`, { It: { size: 3 } }),
    })
    expect(await dataOf(graph, '{ it { name size } }')).toEqual({ it: { name: 'n', size: 3 } })
    expect(await dataOf(graph, '{ __type(name: "It") { fields { name } } }')).toEqual({
      __type: { fields: [{ name: 'name' }, { name: 'size' }] },
    })
  })

  it('MUST F243 arguments have their default, and clients cannot give them', async () => {
    const graph = federated({
      a: part('type Query { n(by: Int = 4 @inaccessible, plus: Int = 0): Int }', {
        Query: { n: (_, { by, plus }) => Number(by) + Number(plus) },
      }),
    })
    expect(await dataOf(graph, '{ n(plus: 1) }')).toEqual({ n: 5 })
    expect((await graph.ask('{ n(by: 1) }')).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  it('MUST F244 is hidden from introspection, types and enum values too', async () => {
    const graph = federated({
      a: part('type Query { k: Kind } enum Kind { A B @inaccessible } type Hidden @inaccessible { n: Int }', {
        Query: { k: 'A' },
      }),
    })
    const query = '{ __type(name: "Kind") { enumValues { name } } hidden: __type(name: "Hidden") { name } }'
    expect(await dataOf(graph, query)).toEqual({ __type: { enumValues: [{ name: 'A' }] }, hidden: null })
  })
})

describe('what subgraphs define differently', () => {
  it('MUST F251 an input has the fields that all of them know', async () => {
    const graph = federated({
      a: part('type Query { a(in: In): String } input In { n: Int only: Int }', {
        Query: { a: (_, args) => JSON.stringify(args) },
      }),
      b: part('type Query { b(in: In): String } input In { n: Int }', {
        Query: { b: (_, args) => JSON.stringify(args) },
      }),
    })
    expect(await dataOf(graph, '{ a(in: { n: 1 }) b(in: { n: 2 }) }')).toEqual({
      a: '{"in":{"n":1}}',
      b: '{"in":{"n":2}}',
    })
    expect((await graph.ask('{ a(in: { only: 1 }) }')).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  it('MUST F252 an enum that is only given has the values of all of them', async () => {
    const graph = federated({
      a: part('type Query { a: Tint } enum Tint { RED }', { Query: { a: 'RED' } }),
      b: part('type Query { b: Tint } enum Tint { BLUE }', { Query: { b: 'BLUE' } }),
    })
    expect(await dataOf(graph, '{ a b }')).toEqual({ a: 'RED', b: 'BLUE' })
  })

  it('MUST F253 an enum that is only taken has the values that all of them know', async () => {
    const graph = federated({
      a: part('type Query { a(t: Tint): String } enum Tint { RED BLUE }', { Query: { a: (_, { t }) => t } }),
      b: part('type Query { b(t: Tint): String } enum Tint { RED GREEN }', { Query: { b: (_, { t }) => t } }),
    })
    expect(await dataOf(graph, 'query ($t: Tint) { a(t: $t) b(t: RED) }', { t: 'RED' })).toEqual({ a: 'RED', b: 'RED' })
    expect((await graph.ask('query ($t: Tint) { a(t: $t) }', { t: 'BLUE' })).errors?.[0]?.extensions.code).toBe(
      'BAD_USER_INPUT',
    )
  })

  it('MUST F254 an argument that only one of them knows is no argument', async () => {
    const n = (args: string) => part(`type Query { n${args}: Int @shareable }`, { Query: { n: 1 } })
    const graph = federated({ a: n('(x: Int, y: Int)'), b: n('(x: Int)') })
    expect(await dataOf(graph, '{ n(x: 1) }')).toEqual({ n: 1 })
    expect((await graph.ask('{ n(y: 1) }')).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  it('MUST F255 a field is as nullable as the most lenient of them says', async () => {
    const graph = federated({
      a: part('type Query { it: It @shareable } type It @shareable { n: Int! }', { Query: { it: { n: 1 } } }),
      b: part('type Query { it: It @shareable other: It } type It @shareable { n: Int }', {
        Query: { it: { n: null }, other: { n: null } },
      }),
    })
    expect(await dataOf(graph, '{ other { n } }')).toEqual({ other: { n: null } })
  })

  it('MUST F256 a field’s type is the widest of them, and each is asked for what it knows', async () => {
    const graph = federated({
      a: part(
        'type Query { a: Box } type Box @shareable { it: Thing } interface Thing { n: Int } type Ball implements Thing @shareable { n: Int }',
        {
          Query: { a: { it: { __typename: 'Ball', n: 1 } } },
        },
      ),
      b: part(
        'type Query { b: Box } type Box @shareable { it: Ball } interface Thing { n: Int } type Ball implements Thing @shareable { n: Int }',
        {
          Query: { b: { it: { n: 2 } } },
        },
      ),
    })
    expect(await dataOf(graph, '{ a { it { __typename n } } b { it { __typename ... on Ball { n } } } }')).toEqual({
      a: { it: { __typename: 'Ball', n: 1 } },
      b: { it: { __typename: 'Ball', n: 2 } },
    })
  })

  it('MUST F257 a directive that is composed stays on the schema, and is asked of whoever resolves the field', async () => {
    const graph = federated({
      a: part(
        `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"]) @link(url: "https://shop.test/live/v1.0", import: ["@live"]) @composeDirective(name: "@live")
          directive @live(cursor: String) on FIELD_DEFINITION | FIELD type Query { n: Int @live(cursor: "c") m: Int }`,
        { Query: { n: 1, m: 2 } },
      ),
    })
    expect(graph.supergraph).toMatch(/n: Int @live\(cursor: "c"\)/)
    expect(await dataOf(graph, '{ n m }')).toEqual({ n: 1, m: 2 })
  })
})

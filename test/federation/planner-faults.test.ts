import { describe, expect, it } from 'vitest'
import { asked, dataOf, part, told } from '../support/ask-federated.js'
import { federated, nobody, type Federated } from '../support/federated.js'

const key = '@key(fields: "id")'

async function textOf(graph: Federated, text: string): Promise<string> {
  return (await graph.engine.answer({ text, variables: {}, operationName: null, context: nobody })).body
}

/** What the planner that most gateways use is known to get wrong. */
describe('a plan', () => {
  it('MUST F611 keeps required fields with clashing arguments apart', async () => {
    const graph = federated({
      a: part(`type Query { it: It } type It ${key} { id: ID! v(n: Int): Int }`, {
        Query: { it: { id: 1 } },
        It: { v: (_, { n }) => n },
      }),
      b: part(
        `type It ${key} { id: ID! v(n: Int): Int @external x: Int @requires(fields: "v(n: 1)") y: Int @requires(fields: "v(n: 2)") }`,
        {
          It: { x: ({ v }) => v, y: ({ v }) => v },
        },
      ),
    })
    expect(await dataOf(graph, '{ it { x y v(n: 3) } }')).toEqual({ it: { x: 1, y: 2, v: 3 } })
  })

  it('MUST F612 never enters by a key that is not resolvable', async () => {
    const graph = federated({
      a: part(`type Query { it: It } type It @key(fields: "id", resolvable: false) { id: ID! mine: Int @shareable }`, {
        Query: { it: { id: 1, mine: 2 } },
      }),
      b: part(
        `type Query { via: Via } type Via ${key} { id: ID! it: It } type It ${key} { id: ID! name: String mine: Int @shareable }`,
        {
          Query: { via: { id: 1, it: { id: 1 } } },
          It: { name: 'n', mine: 3 },
        },
      ),
    })
    expect(await dataOf(graph, '{ it { mine name } }')).toEqual({ it: { mine: 2, name: 'n' } })
    expect(await dataOf(graph, '{ via { it { name mine } } }')).toEqual({ via: { it: { name: 'n', mine: 3 } } })
    expect(
      graph.sent.filter(({ subgraph }) => subgraph === 'a').every(({ query }) => !query.includes('_entities')),
    ).toBe(true)
  })

  it('MUST F613 asks the subgraph for an interface that nothing implements', async () => {
    const graph = federated({
      a: part('type Query { no: Nobody must: Nobody! } interface Nobody { id: ID }', {
        Query: { no: null, must: null },
      }),
    })
    expect(await told(graph, '{ no { id } }')).toEqual([{ no: null }, []])
    expect(asked(graph)).toEqual(['a'])
    const [data, errors] = await told(graph, '{ must { id } }')
    expect(data).toBeNull()
    expect(errors).toHaveLength(1)
  })

  it('MUST F614 regroups no fragments and repeated fields: the order stays', async () => {
    const graph = federated({
      a: part(`type Query { it: It } type It ${key} { id: ID! x: Int y: Int }`, {
        Query: { it: { id: 1, x: 1, y: 2 } },
      }),
      b: part(`type It ${key} { id: ID! z: Int }`, { It: { z: 3 } }),
    })
    const query = '{ it { z } ...F it { id x } } fragment F on Query { it { y ... on It { x z } } t: __typename }'
    expect(await textOf(graph, query)).toBe('{"data":{"it":{"z":3,"y":2,"x":1,"id":"1"},"t":"Query"}}')
  })

  it('MUST F615 runs mutations in the client’s order, over fragments and subgraphs', async () => {
    const ran: string[] = []
    const doer = (name: string) =>
      part(`type Query { ${name}q: Int } type Mutation { ${name}(n: Int): Int }`, {
        Mutation: { [name]: (_, { n }) => ran.push(`${name}${String(n)}`) },
      })
    const graph = federated({ a: doer('a'), b: doer('b') })
    const query =
      'mutation { ...F x: a(n: 2) ... on Mutation { y: b(n: 3) } z: a(n: 4) w: b(n: 5) } fragment F on Mutation { b(n: 1) }'
    expect(await textOf(graph, query)).toBe('{"data":{"b":1,"x":2,"y":3,"z":4,"w":5}}')
    expect(ran).toEqual(['b1', 'a2', 'b3', 'a4', 'b5'])
  })

  it('MUST F616 asks the inner field of a chain of requirements with what it requires', async () => {
    const graph = federated({
      a: part(`type Query { it: It } type It ${key} { id: ID! base: Int }`, { Query: { it: { id: 1, base: 1 } } }),
      b: part(
        `type It ${key} { id: ID! base: Int @external one: Int @requires(fields: "base") three: Int @requires(fields: "two") two: Int @external }`,
        {
          It: { one: ({ base }) => Number(base) + 1, three: ({ two }) => Number(two) + 1 },
        },
      ),
      c: part(`type It ${key} { id: ID! one: Int @external two: Int @requires(fields: "one") }`, {
        It: { two: ({ one }) => Number(one) + 1 },
      }),
    })
    expect(await dataOf(graph, '{ it { three } }')).toEqual({ it: { three: 4 } })
  })

  it('MUST F617 keeps the fetch of one requirement when another one is skipped', async () => {
    const graph = federated({
      a: part(`type Query { it: It } type It ${key} { id: ID! p: Int q: Int }`, {
        Query: { it: { id: 1, p: 1, q: 2 } },
      }),
      b: part(
        `type It ${key} { id: ID! p: Int @external q: Int @external x: Int @requires(fields: "p") y: Int @requires(fields: "q") }`,
        {
          It: { x: ({ p }) => p, y: ({ q }) => q },
        },
      ),
    })
    const query = 'query ($s: Boolean!) { it { x @skip(if: $s) y } }'
    for (const s of [true, false])
      expect(await dataOf(graph, query, { s })).toEqual({ it: s ? { y: 2 } : { x: 1, y: 2 } })
  })

  it('MUST F618 takes no alias for a key or a required field', async () => {
    const graph = federated({
      a: part(`type Query { it: It } type It ${key} { id: ID! p: Int other: Int }`, {
        Query: { it: { id: 1, p: 1, other: 99 } },
      }),
      b: part(`type It ${key} { id: ID! p: Int @external x: String @requires(fields: "p") }`, {
        It: { x: ({ id, p }) => `${String(id)}-${String(p)}` },
      }),
    })
    expect(await dataOf(graph, '{ it { id: other p: other x } }')).toEqual({ it: { id: 99, p: 99, x: '1-1' } })
  })

  it('MUST F619 answers a selection that is wholly excluded by an empty object, or a list of them', async () => {
    const graph = federated({
      a: part(`type Query { it: It all: [It] no: It } type It ${key} { id: ID! }`, {
        Query: { it: { id: 1 }, all: [{ id: 1 }, null], no: null },
      }),
      b: part(`type It ${key} { id: ID! z: Int }`, { It: { z: 1 } }),
    })
    const query =
      'query ($in: Boolean!) { it { z @include(if: $in) } all { ... @include(if: $in) { z id } } no { id @include(if: $in) } }'
    expect(await dataOf(graph, query, { in: false })).toEqual({ it: {}, all: [{}, null], no: null })
    expect(asked(graph)).toEqual(['a'])
  })

  it('MUST F620 tells the type of interface objects', async () => {
    const graph = federated({
      a: part(`interface M ${key} { id: ID! } type B implements M ${key} { id: ID! n: Int } type Query { b: B }`, {
        M: { __resolveReference: ({ id }) => ({ __typename: 'B', id, n: 1 }) },
      }),
      b: part(`type Query { all: [M!]! } type M @interfaceObject ${key} { id: ID! v: Int }`, {
        Query: { all: [{ id: 1, v: 2 }] },
      }),
    })
    expect(await dataOf(graph, '{ all { v __typename } }')).toEqual({ all: [{ v: 2, __typename: 'B' }] })
  })

  it('MUST F621 looks at no fragment of an operation that does not run', async () => {
    const graph = federated({ a: part('type Query { n(x: Int): Int }', { Query: { n: (_, { x }) => x ?? 0 } }) })
    const query = 'query A { n } query B($x: Int!) { ...F } fragment F on Query { m: n(x: $x) }'
    expect((await graph.ask(query, {}, 'A')).data).toEqual({ n: 0 })
    expect((await graph.ask(query, { x: 4 }, 'B')).data).toEqual({ m: 4 })
  })

  it('MUST F622 keeps falsy values that were asked under another name', async () => {
    const graph = federated({
      a: part(
        'type Query { any: [U!]! } union U = A | B | C type A { v: Int! } type B { v: Boolean } type C { v: [Int] }',
        {
          Query: {
            any: [
              { __typename: 'A', v: 0 },
              { __typename: 'B', v: false },
              { __typename: 'C', v: [] },
            ],
          },
        },
      ),
    })
    expect(await dataOf(graph, '{ any { ... on A { a: v } ... on B { b: v } ... on C { c: v } } }')).toEqual({
      any: [{ a: 0 }, { b: false }, { c: [] }],
    })
  })
})

import { describe, expect, it } from 'vitest'
import { federated, type Federated, type TestSubgraph } from '../support/federated.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }

/** The data of an answer that has no errors. */
async function dataOf(graph: Federated, query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const { data, errors } = await graph.ask(query, variables)
  expect(errors).toBeUndefined()
  return data
}

/** The subgraphs that were asked, in order. */
function asked(graph: Federated): readonly string[] {
  return graph.sent.map(({ subgraph }) => subgraph)
}

const things: TestSubgraph = {
  sdl: 'type Query { things: [Thing] thing(id: ID!): Thing } type Thing @key(fields: "id") { id: ID! name: String }',
  resolvers: {
    Query: {
      things: () => [{ id: '1', name: 'one' }, null, { id: '2', name: 'two' }, { id: '1', name: 'one' }],
      thing: (_: unknown, { id }: { id: string }) => ({ id, name: `n${id}` }),
    },
    Thing: { __resolveReference: ({ id }: Reference) => ({ id, name: `n${String(id)}` }) },
  },
}

const weights: TestSubgraph = {
  sdl: 'type Thing @key(fields: "id") { id: ID! weight: Int }',
  resolvers: { Thing: { ...itself, weight: ({ id }: Reference) => (id === '2' ? null : Number(id) * 10) } },
}

describe('an entity', () => {
  it('MUST F001 gets the fields of every subgraph that shares its key', async () => {
    const graph = federated({ things, weights })
    expect(await dataOf(graph, '{ thing(id: "7") { name weight } }')).toEqual({ thing: { name: 'n7', weight: 70 } })
  })

  it('MUST F002 is asked for once, however often it stands in the answer', async () => {
    const graph = federated({ things, weights })
    await dataOf(graph, '{ things { weight } }')
    expect(graph.sent[1]?.variables['representations']).toEqual([
      { __typename: 'Thing', id: '1' },
      { __typename: 'Thing', id: '2' },
    ])
  })

  it('MUST F003 stays null in a list where it is null', async () => {
    const data = await dataOf(federated({ things, weights }), '{ things { name weight } }')
    expect(data).toEqual({
      things: [{ name: 'one', weight: 10 }, null, { name: 'two', weight: null }, { name: 'one', weight: 10 }],
    })
  })

  it('MUST F004 is not asked for when nothing of it is wanted elsewhere', async () => {
    const graph = federated({ things, weights })
    await dataOf(graph, '{ things { id name __typename } }')
    expect(asked(graph)).toEqual(['things'])
  })

  it('MUST F005 that is unknown elsewhere has nulls there and no error', async () => {
    const unknown: TestSubgraph = { ...weights, resolvers: { Thing: { __resolveReference: () => null } } }
    expect(await dataOf(federated({ things, weights: unknown }), '{ thing(id: "1") { name weight } }')).toEqual({
      thing: { name: 'n1', weight: null },
    })
  })

  it('MUST F019 that is unknown to the owner of a field that must be there is not found, and no fault', async () => {
    const owner = {
      sdl: 'type Thing @key(fields: "id") { id: ID! size: Int! }',
      resolvers: { Thing: { __resolveReference: () => null } },
    }
    const { data, errors } = await federated({ things, owner }).ask('{ thing(id: "7") { name size } }')
    expect(data).toEqual({ thing: null })
    expect(errors).toMatchObject([{ path: ['thing', 'size'], extensions: { code: 'NOT_FOUND' } }])
  })

  it('MUST F006 with a null key is not asked for, and is no failure', async () => {
    const half: TestSubgraph = {
      sdl: 'type Query { half: Thing } type Thing @key(fields: "id") { id: ID name: String }',
      resolvers: { Query: { half: () => ({ id: null, name: 'half' }) }, Thing: itself },
    }
    const graph = federated({
      half,
      weights: { ...weights, sdl: 'type Thing @key(fields: "id") { id: ID weight: Int }' },
    })
    expect(await dataOf(graph, '{ half { name weight } }')).toEqual({ half: { name: 'half', weight: null } })
    expect(asked(graph)).toEqual(['half'])
  })

  it('MUST F007 is found by a key of several fields', async () => {
    const a: TestSubgraph = {
      sdl: 'type Query { place: Place } type Place @key(fields: "row seat") { row: Int! seat: String! }',
      resolvers: { Query: { place: () => ({ row: 3, seat: 'C' }) }, Place: itself },
    }
    const b: TestSubgraph = {
      sdl: 'type Place @key(fields: "row seat") { row: Int! seat: String! label: String! }',
      resolvers: { Place: { ...itself, label: ({ row, seat }: Reference) => `${String(row)}${String(seat)}` } },
    }
    expect(await dataOf(federated({ a, b }), '{ place { label } }')).toEqual({ place: { label: '3C' } })
  })

  it('MUST F008 is found by a nested key', async () => {
    const a: TestSubgraph = {
      sdl: `type Query { user: User } type User @key(fields: "home { id }") { home: Home! } type Home @shareable { id: ID! }`,
      resolvers: { Query: { user: () => ({ home: { id: 'h' } }) }, User: itself },
    }
    const b: TestSubgraph = {
      sdl: `type User @key(fields: "home { id }") { home: Home! name: String! } type Home @shareable { id: ID! }`,
      resolvers: { User: { ...itself, name: ({ home }: { home: { id: string } }) => `of ${home.id}` } },
    }
    const graph = federated({ a, b })
    expect(await dataOf(graph, '{ user { name } }')).toEqual({ user: { name: 'of h' } })
    expect(graph.sent[1]?.variables['representations']).toEqual([{ __typename: 'User', home: { id: 'h' } }])
  })

  it('MUST F009 is found by a key with a list', async () => {
    const key = '@key(fields: "parts { id }")'
    const a: TestSubgraph = {
      sdl: `type Query { set: Set } type Set ${key} { parts: [Part!]! } type Part @shareable { id: ID! }`,
      resolvers: { Query: { set: () => ({ parts: [{ id: 'x' }, { id: 'y' }] }) }, Set: itself },
    }
    const b: TestSubgraph = {
      sdl: `type Set ${key} { parts: [Part!]! size: Int! } type Part @shareable { id: ID! }`,
      resolvers: { Set: { ...itself, size: ({ parts }: { parts: unknown[] }) => parts.length } },
    }
    expect(await dataOf(federated({ a, b }), '{ set { size } }')).toEqual({ set: { size: 2 } })
  })

  it('MUST F010 is reached over a third subgraph when two share no key', async () => {
    const a: TestSubgraph = {
      sdl: 'type Query { item: Item } type Item @key(fields: "sku") { sku: ID! }',
      resolvers: { Query: { item: () => ({ sku: 's1' }) }, Item: itself },
    }
    const b: TestSubgraph = {
      sdl: 'type Item @key(fields: "sku") @key(fields: "ean") { sku: ID! ean: ID! }',
      resolvers: { Item: { __resolveReference: ({ sku }: Reference) => ({ sku, ean: `e-${String(sku)}` }) } },
    }
    const c: TestSubgraph = {
      sdl: 'type Item @key(fields: "ean") { ean: ID! price: Int! }',
      resolvers: { Item: { ...itself, price: ({ ean }: Reference) => String(ean).length } },
    }
    const graph = federated({ a, b, c })
    expect(await dataOf(graph, '{ item { price } }')).toEqual({ item: { price: 4 } })
    expect(asked(graph)).toEqual(['a', 'b', 'c'])
  })

  it('MUST F011 is never entered by a key that is not resolvable', async () => {
    const stub: TestSubgraph = {
      sdl: 'type Query { latest: Thing } type Thing @key(fields: "id", resolvable: false) { id: ID! }',
      resolvers: { Query: { latest: () => ({ id: '4' }) } },
    }
    const graph = federated({ stub, things, weights })
    expect(await dataOf(graph, '{ latest { id name weight } }')).toEqual({
      latest: { id: '4', name: 'n4', weight: 40 },
    })
    expect(asked(graph)).toEqual(['stub', 'things', 'weights'])
  })

  it('SHOULD F012 is asked of two subgraphs at once when neither needs the other', async () => {
    const colours: TestSubgraph = {
      sdl: 'type Thing @key(fields: "id") { id: ID! colour: String }',
      resolvers: { Thing: { ...itself, colour: () => 'red' } },
    }
    const graph = federated({ things, weights, colours })
    const waiting: (() => void)[] = []
    for (const name of ['weights', 'colours'])
      graph.disturb(name, () => new Promise((done) => waiting.push(() => done({ data: { _entities: [null] } }))))
    const answer = graph.ask('{ thing(id: 1) { weight colour } }')
    await expect.poll(() => waiting.length).toBe(2)
    for (const one of waiting) one()
    expect((await answer).data).toEqual({ thing: { weight: null, colour: null } })
  })

  it('MUST F013 keeps falsy values that were asked under an alias', async () => {
    const zero: TestSubgraph = {
      sdl: 'type Query { u: U } union U = A | B type A { v: Int! } type B { v: String }',
      resolvers: { Query: { u: () => ({ __typename: 'A', v: 0 }) } },
    }
    const graph = federated({ zero })
    expect(await dataOf(graph, '{ u { ... on B { x: v } ... on A { y: v } } }')).toEqual({ u: { y: 0 } })
  })

  it('MUST F014 in Federation 1 form is extended by its key', async () => {
    const one: TestSubgraph = {
      sdl: '# federation 1\ntype Query { a: Acc } type Acc @key(fields: "id") { id: ID! name: String }',
      resolvers: { Query: { a: () => ({ id: 1, name: 'x' }) }, Acc: itself },
    }
    const two: TestSubgraph = {
      sdl: '# federation 1\nextend type Acc @key(fields: "id") { id: ID! @external name: String @external shout: String @requires(fields: "name") }',
      resolvers: { Acc: { ...itself, shout: ({ name }: Reference) => String(name).toUpperCase() } },
    }
    expect(await dataOf(federated({ one, two }), '{ a { shout } }')).toEqual({ a: { shout: 'X' } })
  })
})

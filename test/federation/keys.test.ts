import { describe, expect, it } from 'vitest'
import { asked, dataOf, part, sentTo, told } from '../support/ask-federated.js'
import { federated } from '../support/federated.js'

const places = part(
  'type Query { seat: Seat seats: [Seat] } type Seat @key(fields: "row col") { row: Int! col: Int! }',
  {
    Query: {
      seat: { row: 0, col: 2 },
      seats: [
        { row: 1, col: 1 },
        { row: 1, col: 2 },
        { row: 1, col: 1 },
      ],
    },
  },
)

const prices = part('type Seat @key(fields: "row col") { row: Int! col: Int! price: Int }', {
  Seat: { price: ({ row, col }) => Number(row) * 10 + Number(col) },
})

describe('@key', () => {
  it('MUST F021 of several fields is sent whole, falsy values too', async () => {
    const graph = federated({ places, prices })
    expect(await dataOf(graph, '{ seat { price } }')).toEqual({ seat: { price: 2 } })
    expect(sentTo(graph, 'prices')).toEqual([{ __typename: 'Seat', row: 0, col: 2 }])
  })

  it('MUST F022 of several fields tells objects apart by all of them', async () => {
    const graph = federated({ places, prices })
    expect(await dataOf(graph, '{ seats { price } }')).toEqual({ seats: [{ price: 11 }, { price: 12 }, { price: 11 }] })
    expect(sentTo(graph, 'prices')).toHaveLength(2)
  })

  it('MUST F023 is not confused by texts that look like two keys', async () => {
    const graph = federated({
      a: part('type Query { all: [Doc] } type Doc @key(fields: "x y") { x: ID! y: ID! }', {
        Query: {
          all: [
            { x: '1","y":"2', y: '' },
            { x: '1', y: '2' },
          ],
        },
      }),
      b: part('type Doc @key(fields: "x y") { x: ID! y: ID! sum: String }', {
        Doc: { sum: ({ x, y }) => `${String(x)}|${String(y)}` },
      }),
    })
    expect(await dataOf(graph, '{ all { sum } }')).toEqual({ all: [{ sum: '1","y":"2|' }, { sum: '1|2' }] })
  })

  it('MUST F024 is the one that the other subgraph has, when there are several', async () => {
    const two = '@key(fields: "id") @key(fields: "sku")'
    const graph = federated({
      a: part(`type Query { good: Good } type Good ${two} { id: ID! sku: ID! }`, {
        Query: { good: { id: 1, sku: 's' } },
      }),
      b: part('type Good @key(fields: "sku") { sku: ID! weight: Int }', { Good: { weight: 3 } }),
      c: part('type Good @key(fields: "id") { id: ID! size: Int }', { Good: { size: 4 } }),
    })
    expect(await dataOf(graph, '{ good { weight size } }')).toEqual({ good: { weight: 3, size: 4 } })
    expect(sentTo(graph, 'b')).toEqual([{ __typename: 'Good', sku: 's' }])
    expect(sentTo(graph, 'c')).toEqual([{ __typename: 'Good', id: '1' }])
  })

  it('SHOULD F025 that is at hand is preferred to one that has to be fetched', async () => {
    const graph = federated({
      a: part('type Query { it: It } type It @key(fields: "id") { id: ID! }', { Query: { it: { id: 1 } } }),
      b: part('type It @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! x: Int }', { It: { sku: 's', x: 1 } }),
      c: part('type It @key(fields: "sku") @key(fields: "id") { sku: ID! id: ID! y: Int }', { It: { y: 2 } }),
    })
    expect(await dataOf(graph, '{ it { y } }')).toEqual({ it: { y: 2 } })
    expect(asked(graph)).toEqual(['a', 'c'])
  })

  it('MUST F026 nested two levels deep is sent as it is nested', async () => {
    const nested = '@key(fields: "org { country { code } } no")'
    const values = 'type Org @shareable { country: Country! } type Country @shareable { code: ID! }'
    const graph = federated({
      a: part(`type Query { firm: Firm } type Firm ${nested} { org: Org! no: Int! } ${values}`, {
        Query: { firm: { org: { country: { code: 'CN' } }, no: 7 } },
      }),
      b: part(`type Firm ${nested} { org: Org! no: Int! name: String } ${values}`, { Firm: { name: 'F' } }),
    })
    expect(await dataOf(graph, '{ firm { name } }')).toEqual({ firm: { name: 'F' } })
    expect(sentTo(graph, 'b')).toEqual([{ __typename: 'Firm', org: { country: { code: 'CN' } }, no: 7 }])
  })

  it('MUST F027 nested is sent without what the client asks beside it', async () => {
    const graph = federated({
      a: part(
        'type Query { user: User } type User @key(fields: "home { id }") { home: Home! } type Home @shareable { id: ID! town: String }',
        { Query: { user: { home: { id: 'h', town: 'T' } } } },
      ),
      b: part(
        'type User @key(fields: "home { id }") { home: Home! age: Int } type Home @shareable { id: ID! town: String }',
        {
          User: { age: 5 },
        },
      ),
    })
    expect(await dataOf(graph, '{ user { home { town } age } }')).toEqual({ user: { home: { town: 'T' }, age: 5 } })
    expect(sentTo(graph, 'b')).toEqual([{ __typename: 'User', home: { id: 'h' } }])
  })

  it('MUST F028 of a list of lists is sent as it stands', async () => {
    const graph = federated({
      a: part('type Query { grid: Grid } type Grid @key(fields: "cells") { cells: [[Int!]!]! }', {
        Query: { grid: { cells: [[1, 2], [], [3]] } },
      }),
      b: part('type Grid @key(fields: "cells") { cells: [[Int!]!]! rows: Int }', {
        Grid: { rows: ({ cells }) => (cells as unknown[]).length },
      }),
    })
    expect(await dataOf(graph, '{ grid { rows } }')).toEqual({ grid: { rows: 3 } })
    expect(sentTo(graph, 'b')).toEqual([{ __typename: 'Grid', cells: [[1, 2], [], [3]] }])
  })

  it('MUST F029 that is not resolvable in the one place leads to the others, and nobody enters there', async () => {
    const graph = federated({
      a: part('type Query { one: One } type One @key(fields: "id") { id: ID! }', { Query: { one: { id: 1 } } }),
      b: part(
        'type Query { b: Int } type One @key(fields: "id", resolvable: false) { id: ID! } type Box { one: One }',
        {
          Query: { b: 1 },
        },
      ),
      c: part('type One @key(fields: "id") { id: ID! name: String }', { One: { name: 'n' } }),
    })
    expect(await dataOf(graph, '{ one { id name } }')).toEqual({ one: { id: '1', name: 'n' } })
    expect(asked(graph)).toEqual(['a', 'c'])
  })

  it('MUST F030 that is resolvable in one of two forms is entered by that one', async () => {
    const graph = federated({
      a: part('type Query { it: It } type It @key(fields: "id") @key(fields: "no") { id: ID! no: Int! }', {
        Query: { it: { id: 1, no: 9 } },
      }),
      b: part('type It @key(fields: "id", resolvable: false) @key(fields: "no") { id: ID! no: Int! more: String }', {
        It: { more: 'm' },
      }),
    })
    expect(await dataOf(graph, '{ it { more } }')).toEqual({ it: { more: 'm' } })
    expect(sentTo(graph, 'b')).toEqual([{ __typename: 'It', no: 9 }])
  })

  it('MUST F031 of which one field is null is no key: the hop is skipped and is no failure', async () => {
    const graph = federated({
      a: part('type Query { all: [Half] } type Half @key(fields: "x y") { x: ID y: ID }', {
        Query: {
          all: [
            { x: '1', y: null },
            { x: '1', y: '2' },
            { x: null, y: null },
          ],
        },
      }),
      b: part('type Half @key(fields: "x y") { x: ID y: ID z: Int }', { Half: { z: 5 } }),
    })
    expect(await dataOf(graph, '{ all { z } }')).toEqual({ all: [{ z: null }, { z: 5 }, { z: null }] })
    expect(sentTo(graph, 'b')).toHaveLength(1)
  })

  it('MUST F032 with a null within is no key either', async () => {
    const graph = federated({
      a: part(
        'type Query { user: User } type User @key(fields: "home { id }") { home: Home } type Home @shareable { id: ID }',
        {
          Query: { user: { home: { id: null } } },
        },
      ),
      b: part('type User @key(fields: "home { id }") { home: Home name: String } type Home @shareable { id: ID }', {
        User: { name: 'never' },
      }),
    })
    expect(await dataOf(graph, '{ user { name } }')).toEqual({ user: { name: null } })
    expect(asked(graph)).toEqual(['a'])
  })

  it('MUST F033 that is null where a field must not be is an error at that field', async () => {
    const graph = federated({
      a: part('type Query { it: It } type It @key(fields: "id") { id: ID }', { Query: { it: { id: null } } }),
      b: part('type It @key(fields: "id") { id: ID must: Int! }', { It: { must: 1 } }),
    })
    const [data, errors] = await told(graph, '{ it { must } }')
    expect(data).toEqual({ it: null })
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(/^it\.must /)
  })

  it('MUST F034 holds an enum and a scalar of one’s own as they came', async () => {
    const words = 'enum Kind { NEW OLD } scalar Any'
    const graph = federated({
      a: part(`${words} type Query { it: It } type It @key(fields: "kind any") { kind: Kind! any: Any! }`, {
        Query: { it: { kind: 'OLD', any: { deep: [1, null, 'x'] } } },
      }),
      b: part(`${words} type It @key(fields: "kind any") { kind: Kind! any: Any! ok: Boolean }`, { It: { ok: true } }),
    })
    expect(await dataOf(graph, '{ it { ok } }')).toEqual({ it: { ok: true } })
    expect(sentTo(graph, 'b')).toEqual([{ __typename: 'It', kind: 'OLD', any: { deep: [1, null, 'x'] } }])
  })

  it('MUST F035 of an entity within an entity is asked for at each depth', async () => {
    const graph = federated({
      a: part('type Query { top: Node } type Node @key(fields: "id") { id: ID! next: Node }', {
        Query: { top: { id: 1 } },
        Node: { next: ({ id }) => ({ id: Number(id) + 1 }) },
      }),
      b: part('type Node @key(fields: "id") { id: ID! name: String }', {
        Node: { name: ({ id }) => `n${String(id)}` },
      }),
    })
    expect(await dataOf(graph, '{ top { name next { name next { name } } } }')).toEqual({
      top: { name: 'n1', next: { name: 'n2', next: { name: 'n3' } } },
    })
    expect(asked(graph).filter((one) => one === 'a')).toHaveLength(1)
  })

  it('MUST F036 leads back to where one came from for what only stands there', async () => {
    const graph = federated({
      a: part('type Query { me: User } type User @key(fields: "id") { id: ID! name: String }', {
        Query: { me: { id: 1, name: 'me' } },
        User: { name: ({ id, name }) => name ?? `u${String(id)}` },
      }),
      b: part('type User @key(fields: "id") { id: ID! friends: [User!]! }', {
        User: { friends: [{ id: 2 }, { id: 1 }] },
      }),
    })
    expect(await dataOf(graph, '{ me { name friends { name } } }')).toEqual({
      me: { name: 'me', friends: [{ name: 'u2' }, { name: 'u1' }] },
    })
    expect(asked(graph)).toEqual(['a', 'b', 'a'])
  })

  it('SHOULD F037 in lists of lists is asked for once for all of them', async () => {
    const graph = federated({
      a: part('type Query { grid: [[Cell]] } type Cell @key(fields: "id") { id: ID! }', {
        Query: { grid: [[{ id: 1 }, null], [], [{ id: 2 }, { id: 1 }]] },
      }),
      b: part('type Cell @key(fields: "id") { id: ID! v: Int }', { Cell: { v: ({ id }) => Number(id) } }),
    })
    expect(await dataOf(graph, '{ grid { v } }')).toEqual({ grid: [[{ v: 1 }, null], [], [{ v: 2 }, { v: 1 }]] })
    expect(sentTo(graph, 'b')).toHaveLength(2)
  })

  it('MUST F038 may be asked by the client under other names, which changes nothing', async () => {
    const graph = federated({ places, prices })
    expect(await dataOf(graph, '{ seat { row: col col: row price __typename } }')).toEqual({
      seat: { row: 2, col: 0, price: 2, __typename: 'Seat' },
    })
  })

  it('MUST F039 is followed from what a mutation gives', async () => {
    const graph = federated({
      a: part(
        'type Query { q: Int } type Mutation { book: Seat } type Seat @key(fields: "row col") { row: Int! col: Int! }',
        {
          Mutation: { book: { row: 4, col: 2 } },
        },
      ),
      prices,
    })
    expect(await dataOf(graph, 'mutation { book { price } }')).toEqual({ book: { price: 42 } })
    expect(graph.sent.map(({ kind }) => kind)).toEqual(['mutation', 'query'])
  })
})

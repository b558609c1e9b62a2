import { describe, expect, it } from 'vitest'
import { nobody, federated, type Federated, type TestSubgraph } from '../support/federated.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }

async function dataOf(graph: Federated, query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const { data, errors } = await graph.ask(query, variables)
  expect(errors).toBeUndefined()
  return data
}

/** The answer's data as text, for the order of its fields. */
async function textOf(graph: Federated, text: string, variables: Record<string, unknown> = {}): Promise<string> {
  return (await graph.engine.answer({ text, variables, operationName: null, context: nobody })).body
}

const ran: string[] = []

const users: TestSubgraph = {
  sdl: `type Query { me: User users: [User!]! echo(text: String, input: In, list: [Int!]): String } type User @key(fields: "id") { id: ID! name: String friends: [User!] }
    input In { a: Int = 5 b: [In!] } type Mutation { first(n: Int): User second(n: Int): Int }`,
  resolvers: {
    Query: {
      me: () => ({ id: '1', name: 'Li' }),
      users: () => [{ id: '1', name: 'Li' }],
      echo: (_: unknown, args: unknown) => JSON.stringify(args),
    },
    User: { ...itself, friends: () => [] },
    Mutation: {
      first: (_: unknown, { n }: { n: number }) => ran.push(`first ${n}`) && { id: String(n), name: `u${n}` },
      second: (_: unknown, { n }: { n: number }) => ran.push(`second ${n}`),
    },
  },
}

const carts: TestSubgraph = {
  sdl: 'type User @key(fields: "id") { id: ID! cart: Int } type Mutation { fill(n: Int): Int } type Query { carts: Int }',
  resolvers: {
    User: { ...itself, cart: () => 3 },
    Mutation: { fill: (_: unknown, { n }: { n: number }) => ran.push(`fill ${n}`) },
  },
}

const shop = (): Federated => federated({ users, carts })

describe('an operation', () => {
  it('MUST F301 answers fields in the order in which they are first met', async () => {
    const query =
      '{ me { cart ...F id name } ... { me { __typename } } } fragment F on User { name friends { id } cart }'
    expect(await textOf(shop(), query)).toBe(
      '{"data":{"me":{"cart":3,"name":"Li","friends":[],"id":"1","__typename":"User"}}}',
    )
  })

  it('MUST F302 runs the root fields of a mutation one after the other, over all subgraphs', async () => {
    ran.length = 0
    const query = 'mutation { d: fill(n: 1) c: first(n: 2) { cart } b: second(n: 3) a: fill(n: 4) }'
    expect(await textOf(shop(), query)).toBe('{"data":{"d":1,"c":{"cart":3},"b":3,"a":4}}')
    expect(ran).toEqual(['fill 1', 'first 2', 'second 3', 'fill 4'])
  })

  it('MUST F303 runs equal root fields of a mutation as often as they are named', async () => {
    ran.length = 0
    await dataOf(shop(), 'mutation { a: fill(n: 1) b: fill(n: 1) b: fill(n: 1) }')
    expect(ran).toEqual(['fill 1', 'fill 1'])
  })

  it('MUST F304 asks nobody for what is skipped', async () => {
    const graph = shop()
    expect(await dataOf(graph, 'query ($no: Boolean!) { me { name cart @include(if: $no) } }', { no: false })).toEqual({
      me: { name: 'Li' },
    })
    expect(graph.sent).toHaveLength(1)
  })

  it('MUST F305 gives an empty object when all of it is skipped, and null when it is null', async () => {
    const graph = shop()
    expect(await dataOf(graph, '{ me { name @skip(if: true) } users { id @include(if: false) } }')).toEqual({
      me: {},
      users: [{}],
    })
    expect(await dataOf(graph, '{ me @skip(if: true) { name } }')).toEqual({})
  })

  it('MUST F306 sends variables, defaults and literals as they were meant', async () => {
    const query =
      'query ($t: String = "d", $n: Int, $i: In) { echo(text: $t, list: [1, $n]) two: echo(input: $i) three: echo(text: null) }'.replace(
        '$n: Int',
        '$n: Int = 2',
      )
    expect(await dataOf(shop(), query, { i: { b: [{ a: null }] } })).toEqual({
      echo: '{"text":"d","list":[1,2]}',
      two: '{"input":{"a":5,"b":[{"a":null}]}}',
      three: '{"text":null}',
    })
  })

  it('MUST F307 runs the one that is named, and looks at the fragments of no other', async () => {
    const query =
      'query One { me { ...N } } query Two($x: Boolean!) { me { ...X } } fragment N on User { name } fragment X on User { id @include(if: $x) }'
    expect((await shop().ask(query, {}, 'One')).data).toEqual({ me: { name: 'Li' } })
    expect((await shop().ask(query, {}, null)).errors?.[0]?.extensions.code).toBe('OPERATION_RESOLUTION_FAILURE')
    expect((await shop().ask(query, {}, 'Three')).errors?.[0]?.extensions.code).toBe('OPERATION_RESOLUTION_FAILURE')
  })

  it('MUST F308 may introspect beside other fields', async () => {
    const query =
      'query ($n: String!) { me { name } __type(name: $n) { name } s: __schema { queryType { ...T } } __typename } fragment T on __Type { name }'
    expect(await dataOf(shop(), query, { n: 'User' })).toEqual({
      me: { name: 'Li' },
      __type: { name: 'User' },
      s: { queryType: { name: 'Query' } },
      __typename: 'Query',
    })
  })

  it('MUST F309 asks nobody when only types are asked for', async () => {
    const graph = shop()
    expect(await dataOf(graph, '{ __typename t: __typename }')).toEqual({ __typename: 'Query', t: 'Query' })
    expect(graph.sent).toEqual([])
  })

  it.each([
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ _entities(representations: []) { __typename } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ _service { sdl } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query ($n: Int!) { echo(list: [$n]) }', 'BAD_USER_INPUT'],
  ])('MUST F310 S33 refuses %s with %s', async (query, code) => {
    const { data, errors } = await shop().ask(query, {})
    expect(data).toBeUndefined()
    expect(errors?.[0]?.extensions.code).toBe(code)
  })

  it('MUST F311 makes its whole object null when a field that may not be null is', async () => {
    const graph = federated({
      a: {
        sdl: 'type Query { list: [Item] deep: Deep } type Deep { item: Item! other: Int } type Item @key(fields: "id") { id: ID! }',
        resolvers: {
          Query: { list: () => [{ id: '1' }, { id: '2' }], deep: () => ({ item: { id: '1' }, other: 1 }) },
          Item: itself,
        },
      },
      b: {
        sdl: 'type Item @key(fields: "id") { id: ID! must: Int! may: Int }',
        resolvers: {
          Item: {
            ...itself,
            may: () => 1,
            must: ({ id }: Reference) => {
              if (id === '1') throw new Error('no')
              return 2
            },
          },
        },
      },
    })
    const { data, errors } = await graph.ask('{ list { may must } deep { other item { must } } }')
    expect(data).toEqual({ list: [null, { may: 1, must: 2 }], deep: null })
    expect(errors?.map(({ path }) => path)).toEqual([
      ['list', 0, 'must'],
      ['deep', 'item', 'must'],
    ])
  })
})

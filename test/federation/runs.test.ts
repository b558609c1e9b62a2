import { describe, expect, it } from 'vitest'
import { asked, dataOf, part, told } from '../support/ask-federated.js'
import { federated, nobody, type Federated } from '../support/federated.js'

const key = '@key(fields: "id")'
const ran: string[] = []

const a = part(
  `type Query { me: User echo(text: String, in: In, list: [In!], kind: Kind = NEW, any: Any): String } type User ${key} { id: ID! name(short: Boolean = false): String friends: [User!] }
   input In { a: Int = 5 b: [In!] kind: Kind = OLD must: Int! = 1 } enum Kind { NEW OLD } scalar Any type Mutation { first(n: Int): User }`,
  {
    Query: { me: { id: 1 }, echo: (_, args) => JSON.stringify(args) },
    User: { name: (_, { short }) => (short === true ? 'L' : 'Li'), friends: [{ id: 2 }] },
    Mutation: { first: (_, { n }) => ran.push(`first ${String(n)}`) && { id: n } },
  },
)
const b = part(
  `type User ${key} { id: ID! cart: Int } type Mutation { second(n: Int): Int fail: Int! } type Query { b: Int }`,
  {
    User: { cart: 3 },
    Query: { b: 2 },
    Mutation: {
      second: (_, { n }) => ran.push(`second ${String(n)}`),
      fail: () => {
        throw new Error('no')
      },
    },
  },
)

const shop = (): Federated => federated({ a, b })

async function textOf(graph: Federated, text: string, variables: Record<string, unknown> = {}): Promise<string> {
  return (await graph.engine.answer({ text, variables, operationName: null, context: nobody })).body
}

describe('a condition', () => {
  it.each([
    [true, true, {}],
    [true, false, {}],
    [false, true, { cart: 3 }],
    [false, false, {}],
  ])('MUST F321 of @skip %s and @include %s on one field holds when both allow it', async (skip, include, rest) => {
    const query = 'query ($s: Boolean!, $i: Boolean!) { me { id cart @skip(if: $s) @include(if: $i) } }'
    const graph = shop()
    expect(await dataOf(graph, query, { s: skip, i: include })).toEqual({ me: { id: '1', ...rest } })
    expect(asked(graph)).toHaveLength('cart' in rest ? 2 : 1)
  })

  it('MUST F322 on a fragment holds for all in it, and for nothing beside it', async () => {
    const query =
      'query ($no: Boolean = false) { me { ...F @include(if: $no) ... on User @skip(if: true) { cart } name } } fragment F on User { friends { id } cart }'
    const graph = shop()
    expect(await dataOf(graph, query)).toEqual({ me: { name: 'Li' } })
    expect(asked(graph)).toEqual(['a'])
  })

  it('SHOULD F323 on a root field spares its subgraph', async () => {
    const graph = shop()
    expect(await dataOf(graph, 'query ($no: Boolean!) { me { id } b @include(if: $no) }', { no: false })).toEqual({
      me: { id: '1' },
    })
    expect(asked(graph)).toEqual(['a'])
  })

  it('MUST F324 of one occurrence leaves the other, at its own place in the order', async () => {
    const query = 'query ($s: Boolean!) { me { cart @skip(if: $s) id cart } }'
    expect(await textOf(shop(), query, { s: true })).toBe('{"data":{"me":{"id":"1","cart":3}}}')
    expect(await textOf(shop(), query, { s: false })).toBe('{"data":{"me":{"cart":3,"id":"1"}}}')
  })

  it('MUST F325 that excludes everything asks nobody', async () => {
    const graph = shop()
    expect(await dataOf(graph, '{ me @include(if: false) { id } b @skip(if: true) }')).toEqual({})
    expect(asked(graph)).toEqual([])
  })

  it('MUST F326 on a mutation keeps it from running', async () => {
    ran.length = 0
    expect(
      await dataOf(shop(), 'mutation ($no: Boolean!) { first(n: 1) @include(if: $no) { id } second(n: 2) }', {
        no: false,
      }),
    ).toEqual({ second: 1 })
    expect(ran).toEqual(['second 2'])
  })

  it('MUST F327 without a value for its variable is a wrong request', async () => {
    expect((await shop().ask('query ($x: Boolean!) { b @skip(if: $x) }', {})).errors?.[0]?.extensions.code).toBe(
      'BAD_USER_INPUT',
    )
  })
})

describe('variables', () => {
  it.each([
    ['absent', {}, '{"kind":"NEW"}'],
    ['null', { t: null }, '{"text":null,"kind":"NEW"}'],
    ['given', { t: 'x' }, '{"text":"x","kind":"NEW"}'],
  ])('MUST F331 that are %s are sent on so', async (_, variables, echo) => {
    expect(await dataOf(shop(), 'query ($t: String) { echo(text: $t) }', variables)).toEqual({ echo })
  })

  it('MUST F332 have their default when absent, and are null when null', async () => {
    const query = 'query ($t: String = "d") { echo(text: $t) }'
    expect(await dataOf(shop(), query)).toEqual({ echo: '{"text":"d","kind":"NEW"}' })
    expect(await dataOf(shop(), query, { t: null })).toEqual({ echo: '{"text":null,"kind":"NEW"}' })
  })

  it('MUST F333 fill the defaults of input objects, at every depth', async () => {
    const query = 'query ($in: In) { echo(in: $in) }'
    expect(await dataOf(shop(), query, { in: { b: [{ a: null, kind: 'NEW' }] } })).toEqual({
      echo: '{"in":{"a":5,"b":[{"a":null,"kind":"NEW","must":1}],"kind":"OLD","must":1},"kind":"NEW"}',
    })
  })

  it('MUST F334 stand within literals', async () => {
    const query =
      'query ($a: Int, $k: Kind!, $no: Int) { echo(list: [{ a: $a, kind: $k }, { a: $no, b: [{ a: $a }] }]) }'
    expect(await dataOf(shop(), query, { a: 7, k: 'OLD' })).toEqual({
      echo: '{"list":[{"a":7,"kind":"OLD","must":1},{"a":5,"b":[{"a":7,"kind":"OLD","must":1}],"kind":"OLD","must":1}],"kind":"NEW"}',
    })
  })

  it('MUST F335 of a single value are taken for a list of one', async () => {
    expect(await dataOf(shop(), 'query ($l: [In!]) { echo(list: $l) }', { l: { a: 1, kind: 'NEW' } })).toEqual({
      echo: '{"list":[{"a":1,"kind":"NEW","must":1}],"kind":"NEW"}',
    })
  })

  it('MUST F336 of a scalar of one’s own are handed on as they came', async () => {
    const any = { deep: [1, { x: null }], text: '"\\u0000' }
    expect(await dataOf(shop(), 'query ($any: Any) { echo(any: $any) }', { any })).toEqual({
      echo: JSON.stringify({ kind: 'NEW', any }),
    })
  })

  it.each([
    [{ in: { a: 'x' } }],
    [{ in: { b: [{ must: null }] } }],
    [{ in: { kind: 'BLUE' } }],
    [{ in: { a: 2 ** 31 } }],
    [{ in: { unknown: 1 } }],
    [{ in: 'text' }],
  ])('MUST F337 of a wrong type are refused, and nobody is asked: %j', async (variables) => {
    const graph = shop()
    expect((await graph.ask('query ($in: In) { echo(in: $in) }', variables)).errors?.[0]?.extensions.code).toBe(
      'BAD_USER_INPUT',
    )
    expect(asked(graph)).toEqual([])
  })

  it('SHOULD F338 are sent only to the subgraphs that use them', async () => {
    const graph = shop()
    await dataOf(graph, 'query ($s: Boolean, $n: Boolean!) { me { name(short: $s) cart @include(if: $n) } }', {
      s: true,
      n: true,
    })
    expect(graph.sent.map(({ variables }) => Object.keys(variables))).toEqual([['s'], ['representations']])
  })
})

describe('the order of fields', () => {
  it.each([
    ['{ me { cart id } }', '{"me":{"cart":3,"id":"1"}}'],
    ['{ b me { id } __typename }', '{"b":2,"me":{"id":"1"},"__typename":"Query"}'],
    ['{ me { z: cart ...F y: id } } fragment F on User { y: id x: name z: cart }', '{"me":{"z":3,"y":"1","x":"Li"}}'],
    ['{ me { id } b me { cart } }', '{"me":{"id":"1","cart":3},"b":2}'],
    [
      '{ me { friends { cart } ... { friends { id cart name } } } }',
      '{"me":{"friends":[{"cart":3,"id":"2","name":"Li"}]}}',
    ],
    ['{ me { name(short: true) n: name } }', '{"me":{"name":"L","n":"Li"}}'],
  ])('MUST F341 is that of the specification: %s', async (query, data) => {
    const graph = shop()
    for (let again = 0; again < 3; again++) expect(await textOf(graph, query)).toBe(`{"data":${data}}`)
  })
})

describe('mutations', () => {
  it('MUST F351 wait until the one before has been answered whole, its hops too', async () => {
    ran.length = 0
    const graph = shop()
    expect(await dataOf(graph, 'mutation { x: first(n: 1) { cart } y: second(n: 2) z: first(n: 3) { cart } }')).toEqual(
      {
        x: { cart: 3 },
        y: 2,
        z: { cart: 3 },
      },
    )
    expect(ran).toEqual(['first 1', 'second 2', 'first 3'])
    expect(asked(graph)).toEqual(['a', 'b', 'b', 'a', 'b'])
  })

  it('MUST F352 of which one fails where it must not leave no data', async () => {
    expect(await told(shop(), 'mutation { second(n: 1) fail }')).toEqual([null, ['fail INTERNAL_SERVER_ERROR']])
  })

  it('MUST F353 that merge into one field run once', async () => {
    ran.length = 0
    expect(
      await dataOf(
        shop(),
        'mutation { first(n: 1) { id } ...F first(n: 1) { cart } } fragment F on Mutation { first(n: 1) { name } }',
      ),
    ).toEqual({
      first: { id: '1', name: 'Li', cart: 3 },
    })
    expect(ran).toEqual(['first 1'])
  })
})

import { describe, expect, it } from 'vitest'
import { Failure } from '../../platform/failure.js'
import type { SubgraphAnswer } from '../../gateway/fetch/ask-subgraph.js'
import { counting } from '../support/counting.js'
import { federated, type Federated, type TestAnswer, type TestSubgraph } from '../support/federated.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }

const shops: TestSubgraph = {
  sdl: 'type Query { shops: [Shop] first: Shop } type Shop @key(fields: "id") { id: ID! name: String size: Int }',
  resolvers: {
    Query: {
      shops: () => ['1', '2', '1'].map((id) => ({ id, name: `s${id}`, size: 1 })),
      first: () => ({ id: '1', name: 'f', size: 1 }),
    },
    Shop: itself,
  },
}

const sales: TestSubgraph = {
  sdl: 'type Shop @key(fields: "id") { id: ID! sold: Int best: Good } type Good { name: String tags: [String!] }',
  resolvers: { Shop: { ...itself, sold: () => 5, best: () => ({ name: 'tea', tags: ['a'] }) } },
}

/** The graph with a subgraph that answers so. */
function withAnswer(subgraph: string, answer: unknown): Federated {
  const graph = federated({ shops, sales })
  // What a stranger sends has no type.
  graph.disturb(subgraph, () => Promise.resolve(answer as SubgraphAnswer))
  return graph
}

async function told(graph: Federated, query: string): Promise<readonly [unknown, readonly unknown[]]> {
  const { data, errors } = await graph.ask(query)
  return [data, (errors ?? []).map(({ path, extensions }) => [path?.join('.'), extensions.code])]
}

describe('a subgraph that answers wrongly', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', '<html>'],
    ['a list', []],
    ['no data', {}],
    ['data that is no object', { data: 5 }],
    ['errors that are no list', { data: { _entities: [{ sold: 1 }] }, errors: 'x' }],
    ['too few entities', { data: { _entities: [] } }],
    ['too many entities', { data: { _entities: [{ sold: 1 }, { sold: 2 }] } }],
    ['entities that are no list', { data: { _entities: { sold: 1 } } }],
    ['an entity that is no object', { data: { _entities: ['x'] } }],
  ])('MUST F401 with %s costs its own fields, with a code', async (_, answer) => {
    const graph = withAnswer('sales', answer)
    expect(await told(graph, '{ first { name sold } }')).toEqual([
      { first: { name: 'f', sold: null } },
      [['first.sold', 'SUBGRAPH_MALFORMED']],
    ])
  })

  it.each([
    ['sold', '5'],
    ['sold', 2 ** 40],
    ['sold', [1]],
    ['best { name }', 'x'],
    ['best { name }', [{ name: 'x' }]],
    ['best { tags }', { tags: 'x' }],
  ])('MUST F402 with a value of the wrong type for %s costs that value', async (field, value) => {
    const [name = ''] = field.split(' ')
    const [data, errors] = await told(
      withAnswer('sales', { data: { _entities: [{ [name]: value }] } }),
      `{ first { name ${field} } }`,
    )
    expect(data).toMatchObject({ first: { name: 'f' } })
    expect(errors).toMatchObject([[expect.stringMatching(/^first\./), 'SUBGRAPH_MALFORMED']])
  })

  it('MUST F403 S03 with keys named like members of a prototype changes nothing', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype).join()
    const hostile = JSON.parse(
      '{"__proto__":{"p":1},"constructor":{"prototype":{"p":1}},"sold":3,"best":{"__proto__":{"p":1},"name":"n"}}',
    ) as object
    const error = JSON.parse(
      '{"message":"m","path":["_entities",0,"__proto__"],"extensions":{"__proto__":{"p":1},"code":"x"}}',
    ) as object
    const extensions = JSON.parse('{"__proto__":{"p":1},"constructor":{"prototype":{"p":1}}}') as object
    const answer = { data: { _entities: [hostile] }, errors: [error], extensions }
    const graph = withAnswer('sales', answer)
    const whole = await graph.ask('{ first { sold best { name } } }')
    expect(whole.data).toEqual({ first: { sold: 3, best: { name: 'n' } } })
    expect(whole).not.toHaveProperty('extensions')
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
    expect('p' in {}).toBe(false)
  })

  it('MUST F404 S36 is told with a code and words of ours, never with its own', async () => {
    const inside = {
      message: 'select * from t at db-7.internal:5432',
      extensions: { code: 'PG_42P01', stack: 'at x.ts:1' },
    }
    const graph = withAnswer('sales', {
      data: { _entities: [{ sold: null }] },
      errors: [{ ...inside, path: ['_entities', 0, 'sold'] }],
    })
    const { errors } = await graph.ask('{ first { sold } }')
    expect(errors).toEqual([
      {
        message: 'This field could not be answered.',
        path: ['first', 'sold'],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ])
  })

  it('MUST F405 is told with its own words when it uses a code that is a promise of ours', async () => {
    const refusal = {
      message: 'this needs the role host',
      path: ['_entities', 0, 'sold'],
      extensions: { code: 'FORBIDDEN', who: 'x' },
    }
    const { errors } = await withAnswer('sales', { data: { _entities: [{ sold: null }] }, errors: [refusal] }).ask(
      '{ first { sold } }',
    )
    expect(errors).toEqual([
      { message: 'this needs the role host', path: ['first', 'sold'], extensions: { code: 'FORBIDDEN' } },
    ])
  })

  it("MUST F406 tells an error at every place where the entity stands, in the client's names", async () => {
    const graph = withAnswer('sales', {
      data: { _entities: [{ best: null }, { best: { name: 'x' } }] },
      errors: [{ message: 'm', path: ['_entities', 0, 'best', 'name'] }],
    })
    const [data, errors] = await told(graph, '{ shops { best { called: name } } }')
    expect(data).toEqual({ shops: [{ best: null }, { best: { called: 'x' } }, { best: null }] })
    expect(errors).toEqual([
      ['shops.0.best.called', 'INTERNAL_SERVER_ERROR'],
      ['shops.2.best.called', 'INTERNAL_SERVER_ERROR'],
    ])
  })

  it.each(['SUBGRAPH_TIMEOUT', 'SUBGRAPH_TOO_LARGE', 'BUSY'] as const)(
    'MUST F407 tells %s of the way to it',
    async (code) => {
      const graph = federated({ shops, sales })
      graph.disturb('sales', () => Promise.reject(new Failure(code, 'http://10.0.0.7 was slow')))
      const { data, errors } = await graph.ask('{ first { name sold } }')
      expect(data).toEqual({ first: { name: 'f', sold: null } })
      expect(errors?.map(({ extensions, message }) => [extensions.code, message.includes('10.0.0.7')])).toEqual([
        [code, false],
      ])
    },
  )

  it('MUST F408 costs its own fields only, when all of it is down', async () => {
    const graph = federated({ shops, sales })
    graph.disturb('sales', () => Promise.reject(new Error('connect ECONNREFUSED')))
    const [data, errors] = await told(graph, '{ shops { name sold } }')
    expect(data).toEqual({
      shops: [
        { name: 's1', sold: null },
        { name: 's2', sold: null },
        { name: 's1', sold: null },
      ],
    })
    expect(errors).toEqual([0, 1, 2].map((at) => [`shops.${at}.sold`, 'SUBGRAPH_UNAVAILABLE']))
  })

  it('MUST F409 with errors and no data at the root tells them where they belong', async () => {
    const graph = withAnswer('shops', {
      data: null,
      errors: [{ message: 'm', path: ['first'], extensions: { code: 'NOT_FOUND' } }],
    })
    const [data, errors] = await told(graph, '{ first { name } shops { name } }')
    expect(data).toEqual({ first: null, shops: null })
    expect(errors).toContainEqual(['first', 'NOT_FOUND'])
  })
})

describe('a client with hostile names', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'then', 'toJSON', 'valueOf']

  it.each(NAMES)('MUST F411 S01 is answered under the alias %s as under any other', async (name) => {
    const before = Object.getOwnPropertyNames(Object.prototype).join()
    const graph = federated({ shops, sales })
    const { data } = await graph.ask(
      `{ ${name}: first { ${name}: name ...F } all: shops { ${name}: best { ${name}: name } } } fragment F on Shop { x: sold }`,
    )
    const own = (value: unknown): unknown => Object.getOwnPropertyDescriptor(value, name)?.value
    expect(own(data)).toBeTypeOf('object')
    expect(own(own(data))).toBe('f')
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
  })

  it.each(NAMES)('MUST F412 S02 may call a variable %s', async (name) => {
    const echo: TestSubgraph = {
      sdl: 'type Query { echo(text: String): String }',
      resolvers: { Query: { echo: (_: unknown, { text }: { text: string }) => text } },
    }
    const variables = JSON.parse(`{"${name}":"hi"}`) as Record<string, unknown>
    expect(
      (await federated({ echo }).ask(`query ($${name}: String) { echo(text: $${name}) }`, variables)).data,
    ).toEqual({ echo: 'hi' })
  })

  it('MUST F413 S02 is refused an input object with a key that its type does not have', async () => {
    const echo: TestSubgraph = {
      sdl: 'type Query { echo(in: In): Int } input In { a: Int }',
      resolvers: { Query: { echo: () => 1 } },
    }
    const { errors } = await federated({ echo }).ask(
      'query ($in: In) { echo(in: $in) }',
      JSON.parse('{"in":{"__proto__":{"x":1}}}') as Record<string, unknown>,
    )
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    expect('x' in {}).toBe(false)
  })

  it('MUST F414 a field of the schema may be called like a member of a prototype', async () => {
    const odd: TestSubgraph = {
      sdl: 'type Query { odd: Odd } type Odd @key(fields: "toString") { toString: String constructor: Int valueOf: Int }',
      resolvers: {
        Query: { odd: () => JSON.parse('{"toString":"key","constructor":1,"valueOf":null}') as object },
        Odd: itself,
      },
    }
    const more: TestSubgraph = {
      sdl: 'type Odd @key(fields: "toString") { toString: String hasOwnProperty: Int }',
      resolvers: { Odd: { ...itself, hasOwnProperty: () => 2 } },
    }
    const { data } = await federated({ odd, more }).ask('{ odd { toString constructor valueOf hasOwnProperty } }')
    expect(JSON.stringify(data)).toBe('{"odd":{"toString":"key","constructor":1,"valueOf":null,"hasOwnProperty":2}}')
  })
})

describe('a client that asks too much', () => {
  const graph = federated({ shops, sales })
  const code = async (query: string): Promise<string | undefined> =>
    (await graph.ask(query)).errors?.[0]?.extensions.code

  it('MUST F421 S34 is refused nesting that no parser survives', async () => {
    expect(await code('{'.repeat(20_000))).toBe('GRAPHQL_PARSE_FAILED')
    expect(await code(`{ first(x: ${'['.repeat(20_000)}) }`)).toBe('GRAPHQL_PARSE_FAILED')
  })

  it('MUST F422 S34 is refused variables that are nested too deeply', async () => {
    const nested: TestSubgraph = {
      sdl: 'type Query { echo(in: In): Int } input In { in: In }',
      resolvers: { Query: { echo: () => 1 } },
    }
    const deep = JSON.parse(`${'{"in":'.repeat(5_000)}null${'}'.repeat(5_000)}`) as Record<string, unknown>
    const graph = federated({ nested })
    const { errors, data } = await graph.ask('query ($in: In) { echo(in: $in) }', deep)
    expect([data, errors?.map(({ message, extensions }) => [message, extensions.code])]).toEqual([
      undefined,
      [['Variable "$in" is nested too deeply.', 'BAD_USER_INPUT']],
    ])
    expect(graph.sent).toEqual([])
  })

  it('MUST F423 S05 is refused fragments that unfold without end, before anything is planned', async () => {
    const tree: TestSubgraph = {
      sdl: 'type Query { n: Node } type Node { n: Node v: Int }',
      resolvers: { Query: { n: () => null } },
    }
    const observer = counting()
    const explosive = federated({ tree }, { observer })
    const fragments = Array.from(
      { length: 30 },
      (_, at) => `fragment F${at} on Node { a: n { ...F${at + 1} } b: n { ...F${at + 1} } }`,
    )
    for (let time = 0; time < 2; time++) {
      const { errors } = await explosive.ask(`{ n { ...F0 } } ${fragments.join(' ')} fragment F30 on Node { v }`)
      expect(errors?.[0]?.extensions.code).toBe('LIMIT_EXCEEDED')
    }
    const planned = ['cache.miss', 'cache.hit'].map((name) => observer.counted(name, { cache: 'plans' }))
    expect([explosive.sent, planned]).toEqual([[], [0, 0]]) // nothing was planned, and nothing is kept of it
    await explosive.ask('{ n { v } }')
    expect(observer.counted('cache.miss', { cache: 'plans' })).toBe(1)
  })

  it('MUST F424 S04 is refused a field said 15,000 times, and answered one said a hundred times', async () => {
    expect(await code(`{ first { ${'name '.repeat(15_000)} } }`)).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(await graph.ask(`{ first { ${'name '.repeat(100)} } }`)).toEqual({ data: { first: { name: 'f' } } })
  })

  it('MUST F426 S34 is refused an operation that is nested beyond what can be walked', async () => {
    const deep: TestSubgraph = {
      sdl: 'type Query { n: Node } type Node { n: Node v: Int }',
      resolvers: { Query: { n: () => null } },
    }
    const ask = (depth: number): Promise<TestAnswer> =>
      federated({ deep }).ask(`{ n { ${'n { '.repeat(depth)} v ${'}'.repeat(depth)} } }`)
    expect(await ask(200)).toEqual({ data: { n: null } })
    for (const depth of [2_000, 6_000, 20_000])
      expect((await ask(depth)).errors?.[0]?.extensions.code).toMatch(/^(LIMIT_EXCEEDED|GRAPHQL_PARSE_FAILED)$/)
  })
})

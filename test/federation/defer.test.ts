import { describe, expect, it } from 'vitest'
import type { PartFormat } from '../../gateway/project/part-forms.js'
import { assembled, type Part } from '../support/assemble.js'
import { federated, nobody, type Federated, type TestSubgraph } from '../support/federated.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }

const ran: string[] = []

const goods: TestSubgraph = {
  sdl: `type Query { good: Good goods: [Good!] conf: Conf @shareable rows: [Row] any: [Any] } union Any = Good | Ad type Ad { text: String } type Row { a: Int b: Int }
    type Conf @shareable { a: Int b: Int bad: Int! } type Good @key(fields: "id") { id: ID! name: String weight: Int bad: Int! friends: [Good!] }
    type Mutation { make(n: Int): Good sell(n: Int): Int }`,
  resolvers: {
    Query: {
      good: () => ({ id: '1', name: 'one' }),
      goods: () => [
        { id: '1', name: 'one' },
        { id: '2', name: 'two' },
      ],
      conf: () => ({ a: 1, b: 2, bad: null }),
      rows: () => [{ a: 1, b: 2 }],
      any: () => [
        { __typename: 'Good', id: '1', name: 'one' },
        { __typename: 'Ad', text: 'buy' },
      ],
    },
    Good: { ...itself, name: ({ id }: Reference) => `n${String(id)}`, weight: () => 5, friends: () => [{ id: '3' }] },
    Mutation: {
      make: (_: unknown, { n }: { n: number }) => ran.push(`make ${n}`) && { id: String(n) },
      sell: (_: unknown, { n }: { n: number }) => ran.push(`sell ${n}`),
    },
  },
}

const stock: TestSubgraph = {
  sdl: `type Query { conf: Conf @shareable } type Conf @shareable { c: Int }
    type Good @key(fields: "id") { id: ID! left: Int must: Int! weight: Int @external cost: Int @requires(fields: "weight") }`,
  resolvers: {
    Query: { conf: () => ({ c: 3 }) },
    Good: {
      ...itself,
      left: ({ id }: Reference) => Number(id) * 10,
      must: () => null,
      cost: ({ weight }: Reference) => Number(weight) + 1,
    },
  },
}

const shop = (): Federated => federated({ goods, stock })
const FORMATS: readonly PartFormat[] = ['deferSpec=20220824', 'incrementalSpec=v0.2']

async function partsOf(
  graph: Federated,
  text: string,
  format: PartFormat = 'incrementalSpec=v0.2',
  variables: Record<string, unknown> = {},
): Promise<readonly Part[]> {
  const answer = graph.engine.answerInParts({ text, variables, operationName: null, context: nobody }, format)
  const parts: Part[] = []
  for (let part = await answer?.next(); typeof part === 'string'; part = await answer?.next())
    parts.push(JSON.parse(part) as Part)
  return parts
}

/** The subgraphs' questions, with nothing of their form. */
function asked({ sent }: Federated): readonly string[] {
  return sent.map(({ subgraph, query }) => `${subgraph} ${query.replace(/^.*_entities\([^)]*\)/, '')}`)
}

describe('@defer', () => {
  it('MUST F901 is announced, told and ended by an id, and says no field twice', async () => {
    expect(await partsOf(shop(), '{ good { name ... @defer(label: "l") { name left } } }')).toEqual([
      {
        data: { good: { name: 'n1' } },
        pending: [{ id: '0', path: ['good'], label: 'l' }],
        hasNext: true,
      },
      { incremental: [{ id: '0', data: { left: 10 } }], completed: [{ id: '0' }], hasNext: false },
    ])
  })

  it('MUST F902 is told whole where it stands in the older form', async () => {
    expect(await partsOf(shop(), '{ good { name ... @defer(label: "l") { name left } } }', FORMATS[0])).toEqual([
      { data: { good: { name: 'n1' } }, hasNext: true },
      { incremental: [{ data: { name: 'n1', left: 10 }, path: ['good'], label: 'l' }], hasNext: false },
    ])
  })

  it('MUST F903 keeps what is told later out of the fetches of the first part', async () => {
    const graph = shop()
    await partsOf(graph, '{ good { name ... @defer { weight left } } conf { a ... @defer { b } } }')
    expect(asked(graph)).toEqual([
      'goods {good{__typename name id} conf{a}}',
      'goods {...on Good{weight}}}',
      'stock {...on Good{left}}}',
      'goods {conf{__typename b}}',
    ])
  })

  it('MUST F904 is told for each item of a list, all that is ready in one part', async () => {
    const [first, second, third] = await partsOf(shop(), '{ goods { id ... @defer { left } } }')
    expect(first?.pending).toEqual([
      { id: '0', path: ['goods', 0] },
      { id: '1', path: ['goods', 1] },
    ])
    expect(second?.incremental).toEqual([
      { id: '0', data: { left: 10 } },
      { id: '1', data: { left: 20 } },
    ])
    expect(third).toBeUndefined()
  })

  it('MUST F905 asks a list without keys no second time', async () => {
    const graph = shop()
    const parts = await partsOf(graph, '{ rows { a ... @defer { b } } }')
    expect(asked(graph)).toEqual(['goods {rows{a b}}'])
    expect(parts).toHaveLength(2)
    expect(assembled(parts)).toEqual({ data: { rows: [{ a: 1, b: 2 }] }, errors: [] })
  })

  it('MUST F906 has fields that two deferrals share told once, with the one that is ready first', async () => {
    const query = '{ good { ... @defer(label: "a") { friends { name } } ... @defer(label: "b") { friends { left } } } }'
    const parts = await partsOf(shop(), query)
    expect(
      parts.flatMap(({ incremental = [] }) => incremental.filter(({ data }) => 'friends' in (data as object))),
    ).toEqual([{ id: '0', data: { friends: [{}] } }])
    expect(assembled(parts)).toEqual({ data: { good: { friends: [{ name: 'n3', left: 30 }] } }, errors: [] })
  })

  it('MUST F907 is told after what it stands in', async () => {
    const query = '{ good { id ... @defer(label: "out") { cost ... @defer(label: "in") { name } } } }'
    const parts = await partsOf(shop(), query)
    expect(parts[0]?.pending?.map(({ label }) => label)).toEqual(['out'])
    expect(parts[1]?.pending?.map(({ label }) => label)).toEqual(['in'])
    expect(assembled(parts).data).toEqual({ good: { id: '1', cost: 6, name: 'n1' } })
  })

  it('MUST F908 is told of the types that its fragment speaks of, and of no others', async () => {
    const query = '{ any { __typename ... on Good @defer { left } ... on Ad @defer { text } } }'
    expect(assembled(await partsOf(shop(), query)).data).toEqual({
      any: [
        { __typename: 'Good', left: 10 },
        { __typename: 'Ad', text: 'buy' },
      ],
    })
  })

  it('MUST F909 is no deferral when it is off, and one when nothing is said', async () => {
    const query = 'query ($on: Boolean) { good { id ... @defer(if: $on) { left } } }'
    expect(await partsOf(shop(), query, FORMATS[1], { on: false })).toEqual([])
    expect(await partsOf(shop(), query, FORMATS[1], {})).toHaveLength(2)
    expect(await partsOf(shop(), '{ good { id ... @defer(if: false) { left } } }')).toEqual([])
  })

  it('MUST F910 runs the root fields of a mutation in turn, and what is told later after them', async () => {
    ran.length = 0
    const graph = shop()
    const query =
      'mutation { a: make(n: 4) { id ... @defer { left } } b: sell(n: 5) c: make(n: 6) { ... @defer { left } } }'
    expect(assembled(await partsOf(graph, query)).data).toEqual({ a: { id: '4', left: 40 }, b: 2, c: { left: 60 } })
    expect(ran).toEqual(['make 4', 'sell 5', 'make 6'])
    expect(graph.sent.map(({ kind }) => kind)).toEqual(['mutation', 'mutation', 'mutation', 'query', 'query'])
  })

  it('MUST F911 is not announced where there is nothing left to tell', async () => {
    expect(await partsOf(shop(), '{ good { id name ... @defer { name } } }')).toEqual([
      { data: { good: { id: '1', name: 'n1' } }, hasNext: false },
    ])
  })

  it('MUST F912 is whole for whoever reads no parts', async () => {
    expect(await shop().ask('{ good { name ... @defer { left } } }')).toEqual({
      data: { good: { name: 'n1', left: 10 } },
    })
  })

  it('MUST F913 brings introspection and __typename like any field', async () => {
    const query = '{ ... @defer { __typename kind: __type(name: "Good") { name } } good { ... @defer { __typename } } }'
    for (const format of FORMATS)
      expect(assembled(await partsOf(shop(), query, format)).data).toEqual({
        good: { __typename: 'Good' },
        __typename: 'Query',
        kind: { name: 'Good' },
      })
  })
})

describe.each(FORMATS)('an error in a deferred part of %s', (format) => {
  const told = async (graph: Federated, query: string): Promise<readonly unknown[]> => {
    const { data, errors } = assembled(await partsOf(graph, query, format))
    return [data, ...errors.map(({ path, extensions }) => `${path?.join('.') ?? ''} ${extensions.code}`).sort()]
  }

  it('MUST F920 S25 takes its own fragment along and nothing around it', async () => {
    const query = '{ good { name ... @defer { must } } goods { id ... @defer { left } } }'
    expect(await told(shop(), query)).toEqual([
      {
        good: { name: 'n1' },
        goods: [
          { id: '1', left: 10 },
          { id: '2', left: 20 },
        ],
      },
      'good.must INTERNAL_SERVER_ERROR',
    ])
  })

  it('MUST F921 S25 stays there also where the first part comes from the same subgraph, with a key or without', async () => {
    expect(await told(shop(), '{ good { name ... @defer { bad } } conf { a ... @defer { bad } } }')).toEqual([
      { good: { name: 'n1' }, conf: { a: 1 } },
      'conf.bad INTERNAL_SERVER_ERROR',
      'good.bad INTERNAL_SERVER_ERROR',
    ])
  })

  it('MUST F922 is told for every field of a subgraph that is down', async () => {
    const graph = shop()
    graph.disturb('stock', () => Promise.reject(new Error('down')))
    expect(await told(graph, '{ goods { id ... @defer { left } } conf { a ... @defer { c } } }')).toEqual([
      {
        goods: [
          { id: '1', left: null },
          { id: '2', left: null },
        ],
        conf: { a: 1, c: null },
      },
      'conf.c SUBGRAPH_UNAVAILABLE',
      'goods.0.left SUBGRAPH_UNAVAILABLE',
      'goods.1.left SUBGRAPH_UNAVAILABLE',
    ])
  })

  it('MUST F923 leaves no deferral open when the first part has nothing', async () => {
    const graph = shop()
    graph.disturb('goods', () => Promise.resolve({ data: { good: null } }))
    expect(await partsOf(graph, '{ good { name ... @defer { left } } }', format)).toEqual([
      { data: { good: null }, hasNext: false },
    ])
    expect(graph.sent).toHaveLength(1)
  })
})

describe('a whole answer', () => {
  it('MUST F924 tells what a subgraph that is down leaves out of an object that another has brought', async () => {
    const graph = shop()
    graph.disturb('stock', async () => {
      await new Promise(setImmediate) // the other answers first
      throw new Error('down')
    })
    const { data, errors } = await graph.ask('{ conf { a c } }')
    expect(data).toEqual({ conf: { a: 1, c: null } })
    expect(errors).toMatchObject([{ path: ['conf', 'c'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }])
  })
})

describe('a document with @defer', () => {
  it.each([
    ['mutation { ... @defer { sell(n: 1) } }', 'cannot be used on root mutation type'],
    ['mutation { ...F } fragment F on Mutation { ... @defer { sell(n: 1) } }', 'cannot be used on root mutation type'],
    ['{ good { ... @defer(label: "a") { id } ... @defer(label: "a") { name } } }', 'must be unique'],
    ['query ($l: String) { good { ... @defer(label: $l) { id } } }', 'must be a static string'],
    ['{ good @defer { id } }', 'may not be used on FIELD'],
  ])('MUST F930 is refused when it is %s', async (query, message) => {
    const { errors } = await shop().ask(query)
    expect(errors?.[0]?.message).toContain(message)
    expect(await partsOf(shop(), query)).toEqual([])
  })
})

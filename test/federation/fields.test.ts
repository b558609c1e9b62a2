import { describe, expect, it } from 'vitest'
import { federated, type Federated, type TestSubgraph } from '../support/federated.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }

async function dataOf(graph: Federated, query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const { data, errors } = await graph.ask(query, variables)
  expect(errors).toBeUndefined()
  return data
}

/** A parcel: where it weighs, where it costs, where it ships. */
function parcels(shipping: TestSubgraph, more: Readonly<Record<string, TestSubgraph>> = {}): Federated {
  return federated({
    parcels: {
      sdl: `type Query { parcel: Parcel } type Parcel @key(fields: "id") { id: ID! weight: Int size(unit: Unit = CM): Int box: Box! maker: Maker }
        enum Unit { CM INCH } type Box @shareable { deep: Int } type Maker @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: { parcel: () => ({ id: 'p' }) },
        Parcel: {
          ...itself,
          weight: () => 7,
          size: (_: unknown, { unit }: { unit: string }) => (unit === 'CM' ? 100 : 39),
          box: () => ({ deep: 3 }),
          maker: () => ({ id: 'm' }),
        },
        Maker: itself,
      },
    },
    shipping,
    ...more,
  })
}

describe('@requires', () => {
  it('MUST F101 brings a required field along, asked for or not', async () => {
    const graph = parcels({
      sdl: 'type Parcel @key(fields: "id") { id: ID! weight: Int @external cost: Int @requires(fields: "weight") }',
      resolvers: { Parcel: { ...itself, cost: ({ weight }: { weight: number }) => weight * 2 } },
    })
    expect(await dataOf(graph, '{ parcel { cost } }')).toEqual({ parcel: { cost: 14 } })
  })

  it('MUST F102 is not deceived by an alias that is named like the required field', async () => {
    const graph = parcels({
      sdl: 'type Parcel @key(fields: "id") { id: ID! weight: Int @external cost: Int @requires(fields: "weight") }',
      resolvers: { Parcel: { ...itself, cost: ({ weight }: { weight: number }) => weight * 2 } },
    })
    expect(await dataOf(graph, '{ parcel { weight: id id: size cost } }')).toEqual({
      parcel: { weight: 'p', id: 100, cost: 14 },
    })
  })

  it('MUST F103 with arguments asks with them, whatever the client asks', async () => {
    const graph = parcels({
      sdl: `type Parcel @key(fields: "id") { id: ID! size(unit: Unit): Int @external wide: Int @requires(fields: "size(unit: INCH)") tall: Int @requires(fields: "size(unit: CM)") } enum Unit { CM INCH }`.replace(
        'size(unit: Unit)',
        'size(unit: Unit = CM)',
      ),
      resolvers: { Parcel: { ...itself, wide: ({ size }: Reference) => size, tall: ({ size }: Reference) => size } },
    })
    expect(await dataOf(graph, '{ parcel { size wide tall inch: size(unit: INCH) } }')).toEqual({
      parcel: { size: 100, wide: 39, tall: 100, inch: 39 },
    })
  })

  it('MUST F104 reaches into nested objects', async () => {
    const graph = parcels({
      sdl: `type Parcel @key(fields: "id") { id: ID! box: Box! @external cost: Int @requires(fields: "box { deep }") } type Box @shareable { deep: Int }`,
      resolvers: { Parcel: { ...itself, cost: ({ box }: { box: { deep: number } }) => box.deep * 5 } },
    })
    expect(await dataOf(graph, '{ parcel { cost } }')).toEqual({ parcel: { cost: 15 } })
  })

  it('MUST F105 reaches through an entity of a third subgraph', async () => {
    const graph = parcels(
      {
        sdl: `type Parcel @key(fields: "id") { id: ID! maker: Maker @external cost: String @requires(fields: "maker { name }") }
          type Maker @key(fields: "id") { id: ID! name: String @external }`,
        resolvers: {
          Parcel: { ...itself, cost: ({ maker }: { maker: { name: string } }) => `by ${maker.name}` },
          Maker: itself,
        },
      },
      {
        makers: {
          sdl: 'type Maker @key(fields: "id") { id: ID! name: String }',
          resolvers: { Maker: { ...itself, name: () => 'Wu' } },
        },
      },
    )
    expect(await dataOf(graph, '{ parcel { cost } }')).toEqual({ parcel: { cost: 'by Wu' } })
  })

  it('MUST F106 is followed through a chain over three subgraphs and back', async () => {
    const graph = parcels(
      {
        sdl: `type Parcel @key(fields: "id") { id: ID! weight: Int @external tax: Int @external cost: Int @requires(fields: "weight") total: Int @requires(fields: "tax") }`,
        resolvers: {
          Parcel: {
            ...itself,
            cost: ({ weight }: { weight: number }) => weight + 1,
            total: ({ tax }: { tax: number }) => tax + 100,
          },
        },
      },
      {
        taxes: {
          sdl: `type Parcel @key(fields: "id") { id: ID! cost: Int @external tax: Int @requires(fields: "cost") }`,
          resolvers: { Parcel: { ...itself, tax: ({ cost }: { cost: number }) => cost * 10 } },
        },
      },
    )
    expect(await dataOf(graph, '{ parcel { total } }')).toEqual({ parcel: { total: 180 } })
    expect(await dataOf(graph, '{ parcel { cost tax total weight } }')).toEqual({
      parcel: { cost: 8, tax: 80, total: 180, weight: 7 },
    })
  })

  it('MUST F107 is answered for one field when another with requirements is skipped', async () => {
    const graph = parcels({
      sdl: `type Parcel @key(fields: "id") { id: ID! weight: Int @external box: Box! @external a: Int @requires(fields: "weight") b: Int @requires(fields: "box { deep }") } type Box @shareable { deep: Int }`,
      resolvers: {
        Parcel: {
          ...itself,
          a: ({ weight }: Reference) => weight,
          b: ({ box }: { box: { deep: number } }) => box.deep,
        },
      },
    })
    const query = 'query ($no: Boolean!) { parcel { a @skip(if: $no) b } }'
    expect(await dataOf(graph, query, { no: true })).toEqual({ parcel: { b: 3 } })
    expect(await dataOf(graph, query, { no: false })).toEqual({ parcel: { a: 7, b: 3 } })
  })

  it('MUST F108 tells the failure of what was required, and fails nothing else', async () => {
    const graph = parcels(
      {
        sdl: 'type Parcel @key(fields: "id") { id: ID! name: String @external shout: String @requires(fields: "name") plain: Int }',
        resolvers: { Parcel: { ...itself, shout: () => 'never', plain: () => 1 } },
      },
      { names: { sdl: 'type Parcel @key(fields: "id") { id: ID! name: String }', resolvers: { Parcel: itself } } },
    )
    graph.disturb('names', () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1')))
    const { data, errors } = await graph.ask('{ parcel { shout plain } }')
    expect(data).toEqual({ parcel: { shout: null, plain: 1 } })
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['parcel', 'shout'], 'SUBGRAPH_UNAVAILABLE'],
    ])
  })
})

describe('@provides', () => {
  it('MUST F111 is used: what is given along is not asked for again', async () => {
    const graph = federated({
      a: {
        sdl: `type Query { best: Song @provides(fields: "title") any: Song } type Song @key(fields: "id") { id: ID! title: String @external }`,
        resolvers: { Query: { best: () => ({ id: 1, title: 'given' }), any: () => ({ id: 1 }) }, Song: itself },
      },
      b: {
        sdl: 'type Song @key(fields: "id") { id: ID! title: String @shareable }',
        resolvers: { Song: { ...itself, title: () => 'own' } },
      },
    })
    expect(await dataOf(graph, '{ best { title } }')).toEqual({ best: { title: 'given' } })
    expect(graph.sent.map(({ subgraph }) => subgraph)).toEqual(['a'])
    expect(await dataOf(graph, '{ any { title } }')).toEqual({ any: { title: 'own' } })
  })

  it('MUST F112 is used through nested objects and on the members of a union', async () => {
    const graph = federated({
      a: {
        sdl: `type Query { top: Chart @provides(fields: "song { title }") mixed: [Any] @provides(fields: "... on Song { title }") }
          type Chart @shareable { song: Song } union Any = Song | Ad type Ad { text: String } type Song @key(fields: "id") { id: ID! title: String @external }`,
        resolvers: {
          Query: {
            top: () => ({ song: { id: 1, title: 'given' } }),
            mixed: () => [
              { __typename: 'Song', id: 1, title: 'given' },
              { __typename: 'Ad', text: 'buy' },
            ],
          },
          Song: itself,
        },
      },
      b: {
        sdl: 'type Song @key(fields: "id") { id: ID! title: String @shareable }',
        resolvers: { Song: { ...itself, title: () => 'own' } },
      },
    })
    expect(
      await dataOf(graph, '{ top { song { title } } mixed { ... on Song { title } ... on Ad { text } } }'),
    ).toEqual({
      top: { song: { title: 'given' } },
      mixed: [{ title: 'given' }, { text: 'buy' }],
    })
    expect(graph.sent).toHaveLength(1)
  })
})

describe('@shareable', () => {
  const half = (field: string, value: number): TestSubgraph => ({
    sdl: `type Query { point: Point @shareable } type Point { ${field}: Int both: Int @shareable } type Mutation { touch: Int @shareable }`,
    resolvers: { Query: { point: () => ({ [field]: value, both: 0 }) }, Mutation: { touch: () => value } },
  })

  it('MUST F121 merges a root field that each subgraph knows in part', async () => {
    const graph = federated({ a: half('x', 1), b: half('y', 2) })
    expect(await dataOf(graph, '{ point { y both x } }')).toEqual({ point: { y: 2, both: 0, x: 1 } })
  })

  it('MUST F122 runs a mutation once', async () => {
    const graph = federated({ a: half('x', 1), b: half('y', 2) })
    await dataOf(graph, 'mutation { touch }')
    expect(graph.sent).toHaveLength(1)
  })

  it('SHOULD F123 asks one subgraph when one is enough', async () => {
    const graph = federated({ a: half('x', 1), b: half('y', 2) })
    await dataOf(graph, '{ point { y both } }')
    expect(graph.sent.map(({ subgraph }) => subgraph)).toEqual(['b'])
  })
})

describe('@override', () => {
  const parts = (label: string): Record<string, TestSubgraph> => ({
    old: {
      sdl: 'type Query { bill: Bill } type Bill @key(fields: "id") { id: ID! amount: Int }',
      resolvers: { Query: { bill: () => ({ id: 1 }) }, Bill: { ...itself, amount: () => 1 } },
    },
    young: {
      sdl: `type Bill @key(fields: "id") { id: ID! amount: Int @override(from: "old"${label}) }`,
      resolvers: { Bill: { ...itself, amount: () => 2 } },
    },
  })

  it('MUST F131 moves a field to another subgraph', async () => {
    expect(await dataOf(federated(parts('')), '{ bill { amount } }')).toEqual({ bill: { amount: 2 } })
  })

  it('MUST F132 under a label moves it only where the label is set', async () => {
    const labelled = parts(', label: "beta"')
    expect(await dataOf(federated(labelled), '{ bill { amount } }')).toEqual({ bill: { amount: 1 } })
    expect(await dataOf(federated(labelled, { overrides: ['beta'] }), '{ bill { amount } }')).toEqual({
      bill: { amount: 2 },
    })
  })

  it('MUST F133 by percent moves it for that part of the requests', async () => {
    let fraction = 0.1
    const chance = { fraction: () => fraction, bytes: (count: number) => Buffer.alloc(count), uuid: () => '' }
    const graph = federated(parts(', label: "percent(25)"'), { chance })
    expect(await dataOf(graph, '{ bill { amount } }')).toEqual({ bill: { amount: 2 } })
    fraction = 0.3
    expect(await dataOf(graph, '{ bill { amount } }')).toEqual({ bill: { amount: 1 } })
  })
})

describe('@fromContext', () => {
  it('MUST F141 fills an argument from an object above, for each of them', async () => {
    const graph = federated({
      a: {
        sdl: `type Query { shops: [Shop!]! } type Shop @key(fields: "id") @context(name: "shop") { id: ID! locale: String! item: Item! }
          type Item @key(fields: "id") { id: ID! price(locale: String @fromContext(field: "$shop { locale }")): String }`,
        resolvers: {
          Query: {
            shops: () => [
              { id: 1, locale: 'de' },
              { id: 2, locale: 'zh' },
            ],
          },
          Shop: { ...itself, item: () => ({ id: 'i' }) },
          Item: { ...itself, price: (_: unknown, { locale }: { locale: string }) => `1 ${locale}` },
        },
      },
      b: {
        sdl: 'type Query { other: Int } type Item @key(fields: "id") { id: ID! name: String }',
        resolvers: { Item: { ...itself, name: () => 'n' } },
      },
    })
    expect(await dataOf(graph, '{ shops { item { price name } } }')).toEqual({
      shops: [{ item: { price: '1 de', name: 'n' } }, { item: { price: '1 zh', name: 'n' } }],
    })
  })
})

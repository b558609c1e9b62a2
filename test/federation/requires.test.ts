import { describe, expect, it } from 'vitest'
import { asked, dataOf, part, sentTo, told } from '../support/ask-federated.js'
import { federated } from '../support/federated.js'
import { trip, trips } from '../support/trips.js'

const echo = (name: string) => (it: Readonly<Record<string, unknown>>) => JSON.stringify(it[name])

describe('@requires', () => {
  it('MUST F151 of a list of objects sends each of its items', async () => {
    const graph = trips(
      `type Trip ${trip} { id: ID! legs: [Leg!] @external sum: String @requires(fields: "legs { km }") } type Leg @shareable { from: String km: Int }`,
      { Trip: { sum: echo('legs') } },
    )
    expect(await dataOf(graph, '{ trip { sum } }')).toEqual({ trip: { sum: '[{"km":60},{"km":40}]' } })
  })

  it('MUST F152 of a nested object sends what is required, whatever else the client asks of it', async () => {
    const graph = trips(
      `type Trip ${trip} { id: ID! legs: [Leg!] @external sum: String @requires(fields: "legs { km }") } type Leg @shareable { from: String km: Int }`,
      { Trip: { sum: echo('legs') } },
    )
    expect(await dataOf(graph, '{ trip { legs { from km: from } sum } }')).toEqual({
      trip: {
        legs: [
          { from: 'A', km: 'A' },
          { from: 'B', km: 'B' },
        ],
        sum: '[{"km":60},{"km":40}]',
      },
    })
  })

  it('MUST F153 through an interface sends the fields of the interface', async () => {
    const graph = trips(
      `type Trip ${trip} { id: ID! by: Vehicle @external load: String @requires(fields: "by { seats }") } interface Vehicle { seats: Int }
        type Car implements Vehicle @shareable { seats: Int } type Train implements Vehicle @shareable { seats: Int }`,
      { Trip: { load: echo('by') } },
    )
    const data = (await dataOf(graph, '{ trips { load } }')) as { trips: { load: string }[] }
    expect(data.trips.map(({ load }) => (JSON.parse(load) as { seats: number }).seats)).toEqual([5, 400])
  })

  it('MUST F154 through fragments sends of each object the fields of its type', async () => {
    const graph = trips(
      `type Trip ${trip} { id: ID! by: Vehicle @external load: String @requires(fields: "by { __typename ... on Car { doors } ... on Train { wagons } }") }
        interface Vehicle { seats: Int } type Car implements Vehicle @shareable { seats: Int doors: Int } type Train implements Vehicle @shareable { seats: Int wagons: Int }`,
      { Trip: { load: echo('by') } },
    )
    expect(await dataOf(graph, '{ trips { load } }')).toEqual({
      trips: [{ load: '{"__typename":"Car","doors":3}' }, { load: '{"__typename":"Train","wagons":8}' }],
    })
  })

  it('MUST F155 through a union sends of each member its own', async () => {
    const graph = trips(
      `type Trip ${trip} { id: ID! way: Way @external cost: String @requires(fields: "way { __typename ... on Road { toll } ... on Rail { gauge } }") }
        union Way = Road | Rail type Road @shareable { toll: Int } type Rail @shareable { gauge: Int }`,
      { Trip: { cost: echo('way') } },
    )
    expect(await dataOf(graph, '{ trips { cost } }')).toEqual({
      trips: [{ cost: '{"__typename":"Road","toll":7}' }, { cost: '{"__typename":"Rail","gauge":1435}' }],
    })
  })

  const fares = `type Trip ${trip} { id: ID! fare(class: Int = 2, currency: Currency): Int @external
    first: Int @requires(fields: "fare(class: 1)") last: Int @requires(fields: "fare(class: 3, currency: CNY)") plain: Int @requires(fields: "fare") } enum Currency { EUR CNY }`
  const given = {
    Trip: { first: (it) => it['fare'], last: (it) => it['fare'], plain: (it) => it['fare'] },
  } satisfies Parameters<typeof part>[1]

  it('MUST F156 with arguments sends what they give', async () => {
    const graph = trips(fares, given)
    expect(await dataOf(graph, '{ trip { first } }')).toEqual({ trip: { first: 10 } })
    expect(sentTo(graph, 'tax')).toEqual([{ __typename: 'Trip', id: '1', fare: 10 }])
  })

  it('MUST F157 of one field with clashing arguments gives each its own', async () => {
    expect(await dataOf(trips(fares, given), '{ trip { last first plain } }')).toEqual({
      trip: { last: 31, first: 10, plain: 20 },
    })
  })

  it('MUST F158 and a client that asks the same field with other arguments do not disturb each other', async () => {
    const query = 'query ($c: Int) { trip { fare(class: $c) first fare2: fare(class: 3, currency: CNY) last } }'
    expect(await dataOf(trips(fares, given), query, { c: 9 })).toEqual({
      trip: { fare: 90, first: 10, fare2: 31, last: 31 },
    })
  })

  it('SHOULD F159 asks once for what two fields require alike', async () => {
    const graph = trips(
      `type Trip ${trip} { id: ID! km: Int @external a: Int @requires(fields: "km") b: Int @requires(fields: "km") }`,
      { Trip: { a: (it) => it['km'], b: (it) => it['km'] } },
    )
    expect(await dataOf(graph, '{ trip { a b } }')).toEqual({ trip: { a: 100, b: 100 } })
    expect(asked(graph)).toEqual(['trips', 'tax'])
  })

  it('SHOULD F160 is asked along with plain fields when what it needs comes with the key', async () => {
    const graph = trips(`type Trip ${trip} { id: ID! km: Int @external a: Int @requires(fields: "km") plain: Int }`, {
      Trip: { a: (it) => it['km'], plain: 1 },
    })
    expect(await dataOf(graph, '{ trip { a plain } }')).toEqual({ trip: { a: 100, plain: 1 } })
    expect(asked(graph)).toEqual(['trips', 'tax'])
  })

  it('MUST F161 is not followed when the field is skipped', async () => {
    const graph = trips(`type Trip ${trip} { id: ID! km: Int @external a: Int @requires(fields: "km") }`, {
      Trip: { a: 1 },
    })
    expect(await dataOf(graph, 'query ($no: Boolean!) { trip { id a @skip(if: $no) } }', { no: true })).toEqual({
      trip: { id: '1' },
    })
    expect(graph.sent.map(({ query }) => query.includes('km'))).toEqual([false])
  })

  it('MUST F162 that is circular between two subgraphs ends, each field in its turn', async () => {
    const graph = federated({
      a: part(
        `type Query { it: It } type It ${trip} { id: ID! a1: Int b1: Int @external a2: Int @requires(fields: "b1") }`,
        {
          Query: { it: { id: 1, a1: 1 } },
          It: { a1: 1, a2: ({ b1 }) => Number(b1) + 1 },
        },
      ),
      b: part(
        `type It ${trip} { id: ID! a1: Int @external a2: Int @external b1: Int @requires(fields: "a1") b2: Int @requires(fields: "a2") }`,
        {
          It: { b1: ({ a1 }) => Number(a1) + 1, b2: ({ a2 }) => Number(a2) + 1 },
        },
      ),
    })
    expect(await dataOf(graph, '{ it { b2 } }')).toEqual({ it: { b2: 4 } })
    expect(asked(graph)).toEqual(['a', 'b', 'a', 'b'])
  })

  it('MUST F163 of a chain asks the inner field with what it requires itself', async () => {
    const graph = trips(
      `type Trip ${trip} { id: ID! km: Int @external vat: Int @external net: Int @requires(fields: "km") gross: Int @requires(fields: "vat") }`,
      { Trip: { net: ({ km }) => Number(km) / 2, gross: ({ vat }) => Number(vat) + 1 } },
      {
        vats: part(`type Trip ${trip} { id: ID! net: Int @external vat: Int @requires(fields: "net") }`, {
          Trip: { vat: ({ net }) => Number(net) * 2 },
        }),
      },
    )
    expect(await dataOf(graph, '{ trip { gross } }')).toEqual({ trip: { gross: 101 } })
    expect(asked(graph)).toEqual(['trips', 'tax', 'vats', 'tax'])
  })

  it('MUST F164 of two fields, one of them skipped, still brings the other’s', async () => {
    const graph = trips(
      `type Trip ${trip} { id: ID! km: Int @external legs: [Leg!] @external a: Int @requires(fields: "km") b: String @requires(fields: "legs { from }") } type Leg @shareable { from: String km: Int }`,
      { Trip: { a: (it) => it['km'], b: echo('legs') } },
    )
    const query = 'query ($s: Boolean!) { trips { ... on Trip @skip(if: $s) { a } ... on Trip { b } } }'
    expect(await dataOf(graph, query, { s: true })).toEqual({
      trips: Array(2).fill({ b: '[{"from":"A"},{"from":"B"}]' }),
    })
  })

  it('MUST F165 that came as null is sent as null', async () => {
    const graph = federated({
      a: part(`type Query { it: It } type It ${trip} { id: ID! v: Int }`, { Query: { it: { id: 1, v: null } } }),
      b: part(`type It ${trip} { id: ID! v: Int @external w: String @requires(fields: "v") }`, {
        It: { w: echo('v') },
      }),
    })
    expect(await dataOf(graph, '{ it { w } }')).toEqual({ it: { w: 'null' } })
    expect(sentTo(graph, 'b')).toEqual([{ __typename: 'It', id: '1', v: null }])
  })

  it('MUST F166 within a list is filled for each, and equal ones are asked once', async () => {
    const graph = federated({
      a: part(`type Query { all: [It] } type It ${trip} { id: ID! v: Int }`, {
        Query: { all: [{ id: 1, v: 1 }, { id: 1, v: 1 }, { id: 2, v: 5 }, null] },
      }),
      b: part(`type It ${trip} { id: ID! v: Int @external w: Int @requires(fields: "v") }`, {
        It: { w: ({ v }) => Number(v) * 2 },
      }),
    })
    expect(await dataOf(graph, '{ all { w } }')).toEqual({ all: [{ w: 2 }, { w: 2 }, { w: 10 }, null] })
    expect(sentTo(graph, 'b')).toHaveLength(2)
  })

  it('MUST F167 reaches over an entity into a third subgraph, through a list', async () => {
    const graph = federated({
      a: part(`type Query { cart: Cart } type Cart ${trip} { id: ID! items: [Item!]! } type Item ${trip} { id: ID! }`, {
        Query: { cart: { id: 1, items: [{ id: 1 }, { id: 2 }] } },
      }),
      b: part(`type Item ${trip} { id: ID! price: Int }`, { Item: { price: ({ id }) => Number(id) * 10 } }),
      c: part(
        `type Cart ${trip} { id: ID! items: [Item!]! @external total: Int @requires(fields: "items { price }") } type Item ${trip} { id: ID! price: Int @external }`,
        { Cart: { total: ({ items }) => (items as { price: number }[]).reduce((sum, { price }) => sum + price, 0) } },
      ),
    })
    expect(await dataOf(graph, '{ cart { total } }')).toEqual({ cart: { total: 30 } })
    expect(asked(graph)).toEqual(['a', 'b', 'c'])
  })

  it('MUST F168 by an alias of the client that is named like it is not deceived, in lists and fragments', async () => {
    const graph = trips(`type Trip ${trip} { id: ID! km: Int @external a: Int @requires(fields: "km") }`, {
      Trip: { a: (it) => it['km'] },
    })
    expect(await dataOf(graph, '{ trips { ...F km: a } } fragment F on Trip { a: id id: km }')).toEqual({
      trips: [
        { a: '1', id: 100, km: 100 },
        { a: '2', id: 200, km: 200 },
      ],
    })
  })

  it('MUST F169 whose subgraph is down costs nothing but the field that required it', async () => {
    const graph = trips(
      `type Trip ${trip} { id: ID! rate: Int @external a: Int @requires(fields: "rate") plain: Int }`,
      { Trip: { a: 1, plain: 2 } },
      { rates: part(`type Trip ${trip} { id: ID! rate: Int }`, { Trip: { rate: 3 } }) },
    )
    graph.disturb('rates', () => Promise.reject(new Error('down')))
    expect(await told(graph, '{ trip { km plain a } }')).toEqual([
      { trip: { km: 100, plain: 2, a: null } },
      ['trip.a SUBGRAPH_UNAVAILABLE'],
    ])
  })

  it('MUST F170 on a field of an interface is followed for each of its types', async () => {
    const graph = federated({
      a: part(
        `type Query { all: [Media!]! } interface Media { id: ID! } type Book implements Media ${trip} { id: ID! pages: Int } type Film implements Media ${trip} { id: ID! minutes: Int }`,
        {
          Query: {
            all: [
              { __typename: 'Book', id: 1, pages: 9 },
              { __typename: 'Film', id: 2, minutes: 90 },
            ],
          },
        },
      ),
      b: part(
        `interface Media { id: ID! effort: Int } type Book implements Media ${trip} { id: ID! pages: Int @external effort: Int @requires(fields: "pages") }
          type Film implements Media ${trip} { id: ID! minutes: Int @external effort: Int @requires(fields: "minutes") }`,
        { Book: { effort: ({ pages }) => Number(pages) * 2 }, Film: { effort: ({ minutes }) => minutes } },
      ),
    })
    expect(await dataOf(graph, '{ all { effort } }')).toEqual({ all: [{ effort: 18 }, { effort: 90 }] })
  })
})

import { describe, expect, it } from 'vitest'
import { asked, dataOf, part, type Row } from '../support/ask-federated.js'
import { federated, type Federated } from '../support/federated.js'

const key = '@key(fields: "id")'
const items = part(`type Query { items: Int } type Item ${key} { id: ID! name: String }`, {
  Query: { items: 1 },
  Item: { name: ({ id }) => `i${String(id)}` },
})

function shops(sdl: string, types: Parameters<typeof part>[1]): Federated {
  return federated({ a: part(sdl, types), items })
}

const price = (_: Row, { locale }: Row) => `in ${String(locale)}`

describe('@context and @fromContext', () => {
  const one = `type Query { shop: Shop shops: [Shop!]! } type Shop ${key} @context(name: "shop") { id: ID! locale: String item: Item! items: [Item!]! }
    type Item ${key} { id: ID! price(locale: String @fromContext(field: "$shop { locale }")): String }`
  const values = {
    Query: {
      shop: { id: 1, locale: 'zh' },
      shops: [
        { id: 1, locale: 'zh' },
        { id: 2, locale: 'de' },
        { id: 3, locale: 'zh' },
      ],
    },
    Shop: { item: { id: 7 }, items: [{ id: 7 }, { id: 8 }] },
    Item: { price },
  } satisfies Parameters<typeof part>[1]

  it('MUST F271 the argument is filled from above, and is none of the client’s', async () => {
    const graph = shops(one, values)
    expect(await dataOf(graph, '{ shop { item { price } } }')).toEqual({ shop: { item: { price: 'in zh' } } })
    expect((await graph.ask('{ shop { item { price(locale: "x") } } }')).errors?.[0]?.extensions.code).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    )
  })

  it('MUST F272 each object above gives its own value, one question per value', async () => {
    const graph = shops(one, values)
    expect(await dataOf(graph, '{ shops { item { price } } }')).toEqual({
      shops: [{ item: { price: 'in zh' } }, { item: { price: 'in de' } }, { item: { price: 'in zh' } }],
    })
    expect(asked(graph)).toHaveLength(3)
  })

  it('MUST F273 it reaches through lists', async () => {
    expect(await dataOf(shops(one, values), '{ shop { items { id price name } } }')).toEqual({
      shop: {
        items: [
          { id: '7', price: 'in zh', name: 'i7' },
          { id: '8', price: 'in zh', name: 'i8' },
        ],
      },
    })
  })

  it('MUST F274 an alias of the client named like the context’s field changes nothing', async () => {
    expect(await dataOf(shops(one, values), '{ shop { locale: id item { locale: price } } }')).toEqual({
      shop: { locale: '1', item: { locale: 'in zh' } },
    })
  })

  it('MUST F275 it is found on whichever type the context stands', async () => {
    const graph = shops(
      `type Query { any: [Place!]! } union Place = Shop | Stall type Shop ${key} @context(name: "place") { id: ID! locale: String item: Item! }
        type Stall ${key} @context(name: "place") { id: ID! tongue: String item: Item! }
        type Item ${key} { id: ID! price(locale: String @fromContext(field: "$place ... on Shop { locale } ... on Stall { tongue }")): String }`,
      {
        Query: {
          any: [
            { __typename: 'Shop', id: 1, locale: 'zh', item: { id: 7 } },
            { __typename: 'Stall', id: 2, tongue: 'de', item: { id: 7 } },
          ],
        },
        Item: { price },
      },
    )
    expect(await dataOf(graph, '{ any { ... on Shop { item { price } } ... on Stall { item { price } } } }')).toEqual({
      any: [{ item: { price: 'in zh' } }, { item: { price: 'in de' } }],
    })
  })

  it('MUST F276 a value that is null is given as null', async () => {
    const graph = shops(one, { ...values, Query: { shop: { id: 1, locale: null } } })
    expect(await dataOf(graph, '{ shop { item { price } } }')).toEqual({ shop: { item: { price: 'in null' } } })
  })
})

import { describe, expect, it } from 'vitest'
import { asked, dataOf, part, told } from '../support/ask-federated.js'
import {
  federated,
  inProcessSubgraphs,
  subgraphSchema,
  type Federated,
  type TestSubgraph,
} from '../support/federated.js'

const key = '@key(fields: "id")'
const shop = part(
  `type Query { first: Good second: Good shop: Shop } type Good ${key} { id: ID! price: Int weight: Int } type Shop ${key} { id: ID! }`,
  { Query: { first: { id: '1' }, second: { id: '2' }, shop: { id: '7' } }, Good: { price: 5, weight: 2 } },
)
const goods = part(`type Good ${key} { id: ID! price: Int weight: Int }`, { Good: { price: 5, weight: 2 } })

/** A stock whose answers a test may spoil. */
function stock(types: Parameters<typeof part>[1] = {}): TestSubgraph {
  return part(
    `type Good ${key} { id: ID! left: Int price: Int @external ship: Int @requires(fields: "price") } type Shop ${key} { id: ID! open: Boolean! }`,
    { Good: { left: (it) => Number(it['id']), ship: (it) => Number(it['price']) * 2 }, Shop: { open: true }, ...types },
  )
}

const lists = (graph: Federated): readonly number[] =>
  graph.sent.map(({ variables }) => Object.keys(variables).filter((name) => name.startsWith('representations')).length)

describe('questions that are ready together', () => {
  it('MAY F981 travel in one document when they go to one subgraph', async () => {
    const graph = federated({ shop, stock: stock() })
    expect(await dataOf(graph, '{ first { left } shop { open } }')).toEqual({
      first: { left: 1 },
      shop: { open: true },
    })
    expect(asked(graph)).toEqual(['shop', 'stock'])
    expect(lists(graph)).toEqual([0, 2])
  })

  it('MAY F982 are one question when they ask the same of different places', async () => {
    const graph = federated({ shop, stock: stock() })
    expect(await dataOf(graph, '{ first { left } second { left } }')).toEqual({
      first: { left: 1 },
      second: { left: 2 },
    })
    expect(asked(graph)).toEqual(['shop', 'stock'])
    expect(lists(graph)).toEqual([0, 1])
  })

  it('MAY F983 wait for a later one to their subgraph when nobody waits for them', async () => {
    const bare = part(`type Query { good: Good } type Good ${key} { id: ID! }`, { Query: { good: { id: '3' } } })
    const graph = federated({ bare, goods, stock: stock({ Shop: {} }) })
    expect(await dataOf(graph, '{ good { left ship } }')).toEqual({ good: { left: 3, ship: 10 } })
    expect(asked(graph)).toEqual(['bare', 'goods', 'stock'])
  })

  it('MUST F984 are asked all the same when their company is not', async () => {
    const bare = part(`type Query { good: Good } type Good ${key} { id: ID! }`, { Query: { good: { id: '3' } } })
    const graph = federated({ bare, goods, stock: stock({ Shop: {} }) })
    graph.disturb('goods', () => Promise.reject(new Error('down')))
    const [data, errors] = await told(graph, '{ good { left ship } }')
    expect(data).toEqual({ good: { left: 3, ship: null } })
    expect(errors).toEqual(['good.ship SUBGRAPH_UNAVAILABLE'])
  })
})

const fail = (): never => {
  throw new Error('out of order')
}

describe('an error in a joint answer', () => {
  it('MUST F985 is told where the client asked, and at no other place', async () => {
    const graph = federated({ shop, stock: stock({ Good: { left: fail } }) })
    const [data, errors] = await told(graph, '{ first { left } second { left } shop { open } }')
    expect(data).toEqual({ first: { left: null }, second: { left: null }, shop: { open: true } })
    expect(errors).toEqual(['first.left INTERNAL_SERVER_ERROR', 'second.left INTERNAL_SERVER_ERROR'])
  })

  it('MUST F986 that takes all of the answer costs the others nothing', async () => {
    const graph = federated({ shop, stock: stock() })
    const alone = inProcessSubgraphs(new Map([['stock', subgraphSchema(stock())]]))
    graph.disturb('stock', (request) =>
      'representations1' in request.variables || JSON.stringify(request.variables).includes('Shop')
        ? Promise.resolve({ data: null, errors: [{ message: 'a list is missing', path: ['entities1'] }] })
        : alone.ask(request),
    )
    const [data, errors] = await told(graph, '{ first { left } shop { id open } }')
    expect(data).toEqual({ first: { left: 1 }, shop: null })
    expect(errors).toEqual(['shop.open INTERNAL_SERVER_ERROR'])
  })

  it('MUST F987 of the way to the subgraph is told on all that were on it', async () => {
    const graph = federated({ shop, stock: stock() })
    graph.disturb('stock', () => Promise.reject(new Error('down')))
    const [data, errors] = await told(graph, '{ first { left } shop { id open } }')
    expect(data).toEqual({ first: { left: null }, shop: null })
    expect(errors).toEqual(['first.left SUBGRAPH_UNAVAILABLE', 'shop.open SUBGRAPH_UNAVAILABLE'])
  })
})

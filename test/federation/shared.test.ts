import { describe, expect, it } from 'vitest'
import { asked, dataOf, part, told } from '../support/ask-federated.js'
import { federated } from '../support/federated.js'

const key = '@key(fields: "id")'

describe('@shareable', () => {
  const half = (name: string) =>
    part(
      `type Query { shop: Shop @shareable shops: [Shop!]! @shareable } type Shop { ${name}: Int both: Int @shareable owner: Owner @shareable } type Owner @shareable { ${name}: Int }`,
      {
        Query: {
          shop: { [name]: 1, both: 3, owner: { [name]: 2 } },
          shops: [
            { [name]: 1, both: 3, owner: { [name]: 2 } },
            { [name]: 4, both: 5, owner: null },
          ],
        },
      },
    )

  it('MUST F221 root fields that each subgraph knows in part are merged, and asked for at once', async () => {
    const graph = federated({ a: half('x'), b: half('y') })
    const started: string[] = []
    const waiting: (() => void)[] = []
    for (const name of ['a', 'b'])
      graph.disturb(name, () => {
        started.push(name)
        return new Promise((done) => waiting.push(() => done({ data: { shop: { [name === 'a' ? 'x' : 'y']: 1 } } })))
      })
    const answer = graph.ask('{ shop { x y } }')
    await expect.poll(() => started).toEqual(['a', 'b'])
    for (const done of waiting) done()
    expect(await answer).toEqual({ data: { shop: { x: 1, y: 1 } } })
  })

  it('MUST F222 objects are merged at every depth and in lists', async () => {
    const graph = federated({ a: half('x'), b: half('y') })
    expect(await dataOf(graph, '{ shops { y owner { x y } both x } }')).toEqual({
      shops: [
        { y: 1, owner: { x: 2, y: 2 }, both: 3, x: 1 },
        { y: 4, owner: null, both: 5, x: 4 },
      ],
    })
    expect(asked(graph)).toHaveLength(2)
  })

  it('SHOULD F223 fields are asked where the others are asked anyway', async () => {
    const graph = federated({ a: half('x'), b: half('y') })
    expect(await dataOf(graph, '{ shop { both y owner { y } } }')).toEqual({ shop: { both: 3, y: 1, owner: { y: 2 } } })
    expect(asked(graph)).toEqual(['b'])
  })

  it('MUST F224 one of two that fails costs its own fields only', async () => {
    const graph = federated({ a: half('x'), b: half('y') })
    graph.disturb('b', () => Promise.reject(new Error('down')))
    expect(await told(graph, '{ shop { x y } }')).toEqual([
      { shop: { x: 1, y: null } },
      ['shop.y SUBGRAPH_UNAVAILABLE'],
    ])
  })

  it('MUST F225 a mutation runs once, whatever is asked of its answer', async () => {
    const ran: string[] = []
    const bump = (name: string) =>
      part(
        `type Query { ${name}: Int } type Mutation { bump: Item @shareable } type Item ${key} { id: ID! ${name}: Int }`,
        {
          Mutation: { bump: () => ran.push(name) && { id: 1 } },
          Item: { [name]: 7 },
        },
      )
    const graph = federated({ a: bump('x'), b: bump('y') })
    expect(await dataOf(graph, 'mutation { bump { x y } }')).toEqual({ bump: { x: 7, y: 7 } })
    expect(ran).toHaveLength(1)
    expect(graph.sent.filter(({ kind }) => kind === 'mutation')).toHaveLength(1)
  })

  it('SHOULD F226 a field of an entity is taken where one stands already', async () => {
    const item = (root: string) =>
      part(`${root} type Item ${key} { id: ID! name: String @shareable }`, { Query: { item: { id: 1, name: 'n' } } })
    const graph = federated({ a: item('type Query { item: Item }'), b: item('') })
    expect(await dataOf(graph, '{ item { name } }')).toEqual({ item: { name: 'n' } })
    expect(asked(graph)).toEqual(['a'])
  })

  it('SHOULD F227 a field that leads on is asked where most of what follows is', async () => {
    const graph = federated({
      a: part(`type Query { it: It } type It ${key} { id: ID! ref: Ref @shareable } type Ref ${key} { id: ID! }`, {
        Query: { it: { id: 1, ref: { id: 2 } } },
      }),
      b: part(`type It ${key} { id: ID! size: Int ref: Ref @shareable } type Ref ${key} { id: ID! name: String }`, {
        It: { size: 3, ref: { id: 2 } },
        Ref: { name: 'r' },
      }),
    })
    expect(await dataOf(graph, '{ it { ref { name } size } }')).toEqual({ it: { ref: { name: 'r' }, size: 3 } })
    expect(asked(graph)).toEqual(['a', 'b'])
  })
})

describe('an entity under a shared root field', () => {
  const cart = (root: string, field: string) =>
    part(
      `type Query { ${root}: ${root === 'all' ? '[Cart!]' : 'Cart'} @shareable } type Cart ${key} { id: ID! ${field}: Int }`,
      {
        Query: { cart: { id: 1 }, all: [{ id: 1 }, { id: 2 }] },
        Cart: { [field]: ({ id }) => Number(id) * 10 },
      },
    )

  it('SHOULD F228 is asked of all at once, when it is one', async () => {
    const graph = federated({ a: cart('cart', 'x'), b: cart('cart', 'y') })
    expect(await dataOf(graph, '{ cart { x y } }')).toEqual({ cart: { x: 10, y: 10 } })
    expect(graph.sent.some(({ query }) => query.includes('_entities'))).toBe(false)
  })

  it('MUST F229 is found by its key, when it is one of a list', async () => {
    const graph = federated({ a: cart('all', 'x'), b: cart('all', 'y') })
    expect(await dataOf(graph, '{ all { x y } }')).toEqual({
      all: [
        { x: 10, y: 10 },
        { x: 20, y: 20 },
      ],
    })
    expect(graph.sent[1]?.query).toMatch(/_entities/)
  })
})

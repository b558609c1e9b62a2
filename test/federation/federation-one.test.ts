import { describe, expect, it } from 'vitest'
import { asked, dataOf, part } from '../support/ask-federated.js'
import { federated } from '../support/federated.js'

describe('Federation 1', () => {
  const accounts = part(
    '# federation 1\ntype Query { me: User } type User @key(fields: "id") { id: ID! name: String email: String }',
    {
      Query: { me: { id: 1, name: 'Li', email: 'l@x' } },
      User: { name: 'Li', email: 'l@x' },
    },
  )

  it('MUST F041 `@extends` is `extend`', async () => {
    const reviews = part('# federation 1\ntype User @extends @key(fields: "id") { id: ID! @external reviews: Int }', {
      User: { reviews: 3 },
    })
    expect(await dataOf(federated({ accounts, reviews }), '{ me { name reviews } }')).toEqual({
      me: { name: 'Li', reviews: 3 },
    })
  })

  it('MUST F042 value types are shared without a word', async () => {
    const money = 'type Money { amount: Int }'
    const graph = federated({
      a: part(`# federation 1\ntype Query { a: Money } ${money}`, { Query: { a: { amount: 1 } } }),
      b: part(`# federation 1\nextend type Query { b: Money } ${money}`, { Query: { b: { amount: 2 } } }),
    })
    expect(await dataOf(graph, '{ a { amount } b { amount } }')).toEqual({ a: { amount: 1 }, b: { amount: 2 } })
  })

  it('MUST F043 `@provides` of an extended type is used', async () => {
    const reviews = part(
      '# federation 1\nextend type Query { latest: Review } type Review { by: User @provides(fields: "name") } extend type User @key(fields: "id") { id: ID! @external name: String @external }',
      { Query: { latest: { by: { id: 1, name: 'given' } } } },
    )
    const graph = federated({ accounts, reviews })
    expect(await dataOf(graph, '{ latest { by { name } } }')).toEqual({ latest: { by: { name: 'given' } } })
    expect(asked(graph)).toEqual(['reviews'])
  })

  it('MUST F044 and Federation 2 subgraphs stand in one graph', async () => {
    const modern = part(
      'type User @key(fields: "id") { id: ID! tier: Int name: String @external shout: String @requires(fields: "name") }',
      {
        User: { tier: 1, shout: ({ name }) => `${String(name)}!` },
      },
    )
    expect(await dataOf(federated({ accounts, modern }), '{ me { tier shout } }')).toEqual({
      me: { tier: 1, shout: 'Li!' },
    })
  })

  it('MUST F045 `extend type Query` and `extend type Mutation` add to the roots', async () => {
    const graph = federated({
      accounts,
      more: part('# federation 1\nextend type Query { n: Int } extend type Mutation { add: Int }', {
        Query: { n: 1 },
        Mutation: { add: 2 },
      }),
    })
    expect(await dataOf(graph, '{ n me { email } }')).toEqual({ n: 1, me: { email: 'l@x' } })
    expect(await dataOf(graph, 'mutation { add }')).toEqual({ add: 2 })
  })
})

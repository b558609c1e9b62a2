import { describe, expect, it } from 'vitest'
import { asked, dataOf, part } from '../support/ask-federated.js'
import { federated } from '../support/federated.js'
import { trip, trips } from '../support/trips.js'

describe('@external', () => {
  it('MUST F171 is never asked of the subgraph where it stands', async () => {
    const graph = trips(`type Trip ${trip} { id: ID! km: Int @external a: Int @requires(fields: "km") }`, {
      Trip: { a: 1, km: -1 },
    })
    expect(await dataOf(graph, '{ trip { a km } }')).toEqual({ trip: { a: 1, km: 100 } })
    expect(graph.sent.filter(({ subgraph }) => subgraph === 'tax').some(({ query }) => /\bkm\b/.test(query))).toBe(
      false,
    )
  })

  it('MUST F172 on a key that is extended is asked like any key', async () => {
    const graph = federated({
      a: part(`type Query { a: Int } type It ${trip} { id: ID! name: String }`, { It: { name: 'n' } }),
      b: part(`type Query { it: It } extend type It ${trip} { id: ID! @external size: Int }`, {
        Query: { it: { id: 4, size: 2 } },
      }),
    })
    expect(await dataOf(graph, '{ it { id size name } }')).toEqual({ it: { id: '4', size: 2, name: 'n' } })
    expect(asked(graph)).toEqual(['b', 'a'])
  })
})

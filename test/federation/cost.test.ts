import { describe, expect, it } from 'vitest'
import type { CostSettings } from '../../gateway/operation/cost-limit.js'
import { silent, type Observer } from '../../platform/observe/observer.js'
import { federated, type Federated } from '../support/federated.js'

const SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{ name: "@cost", as: "@price" }])
  type Query { items(first: Int = 1): [Item] @federation__listSize(slicingArguments: ["first"]) } type Item @price(weight: 3) { name: String }`

function graph(costMode: CostSettings['costMode'], counted: unknown[]): Federated {
  const resolvers = { Query: { items: () => [] } }
  const observer: Observer = {
    ...silent,
    count(name, labels, by) {
      if (name.startsWith('cost.')) counted.push([name, labels?.['result'] ?? by])
    },
  }
  return federated({ a: { sdl: SDL, resolvers } }, { cost: { cost: 10, costMode, listSize: 10 }, observer })
}

describe('an operation that costs more than is allowed', () => {
  it('MUST F891 is refused before any subgraph is asked, whatever the directives are called', async () => {
    const enforcing = graph('enforce', [])
    expect((await enforcing.ask('{ items(first: 4) { name } }')).errors).toMatchObject([
      { message: 'The operation costs 12 by estimate, and 10 is allowed.', extensions: { code: 'LIMIT_EXCEEDED' } },
    ])
    expect(enforcing.sent).toEqual([])
    expect(await enforcing.ask('{ items(first: 3) { name } }')).toEqual({ data: { items: [] } })
  })

  it('SHOULD F892 is only counted where costs are measured', async () => {
    const counted: unknown[] = []
    const measuring = graph('measure', counted)
    expect(await measuring.ask('{ items(first: 4) { name } }')).toEqual({ data: { items: [] } })
    await measuring.ask('{ items { name } }')
    expect(counted).toEqual([
      ['cost.estimated', 12],
      ['cost.weighed', 'over'],
      ['cost.estimated', 3],
      ['cost.weighed', 'within'],
    ])
  })
})

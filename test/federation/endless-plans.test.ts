import { describe, expect, it } from 'vitest'
import { federated, type Federated } from '../support/federated.js'

describe('a plan that would have no end', () => {
  it('MUST F425 S08 is refused a plan that would have no end', async () => {
    const graph = manyTypes()
    const { errors } = await graph.ask(`{ n { ${'next { '.repeat(8)} id ${'}'.repeat(8)} } }`)
    expect(errors?.[0]?.extensions.code).toBe('PLAN_FAILED')
    expect(graph.sent).toEqual([])
  })

  it('MUST F428 S08 has one budget for all root fields of a mutation', async () => {
    const graph = manyTypes()
    const roots = (many: number) => Array.from({ length: many }, (_, at) => `m${at}: m { next { next { id } } }`)
    expect(await graph.ask(`mutation { ${roots(2).join(' ')} }`)).toEqual({ data: { m0: null, m1: null } })
    graph.sent.splice(0)
    const { errors } = await graph.ask(`mutation { ${roots(100).join(' ')} }`)
    expect(errors?.[0]?.extensions.code).toBe('PLAN_FAILED')
    expect(graph.sent).toEqual([])
  })
})

/** An interface whose field each type has from another subgraph: a short question needs a plan for each type below each type. */
function manyTypes(): Federated {
  const types = Array.from({ length: 12 }, (_, at) => `T${at}`)
  const node = (fields: string, own: (at: number) => string): string =>
    `interface Node { id: ID! ${fields} } ${types.map((name, at) => `type ${name} implements Node @key(fields: "id") { id: ID! ${own(at)} }`).join(' ')}`
  const taken = (half: number) => (at: number) => (at % 2 === half ? 'next: Node @override(from: "a")' : '')
  return federated({
    a: {
      sdl: `type Query { n: Node } type Mutation { m: Node } ${node('next: Node', () => 'next: Node')}`,
      resolvers: { Mutation: { m: () => null } },
    },
    b: { sdl: node('', taken(0)) },
    c: { sdl: node('', taken(1)) },
  })
}

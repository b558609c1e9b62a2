import { describe, expect, it } from 'vitest'
import type { FetchContext } from '../../gateway/fetch/ask-subgraph.js'
import { federated, nobody, type Federated, type TestSubgraph } from '../support/federated.js'

const counters: TestSubgraph = {
  sdl: 'type Query { count(by: Int): Int secret: String } type Mutation { add: Int }',
  resolvers: { Query: { count: () => 1, secret: () => 's' }, Mutation: { add: () => 2 } },
}

const somebody = (name: string): FetchContext => ({
  ...nobody,
  authorization: `Bearer ${name}`,
  who: { ...nobody.who, member: `Member:${name}` },
})

const ask = (
  graph: Federated,
  text: string,
  context: FetchContext,
  variables: Record<string, unknown> = {},
): Promise<unknown> => graph.engine.answer({ text, variables, operationName: null, context })

describe('equal operations in flight', () => {
  it('SHOULD F701 are run once for one asker', async () => {
    const graph = federated({ counters })
    const answers = await Promise.all([1, 2, 3].map(() => ask(graph, '{ secret }', somebody('a'))))
    expect(new Set(answers).size).toBe(1)
    expect(graph.sent).toHaveLength(1)
  })

  it('MUST F702 S28 are never shared by two askers, or by one with two tokens', async () => {
    const graph = federated({ counters })
    const a = somebody('a')
    await Promise.all(
      [a, somebody('b'), { ...a, authorization: 'Bearer other' }, { ...a, who: nobody.who }, nobody].map((who) =>
        ask(graph, '{ secret }', who),
      ),
    )
    expect(graph.sent).toHaveLength(5)
  })

  it('MUST F703 are never shared with other variables', async () => {
    const graph = federated({ counters })
    const query = 'query ($by: Int) { count(by: $by) }'
    await Promise.all([
      ask(graph, query, nobody, { by: 1 }),
      ask(graph, query, nobody, { by: 2 }),
      ask(graph, query, nobody),
    ])
    expect(graph.sent).toHaveLength(3)
  })

  it('MUST F704 S29 are run each when they are mutations', async () => {
    const graph = federated({ counters })
    await Promise.all([ask(graph, 'mutation { add }', nobody), ask(graph, 'mutation { add }', nobody)])
    expect(graph.sent).toHaveLength(2)
  })

  it('MUST F705 are run anew once the first has ended', async () => {
    const graph = federated({ counters })
    await ask(graph, '{ secret }', nobody)
    await ask(graph, '{ secret }', nobody)
    expect(graph.sent).toHaveLength(2)
  })

  it('MUST F706 go on when the first who asked has left', async () => {
    const graph = federated({ counters })
    const leaving = new AbortController()
    const both = Promise.all([
      ask(graph, '{ secret }', { ...nobody, signal: leaving.signal }),
      ask(graph, '{ secret }', nobody),
    ])
    leaving.abort()
    expect(graph.sent.map(({ context }) => context.signal?.aborted)).toEqual([false])
    expect((await both)[1]).toMatchObject({ failed: 'nothing' })
  })
})

describe('equal questions to a subgraph', () => {
  it('SHOULD F707 are asked once for different queries under way', async () => {
    const graph = federated({ counters })
    await Promise.all([ask(graph, '{ secret }', nobody), ask(graph, '{ other: __typename secret }', nobody)])
    expect(graph.sent).toHaveLength(1)
  })

  it('MUST F708 are asked anew by a mutation, which has changed what they ask for', async () => {
    const things: TestSubgraph = {
      sdl: 'type Query { thing: Thing } type Mutation { touch: Thing } type Thing @key(fields: "id") { id: ID! }',
      resolvers: { Query: { thing: () => ({ id: '1' }) }, Mutation: { touch: () => ({ id: '1' }) } },
    }
    const names: TestSubgraph = {
      sdl: 'type Thing @key(fields: "id") { id: ID! name: String }',
      resolvers: { Thing: { __resolveReference: () => ({ id: '1', name: 'a' }) } },
    }
    const graph = federated({ things, names })
    await Promise.all([ask(graph, '{ thing { name } }', nobody), ask(graph, 'mutation { touch { name } }', nobody)])
    expect(graph.sent.map(({ subgraph }) => subgraph).toSorted()).toEqual(['names', 'names', 'things', 'things'])
  })
})

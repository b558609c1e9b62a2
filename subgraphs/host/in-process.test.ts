import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { Subgraphs, SubgraphRequest } from '../../gateway/fetch/ask-subgraph.js'
import { ANONYMOUS } from '../../schema/identity.js'
import { inProcess } from './in-process.js'
import type { HostedSubgraph } from './run.js'

/** Answers with its name and who asked. */
function hosted(name: string): HostedSubgraph {
  return {
    name,
    schema: buildSchema('type Query { a: Int }'),
    doors: [],
    ask: (question, who) => Promise.resolve({ data: { name, query: question.query, who } }),
    subscribe: () => Promise.reject(new Error('not asked here')),
    stop: () => Promise.resolve(),
  }
}

const request: SubgraphRequest = {
  ...{ subgraph: 'b', query: '{ a }', operationName: null, variables: {}, kind: 'query' },
  context: { who: ANONYMOUS, authorization: null, requestId: 'r', signal: null },
}

describe('the subgraphs of a process', () => {
  // The gateway's port is met by shape alone; this line is where the compiler holds it to that.
  const subgraphs: Subgraphs = inProcess([hosted('a'), hosted('b')])

  it('are asked by name, on behalf of who asks', async () => {
    expect(await subgraphs.ask(request)).toEqual({ data: { name: 'b', query: '{ a }', who: ANONYMOUS } })
  })

  it('fail with a code when there is none of that name', async () => {
    await expect(subgraphs.ask({ ...request, subgraph: 'c' })).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    await expect(subgraphs.subscribe({ ...request, subgraph: '__proto__' })).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
    })
  })
})

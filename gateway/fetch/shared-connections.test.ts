import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { silent } from '../../platform/observe/observer.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { nobody } from '../../test/support/federated.js'
import type { SubgraphRequest } from './ask-subgraph.js'
import { httpSubgraphs } from './http-subgraphs.js'

const question: SubgraphRequest = {
  ...{ subgraph: 'stock', kind: 'query', query: '{ left }', operationName: null, variables: {}, context: nobody },
}

it('questions that are answered quickly share connections: none before that is known or while it is not so, and none of different askers', async () => {
  const clock = fakeClock()
  let takesMs = 0
  const server = createServer((request, response) => {
    const body = JSON.stringify({ data: { on: request.socket.remotePort } })
    response.writeHead(200, { 'content-type': 'application/json' })
    void clock.advance(takesMs).then(() => response.end(body))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo // it listens at a port
  const subgraphs = httpSubgraphs({
    ...{ urlOf: () => `http://127.0.0.1:${port}/graphql`, key: null, timeoutMs: () => 60_000, mostBytes: 10_000 },
    ...{ pipelining: 8, clock, observer: silent },
  })
  /** On how many connections three questions of one turn come. */
  const connections = async (tokens: readonly (string | null)[] = [null, null, null]): Promise<number> => {
    const contexts = tokens.map((authorization) => ({ ...question.context, authorization }))
    const answers = await Promise.all(contexts.map((context) => subgraphs.ask({ ...question, context })))
    return new Set(answers.map(({ data }) => JSON.stringify(data))).size
  }
  try {
    expect(await connections()).toBe(3)
    expect(await connections()).toBe(1)
    expect(await connections(['Bearer a', 'Bearer a', 'Bearer b'])).toBe(2)
    takesMs = 300
    await subgraphs.ask(question)
    takesMs = 0
    expect(await connections()).toBe(3)
    for (let at = 0; at < 20; at++) await subgraphs.ask(question)
    expect(await connections()).toBe(3)
    await clock.advance(1_001)
    expect(await connections()).toBe(1)
  } finally {
    await subgraphs.stop()
    server.close()
  }
})

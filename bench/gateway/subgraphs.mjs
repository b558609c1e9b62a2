// The four subgraphs of the bench in one process: each question is answered once by graphql-js, and from then on from
// memory, so that what is measured is the gateway.
import { createServer } from 'node:http'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { graphql, parse } from 'graphql'
import { PORTS, SUBGRAPHS } from './graph.mjs'

let asked = 0
for (const [name, { typeDefs, resolvers }] of Object.entries(SUBGRAPHS)) {
  const schema = buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers })
  const known = new Map()
  createServer((request, response) => {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', async () => {
      if (request.url === '/asked') return response.end(String(asked))
      asked++
      const body = Buffer.concat(chunks).toString()
      let answer = known.get(body)
      if (answer === undefined) {
        const { query, variables, operationName } = JSON.parse(body)
        answer = Buffer.from(
          JSON.stringify(await graphql({ schema, source: query, variableValues: variables, operationName })),
        )
        if (known.size < 10_000) known.set(body, answer)
      }
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
      response.end(answer)
    })
  }).listen(PORTS[name], '127.0.0.1')
}
console.log('ready')

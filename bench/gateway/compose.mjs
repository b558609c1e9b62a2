// Composes the bench's supergraph into a file.
import { writeFileSync } from 'node:fs'
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { PORTS, SUBGRAPHS } from './graph.mjs'

const services = Object.entries(SUBGRAPHS).map(([name, { typeDefs }]) => ({
  name,
  url: `http://127.0.0.1:${PORTS[name]}/graphql`,
  typeDefs: parse(typeDefs),
}))
const { supergraphSdl, errors } = composeServices(services)
if (errors) throw new Error(errors.map(String).join('\n'))
writeFileSync(process.argv[2], supergraphSdl)

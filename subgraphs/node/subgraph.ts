import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse, type GraphQLSchema } from 'graphql'
import { misread } from '../../platform/decode.js'
import { typeOfId } from '../../schema/ids.js'
import type { Subgraph } from '../host/subgraph.js'
import { ENTITIES } from './entities.js'

/**
 * `node(id:)` for every entity of the graph: it reads the type out of the id, and its owners answer for the rest. It stands apart because
 * a shared `node` of several subgraphs does not compose.
 */
export function node(): Subgraph {
  return {
    name: 'node',
    migrations: [],
    schema: nodeSchema(ENTITIES),
    start: () => Promise.resolve({ context: (who) => ({ who }), doors: [], stop: () => Promise.resolve() }),
  }
}

/** The schema for a list of entities; `npm run compose` makes the list from the other subgraphs. */
export function nodeSchema(entities: readonly string[]): GraphQLSchema {
  const known: ReadonlySet<string> = new Set(entities)
  const resolvers = {
    Query: { node: (_root: unknown, { id }: { readonly id: string }) => pointed(id, known) },
    Node: { __resolveType: ({ __typename }: Pointed) => __typename },
  }
  return buildSubgraphSchema({ typeDefs: parse(definitions(entities)), resolvers })
}

interface Pointed {
  readonly __typename: string
  readonly id: string
}

/** What an id points at; whether it is there is for its owner to say. */
function pointed(id: string, known: ReadonlySet<string>): Pointed | null {
  const type = typeOfId(id)
  if (type === null) throw misread('id', 'a global id, like Product:abc', id)
  return known.has(type) ? { __typename: type, id } : null
}

function definitions(entities: readonly string[]): string {
  const stubs = entities.map((name) => `type ${name} implements Node @key(fields: "id", resolvable: false) { id: ID! }`)
  return `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query {
      "Anything by its global id; null when no such type is known."
      node("The global id." id: ID!): Node
    }
    "Anything with a global id."
    interface Node {
      "The global id, like Product:abc."
      id: ID!
    }
    ${stubs.join('\n')}`
}

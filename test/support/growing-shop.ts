import type { TestSubgraph } from './federated.js'

/** A subgraph that knows how many are left in a shop. */
export const stock: TestSubgraph = {
  sdl: 'type Shop @key(fields: "id") { id: ID! left: Int }',
  resolvers: { Shop: { __resolveReference: ({ id }: { id: string }) => ({ id, left: 3 }) } },
}

/** The same after it has learned one more field: what a new supergraph is made of. */
export const stockAndMore: TestSubgraph = {
  sdl: 'type Shop @key(fields: "id") { id: ID! left: Int more: Int }',
  resolvers: { Shop: { __resolveReference: ({ id }: { id: string }) => ({ id, left: 3, more: 4 }) } },
}

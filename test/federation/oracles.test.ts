import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { federated, nobody, type Federated, type TestSubgraph } from '../support/federated.js'

type Reference = Readonly<Record<string, unknown>>

const itself = { __resolveReference: (reference: Reference) => reference }

const PARTS: Readonly<Record<string, TestSubgraph>> = {
  products: {
    sdl: `type Query { top(first: Int = 3): [Product!]! product(id: ID!): Product search: [Hit] } union Hit = Product | User
      type Product @key(fields: "id") { id: ID! name: String! price: Int weight: Int } type User @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        top: (_: unknown, { first }: { first: number }) =>
          Array.from({ length: first }, (_one, at) => product(String(at))),
        product: (_: unknown, { id }: { id: string }) => (id === 'none' ? null : product(id)),
        search: () => [{ __typename: 'Product', ...product('1') }, null, { __typename: 'User', id: 'u1' }],
      },
      Product: { __resolveReference: ({ id }: Reference) => product(String(id)) },
    },
  },
  inventory: {
    sdl: `type Product @key(fields: "id") { id: ID! price: Int @external weight: Int @external inStock: Boolean! shipping: Int @requires(fields: "price weight") }`,
    resolvers: {
      Product: {
        ...itself,
        inStock: ({ id }: Reference) => id !== '1',
        shipping: ({ price, weight }: { price: number; weight: number }) => price + weight,
      },
    },
  },
  reviews: {
    sdl: `type Query { latest: [Review!]! } type Review { body: String! product: Product! author: User @provides(fields: "name") }
      type Product @key(fields: "id") { id: ID! reviews: [Review!]! } type User @key(fields: "id") { id: ID! name: String @external reviews: [Review!]! }`,
    resolvers: {
      Query: { latest: () => [review('0'), review('1')] },
      Product: { ...itself, reviews: ({ id }: Reference) => [review(String(id))] },
      User: { ...itself, reviews: () => [review('2')] },
    },
  },
  users: {
    sdl: 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String @shareable age: Int }',
    resolvers: {
      Query: { me: () => ({ id: 'u1' }) },
      User: { ...itself, name: ({ id }: Reference) => `name ${String(id)}`, age: () => 30 },
    },
  },
}

function product(id: string): Reference {
  return { id, name: `product ${id}`, price: id.length * 10, weight: 5 }
}

function review(of: string): Reference {
  return { body: `about ${of}`, product: { id: of }, author: { id: 'u1', name: 'name u1' } }
}

const OPERATIONS = [
  '{ top { id name inStock shipping } }',
  '{ top(first: 2) { name reviews { body author { name age } product { name inStock } } } }',
  '{ me { name age reviews { body product { name price reviews { author { name } } } } } }',
  '{ product(id: "none") { name } other: product(id: "7") { called: name shipping } }',
  '{ search { __typename ... on Product { name inStock } ... on User { name age } } }',
  '{ latest { author { name } product { ...P } } } fragment P on Product { name shipping reviews { body } }',
  '{ top { price reviews { product { price: name } } } __typename }',
  '{ top(first: 1) { id ... on Product @include(if: true) { name } inStock @skip(if: true) } }',
]

describe('the same subgraphs behind Apollo Gateway', () => {
  let graph: Federated
  let apollo: ApolloServer
  beforeAll(() => {
    graph = federated(PARTS)
    apollo = new ApolloServer({ gateway: apolloGateway(graph) })
    return apollo.start()
  })
  afterAll(() => apollo.stop())

  it.each(OPERATIONS)('MUST F601 give the same answer to %s', async (query) => {
    const { body } = await apollo.executeOperation({ query })
    if (body.kind !== 'single') throw new Error('one answer was expected')
    const ours = JSON.parse(
      (await graph.engine.answer({ text: query, variables: null, operationName: null, context: nobody })).body,
    ) as unknown
    expect(ours).toEqual(JSON.parse(JSON.stringify({ data: body.singleResult.data, errors: body.singleResult.errors })))
  })
})

function apolloGateway({ supergraph, subgraphs }: Federated): ApolloGateway {
  class InProcess extends RemoteGraphQLDataSource {
    readonly subgraph: string

    constructor(subgraph: string) {
      super()
      this.subgraph = subgraph
    }

    override async process({ request }: Parameters<RemoteGraphQLDataSource['process']>[0]) {
      const answer = await subgraphs.ask({
        subgraph: this.subgraph,
        query: request.query ?? '',
        operationName: request.operationName ?? null,
        variables: request.variables ?? {},
        kind: 'query',
        context: nobody,
      })
      // What the in-process subgraphs give is an answer of graphql-js.
      return answer as Awaited<ReturnType<RemoteGraphQLDataSource['process']>>
    }
  }
  return new ApolloGateway({ supergraphSdl: supergraph, buildService: ({ name }) => new InProcess(name) })
}

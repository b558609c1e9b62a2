import type { TestSubgraph } from '../support/federated.js'

/** Who is like a good is one: deep questions stay small here, since it is the gateway that is tried. */
const goods = Array.from({ length: 5 }, (_, at) => ({
  __typename: at % 2 === 0 ? 'Book' : 'Toy',
  id: String(at),
  name: `Good ${at}`,
  pages: at,
  age: at,
}))
const good = (_: unknown, { id }: { id?: string | null }) => goods.find((one) => one.id === id) ?? null

/** A graph with some of everything, small enough to answer from memory: what is tried is the gateway. */
export const FUZZED: Readonly<Record<string, TestSubgraph>> = {
  goods: {
    sdl: `type Query { hello: String good(id: ID!): Good goods(first: Int = 3, filter: Filter): [Good!] any: [Any] fails: String }
      type Mutation { rename(id: ID!, name: String!): Good }
      type Subscription { changed(id: ID): Good }
      input Filter { name: String, sizes: [Size!], not: Filter }
      enum Size { SMALL LARGE }
      union Any = Book | Toy
      interface Good @key(fields: "id") { id: ID! name(size: Size): String like: [Good] }
      type Book implements Good @key(fields: "id") { id: ID! name(size: Size): String like: [Good] pages: Int @shareable }
      type Toy implements Good @key(fields: "id") { id: ID! name(size: Size): String like: [Good] age: Int }`,
    resolvers: {
      Query: {
        hello: () => 'hi',
        good,
        goods: (_: unknown, { first }: { first?: number | null }) => goods.slice(0, Math.max(0, first ?? 3)),
        any: () => goods,
        fails: () => Promise.reject(new Error('select * from secret at /srv/app.js:3 on db.internal:5432')),
      },
      Mutation: { rename: good },
      Subscription: {
        changed: {
          // eslint-disable-next-line @typescript-eslint/require-await -- an async iterator is what the library wants
          async *subscribe() {
            for (const one of goods.slice(0, 2)) yield { changed: one }
          },
        },
      },
      Good: { like: () => goods.slice(0, 1), __resolveReference: (it: { id: string }) => good(null, it) },
      Book: { like: () => goods.slice(0, 1), __resolveReference: (it: { id: string }) => good(null, it) },
      Toy: { like: () => goods.slice(0, 1), __resolveReference: (it: { id: string }) => good(null, it) },
    },
  },
  stock: {
    sdl: `type Query { left: Int @shareable }
      type Book @key(fields: "id") { id: ID! left: Int cost: Money pages: Int @external heavy: Boolean @requires(fields: "pages") }
      type Toy @key(fields: "id") { id: ID! left: Int cost: Money }
      type Money @shareable { minor: Int currency: String }`,
    resolvers: {
      Query: { left: () => 1 },
      Book: {
        left: () => 3,
        cost: () => ({ minor: 1, currency: 'CNY' }),
        heavy: ({ pages }: { pages: number }) => pages > 1,
      },
      Toy: { left: () => null, cost: () => ({ minor: 2, currency: 'CNY' }) },
    },
  },
  reviews: {
    sdl: `type Query { left: Int @shareable }
      type Book @key(fields: "id") { id: ID! reviews(first: Int): [Review!]! }
      type Review { text: String stars: Int money: Money } type Money @shareable { minor: Int currency: String }`,
    resolvers: {
      Query: { left: () => 1 },
      Book: { reviews: () => [{ text: 'good', stars: 5, money: { minor: 3, currency: 'CNY' } }] },
    },
  },
}

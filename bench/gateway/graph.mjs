// The graph that the gateways are measured on: the shape of the public gateways benchmark (users, products, inventory,
// reviews), its data made here. Each subgraph answers from memory.

export const PORTS = { users: 4401, products: 4402, inventory: 4403, reviews: 4404 }

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires", "@provides", "@shareable"])'

const users = Array.from({ length: 6 }, (_, at) => ({
  id: String(at + 1),
  name: `Name ${at + 1}`,
  username: `@user${at + 1}`,
  birthday: 19_700_101 + at,
}))
const products = Array.from({ length: 9 }, (_, at) => ({
  upc: String(at + 1),
  name: `Product ${at + 1}`,
  price: 899 + at * 111,
  weight: 100 + at * 50,
  inStock: at % 3 !== 0,
}))
const reviews = Array.from({ length: 25 }, (_, at) => ({
  id: String(at + 1),
  body: `Review ${at + 1}: ${'prefer something else, or love it. '.repeat(1 + (at % 2))}`,
  author: String((at % 6) + 1),
  product: String((at % 9) + 1),
}))

/** @type {(all: readonly any[], key: string, value: unknown) => any} */
const byId = (all, key, value) => all.find((one) => one[key] === value) ?? null
/** @param {any} one */
const reviewed = (one) => ({
  ...one,
  author: { __typename: 'User', id: one.author, username: byId(users, 'id', one.author).username },
  product: { __typename: 'Product', upc: one.product },
})

/** @type {Record<string, { typeDefs: string, resolvers: Record<string, Record<string, (...given: any[]) => unknown>> }>} */
export const SUBGRAPHS = {
  users: {
    typeDefs: `${LINK}
      type Query { me: User user(id: ID!): User users: [User] }
      type Mutation { rename(id: ID!, name: String!): User }
      type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }`,
    resolvers: {
      Query: { me: () => users[0], user: (_, { id }) => byId(users, 'id', id), users: () => users },
      Mutation: { rename: (_, { id, name }) => ({ ...byId(users, 'id', id), name }) },
      User: { __resolveReference: ({ id }) => byId(users, 'id', id) },
    },
  },
  products: {
    typeDefs: `${LINK}
      type Query { topProducts(first: Int = 5): [Product] product(upc: String!): Product }
      type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
    resolvers: {
      Query: {
        topProducts: (_, { first }) => products.slice(0, first),
        product: (_, { upc }) => byId(products, 'upc', upc),
      },
      Product: { __resolveReference: ({ upc }) => byId(products, 'upc', upc) },
    },
  },
  inventory: {
    typeDefs: `${LINK}
      type Product @key(fields: "upc") { upc: String! weight: Int @external price: Int @external inStock: Boolean shippingEstimate: Int @requires(fields: "price weight") }`,
    resolvers: {
      Product: {
        __resolveReference: (it) => ({ ...it, inStock: byId(products, 'upc', it.upc).inStock }),
        shippingEstimate: ({ price, weight }) => (price > 1000 ? 0 : Math.trunc(weight / 2)),
      },
    },
  },
  reviews: {
    typeDefs: `${LINK}
      type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "username") product: Product }
      type User @key(fields: "id") { id: ID! username: String @external numberOfReviews: Int reviews: [Review] }
      type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
    resolvers: {
      Review: { __resolveReference: ({ id }) => reviewed(byId(reviews, 'id', id)) },
      User: {
        reviews: ({ id }) => reviews.filter((one) => one.author === id).map(reviewed),
        numberOfReviews: ({ id }) => reviews.filter((one) => one.author === id).length,
      },
      Product: { reviews: ({ upc }) => reviews.filter((one) => one.product === upc).map(reviewed) },
    },
  },
}

const PRODUCT = 'inStock name price shippingEstimate upc weight'
const DEEP = `reviews { id body author { id username name reviews { id body product { ${PRODUCT} } } } }`

/**
 * The operations of the bench. `variables(n)` gives the n-th of fifty different questions.
 * @type {Record<string, { query: string, variables: (n: number) => Record<string, unknown> }>}
 */
export const OPERATIONS = {
  heavy: {
    query: `query Heavy($first: Int) { users { id username name reviews { id body product { ${PRODUCT} ${DEEP} } } } topProducts(first: $first) { ${PRODUCT} ${DEEP} } }`,
    variables: (n) => ({ first: 1 + (n % 9) + 10 * Math.trunc(n / 9) }),
  },
  list: {
    query: `query List($first: Int) { topProducts(first: $first) { upc name price inStock } }`,
    variables: (n) => ({ first: 5 + n }),
  },
  one: { query: `query One($id: ID!) { user(id: $id) { id name } }`, variables: (n) => ({ id: String(1 + n) }) },
  mutation: {
    query: `mutation Rename($id: ID!, $name: String!) { rename(id: $id, name: $name) { id name } }`,
    variables: (n) => ({ id: '1', name: `n${n}` }),
  },
}

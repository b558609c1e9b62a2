// The graph that fan-out is measured on: a room tells an event, and two other subgraphs know the rest of its product.
export const PORTS = { rooms: 4501, catalog: 4502, orders: 4503 }

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])'

export const SUBGRAPHS = {
  rooms: `${LINK}
    type Query { rooms: Int }
    type Subscription { happened(room: ID!): Happening }
    type Happening { seq: Int! at: String! kind: String! said(as: Int): String! product: Product! }
    type Product @key(fields: "id", resolvable: false) { id: ID! }`,
  catalog: `${LINK}
    type Query { hello: String }
    type Product @key(fields: "id") { id: ID! title: String! image: String! description: String! }`,
  orders: `${LINK}
    type Query { ordered: Int }
    type Product @key(fields: "id") { id: ID! price: Money! stock: Int! }
    type Money { amountMinor: Int! currency: String! }`,
}

/** `$as` changes nothing but the question: whoever brings another one is another group. */
export const QUERY = `subscription Happened($room: ID!, $as: Int) { happened(room: $room) { seq at kind said(as: $as)
  product { id title image description price { amountMinor currency } stock } } }`

/** Products as the two subgraphs answer for them. */
export const product = (id) => ({
  __typename: 'Product',
  id,
  title: `Product ${id} with a name of usual length`,
  image: `https://images.example/products/${id}/front-1200.webp`,
  description: 'Warm, light and washable; made of what is left when others have taken theirs. '.repeat(5).trim(),
  price: { __typename: 'Money', amountMinor: 4_900 + Number(id), currency: 'EUR' },
  stock: 120,
})

/** One event of a room; `at` is the microsecond of the machine's monotonic clock at which it was told. */
export const happening = (seq, at) => ({
  seq,
  at,
  kind: 'PRICE_DROPPED',
  said: 'And now for the next ten minutes only',
  product: { __typename: 'Product', id: String(seq % 10) },
})

/** What every gateway answers, the limit too. */
export const answer = (seq, at) => {
  const { id, title, image, description, price, stock } = product(String(seq % 10))
  const { amountMinor, currency } = price
  const { kind, said } = happening(seq, at)
  const whole = { id, title, image, description, price: { amountMinor, currency }, stock }
  return { data: { happened: { seq, at, kind, said, product: whole } } }
}

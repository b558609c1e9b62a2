import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { apolloPlanner } from '../../gateway/plan/apollo-planner.js'
import { walkingPlanner } from '../../gateway/plan/walking-planner.js'
import { openSupergraph, type Supergraph } from '../../gateway/supergraph/supergraph.js'
import { projectRoot } from '../../platform/config/project-root.js'
import { costOf } from '../support/asked-fetches.js'
import { committedOperations } from '../support/committed-operations.js'
import { composed } from '../support/federated.js'

/** Asserts that our plan has no more fetches than that of Apollo's planner, and no longer a chain of them. */
function comparison(supergraph: Supergraph): (query: string) => void {
  const [our, their] = [walkingPlanner(supergraph), apolloPlanner(supergraph)] as const
  return (query) => {
    const [ours, theirs] = [costOf(supergraph, our, query), costOf(supergraph, their, query)]
    expect(ours.fetches, query).toBeLessThanOrEqual(theirs.fetches)
    expect(ours.depth, query).toBeLessThanOrEqual(theirs.depth)
  }
}

const key = '@key(fields: "id")'

/** Supergraphs of the usual forms, as SDL by subgraph, each with what is usually asked of it. */
const USUAL: Readonly<
  Record<string, { readonly parts: Readonly<Record<string, string>>; readonly queries: readonly string[] }>
> = {
  'a shop of users, products, stock and reviews': {
    parts: {
      users: `type Query { me: User users: [User!]! } type User ${key} { id: ID! name: String @shareable email: String }`,
      products: `type Query { top(first: Int): [Product!]! } type Product ${key} { id: ID! name: String price: Int weight: Int }`,
      stock: `type Product ${key} { id: ID! price: Int @external weight: Int @external inStock: Boolean shipping: Int @requires(fields: "price weight") }`,
      reviews: `type Query { latest: [Review!]! } type Review ${key} { id: ID! body: String product: Product author: User @provides(fields: "name") }
        type Product ${key} { id: ID! reviews: [Review!]! } type User ${key} { id: ID! name: String @external reviews: [Review!]! }`,
    },
    queries: [
      '{ users { id name reviews { id body product { inStock name price shipping weight reviews { id body author { id name reviews { id body product { inStock name } } } } } } } top { inStock name price shipping weight reviews { id body author { id name } } } }',
      '{ me { name email reviews { body product { name } } } }',
      '{ latest { author { name } product { shipping inStock } } }',
    ],
  },
  'entities with several keys': {
    parts: {
      a: `type Query { good: Good } type Good ${key} @key(fields: "sku") { id: ID! sku: ID! name: String }`,
      b: 'type Good @key(fields: "sku") { sku: ID! price: Int seller: Seller } type Seller @key(fields: "no") { no: ID! }',
      c: `type Good ${key} { id: ID! size: Int } type Seller @key(fields: "no") @key(fields: "org { id }") { no: ID! org: Org! name: String } type Org @shareable { id: ID! }`,
      d: 'type Seller @key(fields: "org { id }") { org: Org! stars: Int } type Org @shareable { id: ID! }',
    },
    queries: [
      '{ good { name price size } }',
      '{ good { seller { name stars } size } }',
      '{ good { id sku seller { no } } }',
    ],
  },
  'shared value types and roots': {
    parts: {
      a: `type Query { cart: Cart @shareable now: Now @shareable } type Cart ${key} { id: ID! total: Money lines: [Line!]! @shareable } type Money @shareable { amount: Int unit: String } type Line @shareable { n: Int sum: Money } type Now { a: Int both: Int @shareable }`,
      b: `type Query { cart: Cart @shareable now: Now @shareable } type Cart ${key} { id: ID! gift: Int lines: [Line!]! @shareable } type Money @shareable { amount: Int unit: String } type Line @shareable { n: Int sum: Money } type Now { b: Int both: Int @shareable }`,
    },
    queries: [
      '{ cart { total { amount } lines { n sum { unit } } gift } }',
      '{ now { a b both } }',
      '{ now { b both } cart { gift } }',
    ],
  },
  'interfaces and interface objects': {
    parts: {
      media: `type Query { all: [Media!]! } interface Media ${key} { id: ID! title: String } type Book implements Media ${key} { id: ID! title: String pages: Int } type Film implements Media ${key} { id: ID! title: String minutes: Int }`,
      votes: `type Query { hot: [Media!]! } type Media @interfaceObject ${key} { id: ID! votes: Int }`,
      stars: `type Book ${key} { id: ID! stars: Int } type Film ${key} { id: ID! stars: Int }`,
    },
    queries: [
      '{ all { title votes ... on Book { stars pages } ... on Film { stars } } }',
      '{ hot { votes title } }',
      '{ hot { id votes } all { id } }',
      '{ hot { __typename votes ... on Film { minutes } } }',
    ],
  },
  'requirements in chains': {
    parts: {
      a: `type Query { it: It } type Mutation { make: It } type It ${key} { id: ID! base: Int }`,
      b: `type It ${key} { id: ID! base: Int @external one: Int @requires(fields: "base") plain: Int }`,
      c: `type It ${key} { id: ID! one: Int @external two: Int @requires(fields: "one") free: Int }`,
    },
    queries: [
      '{ it { two plain free } }',
      '{ it { one plain base } }',
      'mutation { make { two } again: make { plain } }',
    ],
  },
  'a taken-over field and a union': {
    parts: {
      old: `type Query { find: [Any] } union Any = Bill | Note type Bill ${key} { id: ID! sum: Int note: Note } type Note ${key} { id: ID! }`,
      young: `type Bill ${key} { id: ID! sum: Int @override(from: "old") paid: Boolean } type Note ${key} { id: ID! text: String }`,
    },
    queries: ['{ find { ... on Bill { sum paid note { text } } ... on Note { text } } }', '{ find { __typename } }'],
  },
}

describe('a plan of ours', () => {
  const expectNoDearer = comparison(
    openSupergraph(readFileSync(join(projectRoot(), 'schema/supergraph.graphql'), 'utf8')),
  )

  it.each(committedOperations().map(({ name, query }) => ({ name, query })))(
    'SHOULD F951 has no more fetches than Apollo’s for $name',
    ({ query }) => {
      expectNoDearer(query)
    },
  )

  it.each(Object.entries(USUAL))('SHOULD F952 has no more fetches than Apollo’s over %s', (_, { parts, queries }) => {
    const supergraph = openSupergraph(
      composed(Object.fromEntries(Object.entries(parts).map(([name, sdl]) => [name, { sdl }]))),
    )
    queries.forEach(comparison(supergraph))
  })

  // A subgraph that is given what another one owns might have been trusted to find it on the object itself; we send it.
  it('MAY F953 has one more where a field requires what was only provided', () => {
    const supergraph = openSupergraph(
      composed({
        a: {
          sdl: `type Query { it: It @provides(fields: "v") } type It ${key} { id: ID! v: Int @external w: Int @requires(fields: "v") }`,
        },
        b: { sdl: `type It ${key} { id: ID! v: Int @shareable }` },
      }),
    )
    expect(costOf(supergraph, walkingPlanner(supergraph), '{ it { w } }')).toEqual({ fetches: 2, depth: 2 })
    expect(costOf(supergraph, apolloPlanner(supergraph), '{ it { w } }')).toEqual({ fetches: 1, depth: 1 })
  })
})

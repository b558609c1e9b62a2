import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { composed, type TestSubgraph } from '../../test/support/federated.js'
import { openSupergraph } from '../supergraph/supergraph.js'
import type { Plan, PlanNode } from './plan.js'
import { NoWay } from './planner.js'
import { walkingPlanner } from './walking-planner.js'

const SHOP: Readonly<Record<string, TestSubgraph>> = {
  goods: {
    sdl: 'type Query { good: Good any: [Any] } union Any = Good | Ad type Ad { v: [Int] } type Good @key(fields: "id") { id: ID! name: String weight: Int v: Int size(unit: Int): Int }',
  },
  stock: {
    sdl: `type Good @key(fields: "id") { id: ID! left: Int weight: Int @external cost: Int @requires(fields: "weight")
      size(unit: Int): Int @external small: Int @requires(fields: "size(unit: 1)") large: Int @requires(fields: "size(unit: 2)") }`,
  },
  live: { sdl: 'type Query { first: Good } type Subscription { sold: Good } type Good @key(fields: "id") { id: ID! }' },
}

function planned(query: string): Plan {
  return walkingPlanner(openSupergraph(composed(SHOP))).plan(parse(query), new Map())
}

/** Each fetch as `subgraph question <- what it waits for`. */
function told(node: PlanNode | null): readonly string[] {
  if (node === null) return []
  if (node.kind === 'fetch') return [`${node.subgraph} ${node.query}`]
  if (node.kind !== 'graph') throw new Error(`not planned by us: ${node.kind}`)
  return node.steps.map(({ fetch, after }) => `${fetch.subgraph} ${fetch.query} <- ${after.join()}`)
}

const ENTITIES = 'query($representations:[_Any!]!){_entities(representations:$representations)'

describe('the walking planner', () => {
  it('asks one subgraph once when it has everything', () => {
    expect(told(planned('{ good { id name } }').root)).toEqual(['goods {good{id name}}'])
  })

  it('lets a question wait for nothing but what it needs', () => {
    expect(told(planned('{ first { left cost } }').root)).toEqual([
      'live {first{__typename id}} <- ',
      `stock ${ENTITIES}{...on Good{left}}} <- 0`,
      `goods ${ENTITIES}{...on Good{weight}}} <- 0`,
      `stock ${ENTITIES}{...on Good{cost}}} <- 2`,
    ])
  })

  it('asks a field along with plain ones when what it requires comes with the key', () => {
    expect(told(planned('{ good { name left cost } }').root)).toEqual([
      'goods {good{__typename name id weight}} <- ',
      `stock ${ENTITIES}{...on Good{left cost}}} <- 0`,
    ])
  })

  it('asks fields apart that require one field with different arguments', () => {
    expect(told(planned('{ good { small large } }').root)).toEqual([
      'goods {good{__typename id r0__size:size(unit: 1) r1__size:size(unit: 2)}} <- ',
      `stock ${ENTITIES}{...on Good{small}}} <- 0`,
      `stock ${ENTITIES}{...on Good{large}}} <- 0`,
    ])
  })

  it('takes the key that it can have soonest', () => {
    const supergraph = openSupergraph(
      composed({
        a: { sdl: 'type Query { it: It } type It @key(fields: "id") { id: ID! }' },
        b: { sdl: 'type It @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! x: Int y: Int }' },
        c: { sdl: 'type It @key(fields: "sku") @key(fields: "id") { id: ID! sku: ID! z: Int }' },
      }),
    )
    const { root } = walkingPlanner(supergraph).plan(parse('{ it { x y z } }'), new Map())
    expect(told(root)).toEqual([
      'a {it{__typename id}} <- ',
      `b ${ENTITIES}{...on It{x y}}} <- 0`,
      `c ${ENTITIES}{...on It{z}}} <- 0`,
    ])
  })

  it('sends a field under another name where it would clash, and names it back', () => {
    const { root } = planned('{ any { ... on Good { v } ... on Ad { v } } }')
    expect(told(root)).toEqual(['goods {any{__typename ...on Good{v} ...on Ad{v__alias_1:v}}}'])
    expect(root).toMatchObject({ renames: [{ from: 'v__alias_1', to: 'v' }] })
  })

  it('separates what a subscription asks upstream from what each event needs', () => {
    const { primary, root } = planned('subscription { sold { name } }')
    expect(primary).toMatchObject({
      subgraph: 'live',
      operationKind: 'subscription',
      query: 'subscription{sold{__typename id}}',
    })
    expect(told(root)).toEqual([`goods ${ENTITIES}{...on Good{name}}}`])
  })

  it('names the variables that a question uses', () => {
    const supergraph = openSupergraph(
      composed({ a: { sdl: 'type Query { f(a: Int, b: In): Int } input In { n: Int }' } }),
    )
    const { root } = walkingPlanner(supergraph).plan(
      parse('query Q($x: Int = 3, $y: Int) { f(a: $x, b: { n: $y }) }'),
      new Map(),
    )
    expect(root).toMatchObject({
      variables: ['x', 'y'],
      operationName: 'Q__a__0',
      query: 'query Q__a__0($x: Int = 3 $y: Int){f(a: $x b: {n: $y})}',
    })
  })

  it('says so when there is no way', () => {
    expect(() => planned('{ good { nothing } }')).toThrow(NoWay)
  })
})

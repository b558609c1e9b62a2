import { Kind, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { composed } from '../../test/support/federated.js'
import { openSupergraph } from '../supergraph/supergraph.js'
import { costBy, type Cost } from './cost.js'
import { readOperation } from './read-operation.js'
import { partsOf } from './read-document.js'
import { readVariables } from './read-variables.js'

const supergraph = composed({
  a: {
    sdl: `type Query {
          book: Book dear: Int @cost(weight: 5) plain: [Book]
          books(first: Int, last: Int, filter: Filter): [Book] @listSize(slicingArguments: ["first", "last"])
          some: [Book] @listSize(assumedSize: 100)
          any(most: Int, filter: Filter @cost(weight: 3)): [Book] @listSize(slicingArguments: ["most"], requireOneSlicingArgument: false, assumedSize: 7)
          page(first: Int = 20): Page @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])
          named: Named
        }
        type Mutation { print: Book }
        input Filter { most: Int word: String @cost(weight: 2) }
        type Page { edges: [Edge] nodes: [Book] info: Info } type Info { more: Boolean } type Edge { node: Book }
        interface Named { name: String } type Person implements Named { name: String @cost(weight: 9) }
        type Book implements Named { name: String author: Author rating: Rating } type Author @cost(weight: 4) { name: String } enum Rating @cost(weight: 2) { GOOD }`,
  },
})
const { api, costs } = openSupergraph(supergraph)
const costOf = costBy(api, costs, 10)

function cost(text: string, given: Record<string, unknown> = {}): Cost {
  const operation = readOperation(api, partsOf(parse(text)), null, 1_000_000)
  const [first] = parse(text).definitions
  const definitions = first?.kind === Kind.OPERATION_DEFINITION ? (first.variableDefinitions ?? []) : []
  return costOf(operation, readVariables(api, definitions, given))
}
const estimated = (text: string, given?: Record<string, unknown>): number => cost(text, given).estimated

describe('the cost of an operation', () => {
  it.each([
    ['{ book { name } }', 1, 'an object weighs 1, a leaf nothing'],
    ['{ dear }', 5, 'a field its own weight'],
    ['{ book { author { name } } }', 5, 'a type its own weight'],
    ['{ book { rating } }', 3, 'an enum its own weight'],
    ['{ named { name } }', 10, 'an interface field that of its heaviest implementation'],
    ['mutation { print { name } }', 11, 'a mutation 10 more'],
    ['{ plain { author { name } } }', 50, 'a list as many as the settings say'],
    ['{ some { name } }', 100, 'a list its assumed size'],
    ['{ books(first: 3) { author { name } } }', 15, 'a list as many as are asked for'],
    ['{ books(first: 0) { author { name } } }', 0, 'a list of none nothing'],
    ['{ books(first: -5) { name } }', 0, 'a list of less than none nothing'],
    ['{ any(most: 6, filter: { most: 1 }) { name } }', 9, 'a slicing argument, and the weight of another'],
    ['{ any(filter: { word: "x" }) { name } }', 12, 'what stands in an input, and the assumed size'],
    ['{ any { name } }', 7, 'nothing for an argument that is not given'],
    [
      '{ page { info { more } edges { node { name } } } }',
      42,
      'a connection its default, times what is below its edges',
    ],
    [
      '{ page(first: 2) { nodes { name } ...P } } fragment P on Page { edges { node { name } } }',
      7,
      'a sized list in a fragment',
    ],
    ['{ book { ...B ...B } } fragment B on Book { author { name } }', 9, 'a fragment as often as it is spread'],
    ['{ book { author @skip(if: true) { name } } }', 1, 'nothing for what is skipped'],
  ])('of %s is %i: %s', (text, expected) => {
    expect(cost(text)).toEqual({ estimated: expected, unsliced: [] })
  })

  it('depends on the variables', () => {
    const text =
      'query ($n: Int = 2, $f: Filter, $no: Boolean = false) { books(first: $n) { name } any(most: 1, filter: $f) { name } dear @include(if: $no) }'
    expect(estimated(text)).toBe(2 + 1)
    expect(estimated(text, { n: 50, f: { word: 'w' }, no: true })).toBe(50 + 1 + 3 + 2 + 5)
  })

  it.each(['{ books { name } }', '{ books(first: 1, last: 1) { name } }', '{ books(first: null) { name } }'])(
    'is not known of %s, which needs one argument that says how many',
    (text) => {
      expect(cost(text).unsliced).toEqual(['Query.books'])
    },
  )

  it('S07 stops growing long before it would lose its meaning', () => {
    const many = `{ page(first: 2147483647) { edges { node { name } } nodes { name } } }`
    expect(estimated(many)).toBe(1 + 3 * 2_147_483_647)
    const deep = `{ ${Array.from({ length: 400 }, (_, at) => `a${at}: books(first: 2147483647) { author { name } }`).join(' ')} }`
    expect(estimated(deep)).toBe(1_000_000_000_000)
  })

  it('S06 is found by walking each fragment once', () => {
    const chain = Array.from({ length: 60 }, (_, at) => `fragment F${at} on Book { ...F${at + 1} ...F${at + 1} }`).join(
      ' ',
    )
    const text = `{ book { ...F0 } } ${chain} fragment F60 on Book { author { name } }`
    const operation = {
      ...readOperation(api, partsOf(parse('{ book { ...F0 } }')), null, 9),
      fragments: partsOf(parse(text)).fragments,
    }
    expect(costOf(operation, {}).estimated).toBe(1_000_000_000_000)
  })
})

import { describe, expect, it } from 'vitest'
import { composed, type TestSubgraph } from '../../test/support/federated.js'
import { Deferrals } from '../operation/deferrals.js'
import { readDocument } from '../operation/read-document.js'
import { readOperation } from '../operation/read-operation.js'
import { openSupergraph } from '../supergraph/supergraph.js'
import { plannerOf } from './planner-of.js'
import { prepareParts } from './prepare-parts.js'

const SHOP: Readonly<Record<string, TestSubgraph>> = {
  goods: {
    sdl: `type Query { good: Good goods: [Good] conf: Conf } type Conf { a: Int b: Int }
      type Good @key(fields: "id") { id: ID! name: String weight: Int conf: Conf friends: [Good] }`,
  },
  stock: {
    sdl: 'type Good @key(fields: "id") { id: ID! left: Int weight: Int @external cost: Int @requires(fields: "weight") }',
  },
}
const supergraph = openSupergraph(composed(SHOP))

/** Each fetch as `part: subgraph question <- what it waits for`, with `!` where the first part must be told before. */
function parted(query: string): readonly string[] | null {
  const operation = readOperation(supergraph.api, readDocument(supergraph.api, query, 1_000), null, 10_000)
  const asked = { operation, switches: new Map<string, boolean>(), overrides: new Map<string, boolean>(), denied: null }
  const prepared = prepareParts(supergraph.api, plannerOf(supergraph), asked, new Deferrals(asked.switches))
  const steps = prepared?.plans.flatMap((plan) => plan.steps) ?? null
  const text = (question: string): string => question.replace(/^.*_entities\([^)]*\)/, '')
  return (
    steps?.map(
      ({ part, fetch, after, waits }) =>
        `${part}: ${fetch.subgraph} ${text(fetch.query)} <- ${after.join()}${waits ? '!' : ''}`,
    ) ?? null
  )
}

describe('a plan in parts', () => {
  it('adds nothing but keys to the fetches of the first part', () => {
    expect(parted('{ good { name ... @defer { weight left } } }')).toEqual([
      '0: goods {good{__typename name id}} <- ',
      '1: goods {...on Good{weight}}} <- 0',
      '1: stock {...on Good{left}}} <- 0',
    ])
  })

  it('fetches what a deferred field requires with that field, where a failure harms no other part', () => {
    expect(parted('{ good { name ... @defer { cost } } }')).toEqual([
      '0: goods {good{__typename name id}} <- ',
      '1: goods {...on Good{weight}}} <- 0',
      '1: stock {...on Good{cost}}} <- 1',
    ])
  })

  it('has a part of its own for what two deferrals share', () => {
    const query = '{ good { ... @defer(label: "a") { friends { name } } ... @defer(label: "b") { friends { left } } } }'
    expect(parted(query)).toEqual([
      '0: goods {good{__typename id}} <- ',
      '3: goods {...on Good{friends{__typename id}}}} <- 0',
      '1: goods {...on Good{name}}} <- 1',
      '2: stock {...on Good{left}}} <- 1',
    ])
  })

  it('asks once more for an object without a key, after the first part', () => {
    expect(parted('{ conf { a ... @defer { b } } }')).toEqual([
      '0: goods {conf{a}} <- ',
      '1: goods {conf{__typename b}} <- !',
    ])
  })

  it('asks for what is also asked for around it no second time', () => {
    expect(parted('{ good { id left ... @defer { left id } } }')).toEqual([
      '0: goods {good{__typename id}} <- ',
      '0: stock {...on Good{left}}} <- 0',
    ])
  })

  it('is none when nothing, or too much, is told later', () => {
    expect(parted('{ good { id ... @defer(if: false) { left } } }')).toBeNull()
    expect(parted(`{ good { id ${'... @defer { left } '.repeat(101)} } }`)).toBeNull()
  })
})

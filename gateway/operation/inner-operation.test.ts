import { buildSchema, parse, print, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { innerOperation } from './inner-operation.js'
import { partsOf } from './read-document.js'
import { readOperation } from './read-operation.js'

const schema = buildSchema(`
  type Query { me: User media: [Media!] }
  type Mutation { add(n: Int): Int }
  type User implements Media { id: ID name(upper: Boolean): String friends: [User] }
  type Film implements Media { id: ID minutes: Int }
  interface Media { id: ID }
`)

/** The documents for the planner, printed on one line each. */
function inner(query: string, switches: Readonly<Record<string, boolean>> = {}): readonly string[] {
  expect(validate(schema, parse(query))).toEqual([])
  const operation = readOperation(schema, partsOf(parse(query)), null, 1_000)
  const { documents } = innerOperation(schema, operation, new Map(Object.entries(switches)))
  return documents.map((document) => print(document).replaceAll(/\s+/g, ' '))
}

describe('the inner operation', () => {
  it('has equal fields once, in whatever fragments they stood', () => {
    expect(
      inner('{ me { id ...F } ... { me { id friends { id } } } } fragment F on User { id friends { name } }'),
    ).toEqual(['{ me { id friends { name id } } }'])
  })

  it('has no alias of the client', () => {
    expect(inner('{ me { id: name __proto__: id } }')).toEqual(['{ me { name id } }'])
  })

  it('keeps fields with different arguments apart', () => {
    expect(inner('{ me { name a: name(upper: true) b: name(upper: false) c: name(upper: true) } }')).toEqual([
      '{ me { name a0__name: name(upper: true) a1__name: name(upper: false) } }',
    ])
  })

  it('keeps objects apart that the client asked for under two names', () => {
    expect(inner('{ me { id } other: me { id } }')).toEqual(['{ me { id } a0__me: me { id } }'])
  })

  it('leaves out what its switches exclude, and asks whether an object is there of which nothing is left', () => {
    const query = 'query ($on: Boolean!) { me { id @include(if: $on) } media @skip(if: $on) { id } }'
    expect(inner(query, { on: true })).toEqual(['{ me { id } }'])
    expect(inner(query, { on: false })).toEqual(['{ me { __typename } media { id } }'])
  })

  it('keeps fragments on the members of an abstract type, one for each', () => {
    expect(inner('{ media { ... on Film { minutes } id ... on Film { id } ... on User { name } } }')).toEqual([
      '{ media { id ... on Film { minutes id } ... on User { name } } }',
    ])
  })

  it('has a document for each root field of a mutation, in the order of the client', () => {
    expect(inner('mutation ($n: Int) { b: add(n: $n) a: add(n: 2) ... { b: add(n: $n) } }')).toEqual([
      'mutation ($n: Int) { a0__add: add(n: $n) }',
      'mutation { a1__add: add(n: 2) }',
    ])
  })

  it('is empty when no subgraph is needed', () => {
    expect(inner('{ __typename __schema { queryType { name } } }')).toEqual([])
  })
})

import { Kind, buildSchema, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { readVariables, type Variables } from './read-variables.js'
import { RequestErrors } from './request-errors.js'

const schema = buildSchema('type Query { a(i: In): Int } input In { n: Int = 3 list: [Int!] }')

function read(declared: string, given: string | null): Variables {
  const [operation] = parse(`query (${declared}) { a }`).definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('an operation was expected')
  const values = given === null ? null : (JSON.parse(given) as Record<string, unknown>)
  return readVariables(schema, operation.variableDefinitions ?? [], values)
}

function refusal(declared: string, given: string | null): readonly string[] {
  try {
    read(declared, given)
  } catch (error) {
    if (error instanceof RequestErrors) return [error.code, ...error.errors.map(({ message }) => message)]
    throw error
  }
  return []
}

describe('variables', () => {
  it('are coerced by their types, with their defaults', () => {
    expect({ ...read('$i: In, $n: Int = 5, $l: [Int]', '{"i":{"list":1},"l":4}') }).toEqual({
      i: { n: 3, list: [1] },
      n: 5,
      l: [4],
    })
  })

  it('are absent when they were not given, and null when null was', () => {
    expect({ ...read('$a: Int, $b: Int', '{"b":null}') }).toEqual({ b: null })
  })

  it('S02 may have any name', () => {
    const values = read('$__proto__: Int, $constructor: Int', '{"__proto__":1,"constructor":2}')
    expect(Object.entries(values)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ])
    expect(Object.getPrototypeOf(values)).toBeNull()
  })

  it('S02 are not found where nobody gave them', () => {
    expect(Object.keys(read('$toString: Int', '{}'))).toEqual([])
  })

  it('are refused when they do not fit, by their names', () => {
    expect(refusal('$n: Int!', null)).toEqual([
      'BAD_USER_INPUT',
      'Variable "$n" of required type "Int!" was not provided.',
    ])
    expect(refusal('$i: In', '{"i":{"n":"x"}}')[1]).toContain('at "i.n"')
    expect(refusal('$i: In', '{"i":{"__proto__":{"x":1}}}')[0]).toBe('BAD_USER_INPUT')
  })

  it('S35 are read no further than fifty faults', () => {
    const list = Array.from({ length: 10_000 }, () => 'x')
    const said = refusal('$i: In, $n: Int!', JSON.stringify({ i: { list } }))
    expect(said).toHaveLength(1 + 50 + 1)
    expect(said.at(-1)).toContain('Too many errors')
  })
})

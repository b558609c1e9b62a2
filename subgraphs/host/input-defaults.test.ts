import { compileQuery, isCompiledQuery } from 'graphql-jit'
import { buildSchema, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { fillDefaults } from './input-defaults.js'

const schema = buildSchema(`
  enum Side { LEFT RIGHT }
  input Bud { name: String!, side: Side! = LEFT, tags: [String!]! = ["a"] }
  input Leaf { name: String!, side: Side! = LEFT, tags: [String!]! = ["a"], more: [Bud!] }
  input Plain { name: String! }
  type Query { leaf(leaf: Leaf, leaves: [Leaf!], plain: Plain): String }
`)
const document = parse('query ($leaf: Leaf, $leaves: [Leaf!]) { leaf(leaf: $leaf, leaves: $leaves) }')

describe('defaults of input types', () => {
  it('are filled in where a field is absent, in lists and nested objects too', () => {
    const fill = fillDefaults(schema, document)
    const whole = { name: 'x', side: 'LEFT', tags: ['a'] }
    expect(fill?.({ leaf: { name: 'x', more: [{ name: 'y', side: 'RIGHT' }] }, leaves: [{ name: 'x' }] })).toEqual({
      leaf: { ...whole, more: [{ ...whole, name: 'y', side: 'RIGHT' }] },
      leaves: [whole],
    })
  })

  it('leave alone what is null, wrong or of another name', () => {
    const fill = fillDefaults(schema, document)
    const odd = { leaf: { side: null, tags: 3, other: 1 }, leaves: 'x' }
    expect(fill?.(odd)).toEqual({ ...odd })
  })

  it('cost nothing where no variable can need them', () => {
    expect(fillDefaults(schema, parse('query ($plain: Plain) { leaf(plain: $plain) }'))).toBeNull()
  })

  it('never touch a prototype (S02)', () => {
    const fill = fillDefaults(schema, document)
    fill?.(JSON.parse('{"leaf":{"name":"x","__proto__":{"polluted":1}}}') as Record<string, unknown>)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('are still not filled in by graphql-jit; once they are, this file can go', () => {
    const compiled = compileQuery(schema, document)
    if (!isCompiledQuery(compiled)) throw new Error('it was not compiled')
    expect(compiled.query({}, {}, { leaf: { name: 'x' } })).toHaveProperty('errors')
  })
})

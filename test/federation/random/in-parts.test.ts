import { describe, expect, it } from 'vitest'
import type { PartError } from '../../support/assemble.js'
import { shortcoming } from './in-parts.js'
import { promptly } from './promptly.js'

const broken: PartError = { message: 'm', path: ['f46'], extensions: { code: 'X' } }
const there = { data: { f48: { f31: 1, id: 'a' }, f46: null }, errors: [broken] }
const prompt = { f48: { f31: 1 } }

describe('what comes in parts', () => {
  it('may lack all of a part of which an error is all there is', () => {
    const ours = { data: { f48: { f31: 1 } }, errors: [broken] }
    expect(shortcoming({ ours, there, prompt, lost: [[]] })).toBeNull()
    expect(shortcoming({ ours, there, prompt, lost: [] })).toBe('f48.id is missing, and no error says why')
  })

  it('may not lack what is asked outside of the lost part, or beside its place', () => {
    const ours = { data: { f48: {} }, errors: [broken] }
    expect(shortcoming({ ours, there, prompt, lost: [[]] })).toBe('f48.f31 is missing, and no error says why')
    expect(shortcoming({ ours, there, prompt: {}, lost: [['f46']] })).toBe('f48.f31 is missing, and no error says why')
  })

  it('may not be other than it is', () => {
    const ours = { data: { f48: { f31: 2 } }, errors: [broken] }
    expect(shortcoming({ ours, there, prompt, lost: [[]] })).toBe('f48.f31 is 2 and not 1')
  })

  it('comes at once where nothing defers it', () => {
    const query =
      'query ($on: Boolean!) { a ...F @skip(if: $on) @defer(if: $on) ... @defer { b } } fragment F on Query { c }'
    expect(promptly(query).replace(/\s+/g, ' ')).toBe(
      'query ($on: Boolean!) { a ... @skip(if: $on) { ...F @skip(if: $on) } ... @skip(if: true) { ... { b } } } fragment F on Query { c }',
    )
  })
})

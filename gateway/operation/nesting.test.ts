import { describe, expect, it } from 'vitest'
import { nestsDeeper } from './nesting.js'

const braces = (levels: number): string => '{'.repeat(levels) + '}'.repeat(levels)

describe('the nesting of a text', () => {
  it('is counted over brackets of every kind', () => {
    expect(nestsDeeper(braces(3), 3, true)).toBe(false)
    expect(nestsDeeper(braces(4), 3, true)).toBe(true)
    expect(nestsDeeper('{a(b:[{c:1}])}', 3, true)).toBe(true)
  })

  it('is not what stands side by side', () => {
    expect(nestsDeeper(braces(2).repeat(1_000), 3, true)).toBe(false)
  })

  it.each([
    ['a string', '{a(b:"{{{{")}'],
    ['a string with escaped quotes', '{a(b:"\\"{{{{")}'],
    ['a block string', '{a(b:"""{{ " {{\n{{""")}'],
    ['a comment', '{a # {{{{\n}'],
  ])('leaves out what stands in %s', (_, text) => {
    expect(nestsDeeper(text, 2, true)).toBe(false)
  })

  it('goes on after a string that is never closed', () => {
    expect(nestsDeeper(`{a(b:"\n${braces(5)}`, 4, true)).toBe(true)
    expect(nestsDeeper('{a(b:"""', 1_000, true)).toBe(false)
  })

  it('takes a # in JSON for what it is', () => {
    expect(nestsDeeper(`#${braces(4)}`, 3, false)).toBe(true)
  })
})

import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { comparedPairs } from './pairs.js'

const times = (many: number, part: (at: number) => string): string =>
  Array.from({ length: many }, (_, at) => part(at)).join(' ')
const pairs = (text: string, most = 1_000_000): number => comparedPairs(parse(text), most)

describe('the pairs that field selection merging compares', () => {
  it.each([
    ['fields of different names', '{ a b c: a }', 0],
    ['fields of one name', '{ a a a }', 3],
    ['fields below fields of one name', '{ a { b } a { b } a { b } }', 6],
    ['fields below different fields', '{ a { b } c { b } }', 0],
    ['fields in inline fragments', '{ ... { a } ... { a } a }', 3],
    ['two fragments that meet', '{ ...F ...G } fragment F on T { a } fragment G on T { a }', 2],
    ['a fragment that meets itself', '{ ...F ...F } fragment F on T { a }', 0],
    ['fragments in fragments', '{ ...F } fragment F on T { a ...G } fragment G on T { a }', 2],
    [
      'the same fragments at many places',
      '{ a { ...F ...G } b { ...F ...G } } fragment F on T { x } fragment G on T { x }',
      2,
    ],
    ['a field that meets what a fragment brings', '{ x ...F } fragment F on T { x }', 1],
    ['fragments that nobody spreads', '{ a } fragment F on T { x x }', 1],
    ['several operations', 'query A { a a } query B { a a }', 2],
  ])('of %s are counted', (_, text, count) => {
    expect(pairs(text)).toBe(count)
  })

  it('S04 stop growing just above the bound', () => {
    expect(pairs(`{ ${times(1_000, () => 'a { b }')} }`, 100)).toBe(101)
  })

  it('S04 are over it where fragments in fragments would be walked without end', () => {
    const text = `${times(1_000, (at) => `query Q${at} { ...F0 }`)} ${times(800, (at) => `fragment F${at} on T { a${at} ...F${at + 1} }`)}`
    expect(pairs(text, 400_000)).toBe(400_001)
  })

  it('S05 of fragments in a circle come to an end', () => {
    expect(pairs('{ ...A } fragment A on T { a { ...B } } fragment B on T { a { ...A } ...B }')).toBe(0)
  })
})

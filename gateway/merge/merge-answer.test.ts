import { describe, expect, it } from 'vitest'
import { copied, mergeAnswer, renameFields } from './merge-answer.js'
import type { Thing } from './tree.js'

const always = (typename: string, condition: string): boolean => typename === condition

/** What comes out when one answer after the other is merged. */
function merged(...answers: readonly Thing[]): Thing {
  const target: Thing = {}
  for (const answer of answers) mergeAnswer(target, answer)
  return target
}

describe('a merged answer', () => {
  it('has the fields of all, object by object and item by item', () => {
    const [one, other] = [
      { a: { x: 1 }, l: [{ x: 1 }, null] },
      { a: { y: 2 }, l: [{ y: 2 }, { y: 3 }], b: 0 },
    ]
    expect(merged(one, other)).toEqual({ a: { x: 1, y: 2 }, l: [{ x: 1, y: 2 }, { y: 3 }], b: 0 })
  })

  it('never loses a value to a null or to nothing', () => {
    expect(merged({ a: 1, b: { c: 1 } }, { a: null, b: null, d: null })).toEqual({ a: 1, b: { c: 1 }, d: null })
  })

  it('S03 takes no prototype from outside', () => {
    const target = merged(
      JSON.parse('{"a":{"x":1}}') as Thing,
      JSON.parse('{"__proto__":{"p":1},"a":{"__proto__":{"p":1}}}') as Thing,
    )
    expect('p' in target).toBe(false)
    expect('p' in (target['a'] as object)).toBe(false)
    expect('p' in {}).toBe(false)
  })

  it('may have fields that are named like what objects inherit', () => {
    expect(
      Object.entries(merged(JSON.parse('{"toString":"a"}') as Thing, JSON.parse('{"constructor":1}') as Thing)),
    ).toEqual([
      ['toString', 'a'],
      ['constructor', 1],
    ])
  })
})

describe('a renamed field', () => {
  it('gets its own name on objects of its type only, falsy values too', () => {
    const answer = {
      any: [
        { __typename: 'A', v: 1 },
        { __typename: 'B', v__1: 0 },
      ],
    }
    const path = [
      { kind: 'field', name: 'any' },
      { kind: 'only', types: ['B'] },
    ] as const
    renameFields(answer, [{ path, from: 'v__1', to: 'v' }], always)
    expect(answer.any.map((one) => one.v)).toEqual([1, 0])
  })
})

describe('a copy', () => {
  it('shares nothing with its original', () => {
    const original = { a: [{ b: 1 }], c: null }
    const copy = copied(original)
    expect(copy).toEqual(original)
    expect(copy.a[0]).not.toBe(original.a[0])
  })
})

import { describe, expect, it } from 'vitest'
import type { PathStep } from '../plan/plan.js'
import { targetsAt, targetsWithSurroundings } from './targets.js'

const isA = (typename: string, condition: string): boolean => typename === condition || condition === 'Any'

/** `a.@|A|b` as steps. */
function steps(path: string): readonly PathStep[] {
  return path.split('.').map((step) => {
    if (step === '@') return { kind: 'each' }
    return step.startsWith('|') ? { kind: 'only', types: [step.slice(1)] } : { kind: 'field', name: step }
  })
}

describe('the targets at a path', () => {
  it('are the objects in lists of lists, without nulls', () => {
    const root = { a: [[{ b: { n: 1 } }, null], null, [{ b: null }, { b: { n: 2 } }]] }
    expect(targetsAt(root, steps('a.@.@.b'), isA)).toEqual([{ n: 1 }, { n: 2 }])
  })

  it('are there once where one list stands in many places of the tree', () => {
    const shared = [{ n: 1 }, { n: 2 }]
    expect(targetsAt({ a: [{ b: shared }, { b: shared }] }, steps('a.@.b.@'), isA)).toEqual(shared)
  })

  it('are only those of the types that the path names', () => {
    const root = {
      a: [
        { __typename: 'A', n: 1 },
        { __typename: 'B', n: 2 },
      ],
    }
    expect(targetsAt(root, steps('a.@.|B'), isA)).toEqual([{ __typename: 'B', n: 2 }])
  })

  it('are none where something else stands than the path expects', () => {
    expect(targetsAt({ a: 'x', b: 3 }, steps('a.b'), isA)).toEqual([])
    expect(targetsAt({}, steps('constructor.prototype'), isA)).toEqual([])
  })

  it('know what stands around them', () => {
    const inner = { n: 1 }
    const middle = { b: inner }
    const root = { a: [middle] }
    expect(targetsWithSurroundings(root, steps('a.@.b'), isA)).toEqual([{ it: inner, around: [root, middle] }])
  })
})

import { describe, expect, it } from 'vitest'
import { passRateBp, POOL_DEEDS, POOL_MOVES, POOL_STATES, poolStateAfter, type PoolState } from './pool.js'

describe('the way into the pool', () => {
  it('reaches and leaves every state', () => {
    const reached = new Set<PoolState>(['SUBMITTED'])
    for (const state of reached) for (const next of Object.values(POOL_MOVES[state])) reached.add(next)
    expect([...reached].sort()).toEqual([...POOL_STATES].sort())
    for (const state of POOL_STATES) expect(POOL_DEEDS.some((deed) => poolStateAfter(state, deed) !== null)).toBe(true)
  })

  it('leads to approval through a test alone', () => {
    const before = POOL_STATES.filter((state) => Object.values(POOL_MOVES[state]).includes('APPROVED'))
    expect(before).toEqual(['TESTING'])
  })
})

describe('a pass rate', () => {
  it('is approved of decided, and none where nothing was decided', () => {
    expect(passRateBp({ decided: 3, approved: 1 })).toBe(3333)
    expect(passRateBp({ decided: 0, approved: 0 })).toBeNull()
  })
})

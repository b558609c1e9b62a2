import { describe, expect, it } from 'vitest'
import { ORDER_STATES, type OrderState } from '../../../schema/events/orders.js'
import { DEEDS, FIRST_STATE, MOVES, STOCK_EFFECT, stateAfter, statesAllowing } from './moves.js'

const FINAL: readonly OrderState[] = ['CANCELLED', 'EXPIRED', 'REFUNDED']

function reachable(from: OrderState, seen: Set<OrderState> = new Set([from])): ReadonlySet<OrderState> {
  for (const next of Object.values(MOVES[from])) {
    if (seen.has(next)) continue
    seen.add(next)
    reachable(next, seen)
  }
  return seen
}

describe('the way of an order', () => {
  it('reaches every state from the first one', () => {
    expect([...reachable(FIRST_STATE)].sort()).toEqual([...ORDER_STATES].sort())
  })

  it('leaves every state but the final ones, and ends in a final one from everywhere', () => {
    for (const state of ORDER_STATES) {
      expect(Object.keys(MOVES[state]).length > 0).toBe(!FINAL.includes(state))
      expect(FINAL.some((end) => reachable(state).has(end))).toBe(true)
    }
  })

  it('uses every deed somewhere', () => {
    for (const deed of DEEDS) expect(statesAllowing(deed)).not.toEqual([])
  })

  it('does not ship what is not paid', () => {
    expect(stateAfter('RESERVED', 'ship')).toBeNull()
    expect(stateAfter('PAYING', 'ship')).toBeNull()
    expect(stateAfter('PAID', 'ship')).toBe('SHIPPED')
  })

  it('gives pieces up only before they are sold, and takes them back only after', () => {
    const sold: readonly OrderState[] = ['PAID', 'SHIPPED', 'COMPLETED']
    for (const deed of DEEDS) {
      if (STOCK_EFFECT[deed] === 'release')
        expect(statesAllowing(deed).some((state) => sold.includes(state))).toBe(false)
      if (STOCK_EFFECT[deed] === 'takeBack') expect(statesAllowing(deed)).toEqual(sold)
    }
  })
})

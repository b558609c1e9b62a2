import { describe, expect, it } from 'vitest'
import { ORDER_STATES, type OrderState } from '../../../schema/events/orders.js'
import {
  DEEDS,
  FIRST_OF_PRE_SALE,
  FIRST_STATE,
  isPreSold,
  MOVES,
  STOCK_EFFECT,
  stateAfter,
  statesAllowing,
} from './moves.js'

const FINAL: readonly OrderState[] = ['CANCELLED', 'EXPIRED', 'REFUNDED', 'FORFEITED']

function reachable(from: OrderState, seen: Set<OrderState> = new Set([from])): ReadonlySet<OrderState> {
  for (const next of Object.values(MOVES[from])) {
    if (seen.has(next)) continue
    seen.add(next)
    reachable(next, seen)
  }
  return seen
}

describe('the way of an order', () => {
  it('reaches every state from the first ones', () => {
    const reached = new Set([...reachable(FIRST_STATE), ...reachable(FIRST_OF_PRE_SALE)])
    expect([...reached].sort()).toEqual([...ORDER_STATES].sort())
  })

  it('of a pre-sale comes into no state before it is paid that others come into, but their ends', () => {
    const before = [...reachable(FIRST_OF_PRE_SALE)].filter((state) => !reachable('PAID').has(state))
    expect(before.filter((state) => !isPreSold(state)).sort()).toEqual(['CANCELLED', 'EXPIRED', 'FORFEITED'])
    expect([...reachable(FIRST_STATE)].filter(isPreSold)).toEqual([])
  })

  it.each([
    ['DEPOSIT_DUE', { pay: 'DEPOSIT_PAYING', payBalance: null, settle: null, forfeit: null, cancel: 'CANCELLED' }],
    ['DEPOSIT_PAYING', { pay: null, settleDeposit: 'DEPOSIT_PAID', settle: null, decline: 'DEPOSIT_DUE' }],
    ['DEPOSIT_PAID', { pay: null, payBalance: 'BALANCE_PAYING', settleDeposit: null, expire: null, cancel: null }],
    [
      'DEPOSIT_PAID',
      { settle: 'PAID', forfeit: 'FORFEITED', returnDeposit: 'CANCELLED', refund: null, undoPart: null },
    ],
    ['BALANCE_PAYING', { settle: 'PAID', decline: 'DEPOSIT_PAID', forfeit: 'FORFEITED', payBalance: null }],
    ['FORFEITED', { settle: null, returnDeposit: null, refund: null }],
  ] as const)('of a pre-sale that is %s may do what the table says', (state, deeds) => {
    for (const deed of DEEDS)
      if (deed in deeds)
        expect([deed, stateAfter(state, deed)]).toEqual([deed, new Map(Object.entries(deeds)).get(deed)])
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

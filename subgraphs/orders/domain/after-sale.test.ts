import { describe, expect, it } from 'vitest'
import { AFTER_SALE_STATES, type AfterSaleState } from '../../../schema/events/after-sales.js'
import { AFTER_SALE_DEEDS, AFTER_SALE_MOVES, inspected } from './after-sale.js'

const FINAL = ['EXCHANGED', 'REFUNDED', 'REFUSED', 'WITHDRAWN']
const reachable = (from: AfterSaleState): ReadonlySet<AfterSaleState> => {
  const seen = new Set<AfterSaleState>([from])
  for (const state of seen) for (const next of Object.values(AFTER_SALE_MOVES[state])) seen.add(next)
  return seen
}

describe('the way of a return', () => {
  it('reaches every state from the first one, and ends from everywhere', () => {
    expect([...reachable('REQUESTED')].sort()).toEqual([...AFTER_SALE_STATES].sort())
    for (const state of AFTER_SALE_STATES) {
      expect(Object.keys(AFTER_SALE_MOVES[state]).length === 0).toBe(FINAL.includes(state))
      expect([...reachable(state)].some((end) => FINAL.includes(end))).toBe(true)
    }
  })

  it('uses every deed, and gives money back for nothing that was not inspected', () => {
    const used = AFTER_SALE_STATES.flatMap((state) => Object.keys(AFTER_SALE_MOVES[state]))
    expect([...new Set(used)].sort()).toEqual([...AFTER_SALE_DEEDS].sort())
    const refundable = AFTER_SALE_STATES.filter((state) => AFTER_SALE_MOVES[state].refund !== undefined)
    expect(refundable).toEqual(['ACCEPTED', 'PARTLY_ACCEPTED'])
  })
})

describe('an inspection', () => {
  const sent = new Map([
    ['a', 2],
    ['b', 1],
  ])
  const found = (line: string, accepted: number, damaged = 0, reason: string | null = 'worn') => {
    return { line, accepted, damaged, reason }
  }

  it('accepts all, a part or nothing', () => {
    expect(inspected(sent, [found('a', 2, 0, null), found('b', 1, 0, null)])).toBe('accept')
    expect(inspected(sent, [found('a', 2, 2), found('b', 0)])).toBe('acceptPart')
    expect(inspected(sent, [found('a', 0), found('b', 0)])).toBe('refuse')
  })

  it('looks at each line that came back, at no more than came, and says why', () => {
    expect(() => inspected(sent, [found('a', 2)])).toThrow('each line')
    expect(() => inspected(sent, [found('a', 2), found('a', 2)])).toThrow('each line')
    expect(() => inspected(sent, [found('a', 3), found('b', 1)])).toThrow('2 came back')
    expect(() => inspected(sent, [found('a', 1, 2), found('b', 1)])).toThrow('2 came back')
    expect(() => inspected(sent, [found('a', 1, 0, null), found('b', 1)])).toThrow('has a reason')
  })
})

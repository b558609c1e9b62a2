import { describe, expect, it } from 'vitest'
import { DEAL_DEEDS, DEAL_MOVES, DEAL_STATES, dealState, type DealState } from './host-deal.js'

const next = (state: DealState): readonly DealState[] =>
  Object.values(DEAL_MOVES[state]).flatMap((deeds) => Object.values(deeds))

describe('the way of a deal', () => {
  it('reaches every state from the first one, and uses every deed', () => {
    const reached = new Set<DealState>(['PROPOSED'])
    for (const state of reached) for (const one of next(state)) reached.add(one)
    expect([...reached].sort()).toEqual([...DEAL_STATES].sort())
    const used = DEAL_STATES.flatMap((state) => Object.values(DEAL_MOVES[state]).flatMap((deeds) => Object.keys(deeds)))
    expect([...new Set(used)].sort()).toEqual([...DEAL_DEEDS].sort())
  })

  it('is agreed by the party that did not name the rate', () => {
    expect(dealState('PROPOSED', 'seller', 'agree')).toBe('AGREED')
    expect(() => dealState('PROPOSED', 'host', 'agree')).toThrow('by the host: agree')
    expect(dealState('COUNTERED', 'host', 'agree')).toBe('AGREED')
    expect(() => dealState('COUNTERED', 'seller', 'agree')).toThrow('by the seller: agree')
  })
})

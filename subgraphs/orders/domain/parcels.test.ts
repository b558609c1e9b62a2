import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PARCEL_DEEDS, PARCEL_MOVES, PARCEL_STATES, stepOfWhole, type ParcelState } from './parcels.js'

describe('the way of a parcel', () => {
  it('reaches every state from the first one, and uses every deed', () => {
    const reached = new Set<ParcelState>(['WAITING'])
    for (const state of reached) for (const next of Object.values(PARCEL_MOVES[state])) reached.add(next)
    expect([...reached].sort()).toEqual([...PARCEL_STATES].sort())
    const used = PARCEL_STATES.flatMap((state) => Object.keys(PARCEL_MOVES[state]))
    expect([...new Set(used)].sort()).toEqual([...PARCEL_DEEDS].sort())
  })
})

describe('a whole order', () => {
  it('is as far as its slowest part, and not held up by what was cancelled', () => {
    const parts = fc.array(fc.constantFrom(...PARCEL_STATES), { maxLength: 5 })
    fc.assert(
      fc.property(parts, (states) => {
        const open = states.filter((state) => state !== 'CANCELLED')
        const ships = open.length > 0 && open.every((state) => state !== 'WAITING')
        expect(stepOfWhole('PAID', states)).toBe(ships ? 'ship' : null)
        const arrives = ships && open.every((state) => state === 'RECEIVED')
        expect(stepOfWhole('SHIPPED', states)).toBe(arrives ? 'receive' : null)
      }),
    )
  })
})

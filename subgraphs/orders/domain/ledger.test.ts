import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { balanceChanges, lineMovement, plainMovement, saleChange, type Movement } from './ledger.js'
import { MAIN, type Balance } from './warehouses.js'

const line = (flashSale: string | null) => ({
  id: 'OrderLine:1',
  variant: 'v',
  warehouse: MAIN,
  quantity: 3,
  flashSale,
})
const inMain = (change: Balance) => [{ variant: 'v', ...change, places: new Map([[MAIN, change]]) }]
const effects = ['sell', 'release', 'takeBack'] as const

describe('the ledger', () => {
  it('brings a line that was given up, or sold and taken back, to where it began', () => {
    const free = (kinds: readonly ('hold' | (typeof effects)[number])[]) =>
      balanceChanges(kinds.map((kind) => lineMovement(kind, line(null), false)))
    expect(free(['hold', 'release'])).toEqual([])
    expect(free(['hold', 'sell', 'takeBack'])).toEqual([])
    expect(free(['hold', 'sell'])).toEqual(inMain({ onHand: 0, reserved: 0, sold: 3 }))
  })

  it('keeps the unsold quota of a sale reserved, and frees it once the sale is closed', () => {
    const allot = plainMovement('allot', { variant: 'v', onHand: 0, reserved: 3, sold: 0 }, { flashSale: 's' })
    const after = (kinds: readonly ('hold' | (typeof effects)[number])[], closed: boolean) =>
      balanceChanges([allot, ...kinds.map((kind, at) => lineMovement(kind, line('s'), closed && at > 0))])
    const reserved = inMain({ onHand: 0, reserved: 3, sold: 0 })
    expect(after(['hold', 'release'], false)).toEqual(reserved)
    expect(after(['hold', 'release'], true)).toEqual([])
    expect(after(['hold', 'sell'], false)).toEqual(inMain({ onHand: 0, reserved: 0, sold: 3 }))
  })

  it('moves as many pieces in a sale as in the stock', () => {
    for (const closed of [false, true])
      for (const kind of effects) {
        const { reserved, sold } = lineMovement(kind, line('s'), closed)
        const change = saleChange(kind, 3, closed)
        // What the sale's quota keeps reserved is its quota without what it sold and gave back.
        expect(reserved).toBe(0 - change.sold - change.returned)
        expect(sold).toBe(change.sold)
      }
  })

  it('says what moved between warehouses, though the whole is as it was', () => {
    const some = { variant: 'v', reserved: 0, sold: 0 }
    const moved = [
      plainMovement('count', { ...some, onHand: -2 }),
      plainMovement('count', { ...some, onHand: 2, warehouse: 'w' }),
    ]
    expect(balanceChanges(moved)).toMatchObject([{ variant: 'v', onHand: 0 }])
    expect([...(balanceChanges(moved)[0]?.places.keys() ?? [])]).toEqual([MAIN, 'w'])
  })

  it('adds up by variant, whatever the order', () => {
    const movement = fc.record({ variant: fc.constantFrom('a', 'b'), onHand: fc.integer({ min: -9, max: 9 }) })
    fc.assert(
      fc.property(fc.array(movement), (parts) => {
        const all: Movement[] = parts.map((part) => plainMovement('count', { ...part, reserved: 0, sold: 0 }))
        const sums = new Map(balanceChanges(all).map((change) => [change.variant, change.onHand]))
        for (const variant of ['a', 'b']) {
          const wanted = parts.filter((part) => part.variant === variant).reduce((sum, part) => sum + part.onHand, 0)
          expect(sums.get(variant) ?? 0).toBe(wanted)
        }
      }),
    )
  })
})

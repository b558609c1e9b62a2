import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allot, type Wish } from './allot.js'
import { chooseWarehouse, freeIn, MAIN, nearness, shelvesAfter, type Shelf } from './warehouses.js'

const shelf = (warehouse: string, onHand: number, serves: readonly string[] = []): Shelf => {
  return { warehouse, serves, onHand, reserved: 0, sold: 0 }
}
const wish = (region: string | null, ...quantities: readonly number[]): Wish => {
  const lines = quantities.map((quantity) => ({ variant: 'v', quantity, flashSale: null }))
  return { buyer: 'ann', lines, region }
}
const given = (shelves: readonly Shelf[], ...wishes: readonly Wish[]) => {
  const available = new Map([['v', shelves.reduce((sum, one) => sum + freeIn(one), 0)]])
  return allot(wishes, { available, shelves: new Map([['v', shelves]]), sales: new Map() }).map(
    ({ refusal, from }) => refusal?.code ?? from.join(' '),
  )
}

describe('a warehouse', () => {
  it('serves the regions that its list begins, everywhere when it is empty', () => {
    expect(nearness(['31', '3205'], '320507')).toBe(4)
    expect(nearness(['31'], '310101')).toBe(2)
    expect(nearness(['31'], '110101')).toBeNull()
    expect(nearness([], '110101')).toBe(0)
    expect(nearness(['31'], null)).toBe(0)
  })

  it('is chosen by nearness, then by what it has, and only when it has all', () => {
    const near = { warehouse: 'near', near: 4, free: 2 }
    const full = { warehouse: 'full', near: 2, free: 9 }
    expect(chooseWarehouse([full, near], 2)).toBe('near')
    expect(chooseWarehouse([full, near], 3)).toBe('full')
    expect(chooseWarehouse([full, near, { ...full, warehouse: 'fuller', free: 10 }], 3)).toBe('fuller')
    expect(chooseWarehouse([full, near], 10)).toBeNull()
  })
})

describe('a batch of wishes', () => {
  it('leaves the warehouse that serves its region, by arrival', () => {
    const shelves = [shelf('east', 2, ['31', '32']), shelf('north', 5, ['11'])]
    expect(given(shelves, wish('310101', 2), wish('310101', 1), wish('110105', 4), wish(null, 1))).toEqual([
      ...['east', 'NOT_DELIVERED', 'north', 'north'],
    ])
  })

  it('never splits a line, but takes two lines from two warehouses', () => {
    const shelves = [shelf('a', 3), shelf('b', 2)]
    expect(given(shelves, wish('310101', 5), wish('310101', 2, 3))).toEqual(['STOCK_SHORT', 'b a'])
  })

  it('refuses what nobody who has it serves', () => {
    expect(given([shelf('east', 2, ['31'])], wish('650102', 1))).toEqual(['NOT_DELIVERED'])
  })

  it('never takes more from a shelf than lies there', () => {
    const some = fc.record({ quantities: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), east: fc.boolean() }) // prettier-ignore
    fc.assert(
      fc.property(
        fc.array(some, { maxLength: 12 }),
        fc.array(fc.nat({ max: 9 }), { minLength: 2, maxLength: 4 }),
        (wishes, pieces) => {
          // prettier-ignore
          const shelves = pieces.map((count, at) => shelf(`w${at}`, count, at % 2 === 0 ? [] : ['31']))
          const asked = wishes.map(({ quantities, east }) => wish(east ? '310101' : '110101', ...quantities))
          const left = new Map(shelves.map((one) => [one.warehouse, one.onHand]))
          for (const [at, outcome] of given(shelves, ...asked).entries())
            for (const [place, warehouse] of outcome.split(' ').entries())
              if (left.has(warehouse))
                left.set(warehouse, (left.get(warehouse) ?? 0) - (asked[at]?.lines[place]?.quantity ?? 0))
          for (const count of left.values()) expect(count).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })
})

describe('shelves', () => {
  const before = { onHand: 5, reserved: 1, sold: 0 }

  it('are none as long as everything lies in the main warehouse', () => {
    expect(shelvesAfter(null, before, new Map([[MAIN, { onHand: 1, reserved: 0, sold: 0 }]]))).toBeNull()
  })

  it('begin with the first pieces elsewhere, and add up to the balance', () => {
    const after = shelvesAfter(null, before, new Map([['w', { onHand: 3, reserved: 0, sold: 0 }]]))
    expect(after).toEqual([
      { warehouse: MAIN, serves: [], ...before },
      { warehouse: 'w', serves: [], onHand: 3, reserved: 0, sold: 0 },
    ])
  })
})

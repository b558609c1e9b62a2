import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allot, type SaleSupply, type Wish } from './allot.js'

const wish = (buyer: string, quantity = 1, flashSale: string | null = null): Wish => ({
  buyer,
  lines: [{ variant: 'v', quantity, flashSale }],
})
const stock = (available: number) => ({ available: new Map([['v', available]]), sales: new Map<string, SaleSupply>() })
const sale = (some: Partial<SaleSupply> = {}) => ({
  available: new Map<string, number>(),
  sales: new Map([['s', { variant: 'v', state: 'OPEN', left: 10, perMember: 2, taken: new Map(), ...some } as const]]),
})
const codes = (wishes: readonly Wish[], supply: Parameters<typeof allot>[1]) =>
  allot(wishes, supply).map(({ refusal }) => refusal?.code ?? 'held')

describe('a batch of wishes', () => {
  it('is served by arrival', () => {
    expect(codes([wish('a', 2), wish('b', 2), wish('c', 1)], stock(3))).toEqual(['held', 'STOCK_SHORT', 'held'])
  })

  it('grants a wish wholly or not at all', () => {
    const both = { buyer: 'a', lines: [...wish('a', 2).lines, ...wish('a', 2).lines] }
    expect(codes([both, wish('b', 3)], stock(3))).toEqual(['STOCK_SHORT', 'held'])
  })

  it('holds the limit per member inside the batch', () => {
    const wishes = [wish('a', 1, 's'), wish('a', 1, 's'), wish('a', 1, 's'), wish('b', 2, 's')]
    expect(codes(wishes, sale())).toEqual(['held', 'held', 'LIMIT_PER_MEMBER', 'held'])
  })

  it('counts what a member had before the batch', () => {
    expect(codes([wish('a', 1, 's')], sale({ taken: new Map([['a', 2]]) }))).toEqual(['LIMIT_PER_MEMBER'])
  })

  it('never gives more of a sale than its quota has left', () => {
    const wishes = [wish('a', 2, 's'), wish('b', 2, 's'), wish('c', 1, 's'), wish('d', 1, 's')]
    expect(codes(wishes, sale({ left: 3 }))).toEqual(['held', 'STOCK_SHORT', 'held', 'OFFER_CLOSED'])
  })

  it('refuses a sale that is not open, and one of another variant', () => {
    expect(codes([wish('a', 1, 's')], sale({ state: 'SCHEDULED' }))).toEqual(['OFFER_CLOSED'])
    expect(codes([wish('a', 1, 's')], sale({ variant: 'w' }))).toEqual(['NOT_FOUND'])
  })

  it('never grants more than there is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 })), fc.nat({ max: 30 }), (quantities, available) => {
        const verdicts = allot(
          quantities.map((quantity, at) => wish(`m${at}`, quantity)),
          stock(available),
        )
        const given = quantities
          .filter((_, at) => verdicts[at]?.refusal === null)
          .reduce((sum, quantity) => sum + quantity, 0)
        expect(given).toBeLessThanOrEqual(available)
      }),
    )
  })
})

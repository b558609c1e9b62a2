import { describe, expect, it } from 'vitest'
import { allot, type Wish } from './allot.js'
import { checkTimes, depositOf, preSaleStateAt, type PreSaleFacts } from './pre-sale.js'
import { quotePrice } from './quote.js'
import { depositBonus } from './offers.js'

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 1, hour))
const sale = (some: Partial<PreSaleFacts> = {}): PreSaleFacts => ({
  ...{ deposit_from: at(1), deposit_until: at(2), balance_from: at(3), balance_until: at(4) },
  ...{ quota: 2, taken: 0, closed: false, called_off: false },
  ...some,
})
const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const wish = (buyer: string, quantity: number): Wish => ({
  buyer,
  lines: [{ variant: 'v', quantity, flashSale: null, preSale: 's' }],
})

describe('a pre-sale', () => {
  it.each([
    [0, {}, 'SCHEDULED'],
    [1, {}, 'OPEN'],
    [1, { taken: 2 }, 'SOLD_OUT'],
    [1, { closed: true }, 'DEPOSITS_CLOSED'],
    [2, {}, 'DEPOSITS_CLOSED'],
    [3, {}, 'BALANCE_OPEN'],
    [3, { closed: true, taken: 2 }, 'BALANCE_OPEN'],
    [3, { called_off: true }, 'ENDED'],
    [4, {}, 'ENDED'],
  ] as const)('at %i o’clock, %j, is %s', (hour, some, state) => {
    expect(preSaleStateAt(sale(some), at(hour))).toBe(state)
  })

  it('takes its deposits first, for a while to come, and its balances after', () => {
    const wrong = expect.objectContaining({ code: 'BAD_USER_INPUT' }) as unknown
    checkTimes(sale(), at(0))
    checkTimes(sale({ balance_from: at(2) }), at(1))
    expect(() => checkTimes(sale({ deposit_until: at(1) }), at(0))).toThrow(wrong)
    expect(() => checkTimes(sale({ balance_from: at(1) }), at(0))).toThrow(wrong)
    expect(() => checkTimes(sale({ balance_until: at(3) }), at(0))).toThrow(wrong)
    expect(() => checkTimes(sale(), at(2))).toThrow(wrong)
  })

  it('leaves what its deposit does not pay, and is not bought for less than its deposit', () => {
    const asked = { preSale: 's', quantity: 3, total: cny(2700) }
    const terms = { depositMinor: 100, countsMinor: 200 }
    expect(depositOf(asked, terms)).toMatchObject({ depositMinor: 300, countsMinor: 600, balanceMinor: 2400 })
    const short = { ...asked, total: cny(299) }
    expect(() => depositOf(short, terms)).toThrow(expect.objectContaining({ code: 'OFFER_CLOSED' }))
  })

  it('says in its price what is paid first, what it counts for beyond itself, and who bears that', () => {
    const shares = [
      { bearer: 'platform', shareBp: 2500 },
      { bearer: 'seller:shop', shareBp: 7500 },
    ]
    const bonus = depositBonus({ depositMinor: 100, countsMinor: 201, shares, currency: 'CNY' })
    const quote = quotePrice({
      list: cny(1000),
      compareAtMinor: null,
      floorMinor: null,
      offers: [bonus],
      depositMinor: 100,
    })
    expect(quote.currentMinor).toBe(899)
    expect(quote.steps.map(({ kind, changeMinor, bearer }) => [kind, changeMinor, bearer])).toEqual([
      ['LIST', 1000, null],
      ['PRE_SALE', -25, 'platform'],
      ['PRE_SALE', -76, 'seller:shop'],
      ['DEPOSIT', 0, null],
    ])
    const held = quotePrice({
      list: cny(1000),
      compareAtMinor: null,
      floorMinor: 950,
      offers: [bonus],
      depositMinor: 100,
    })
    expect(held.currentMinor).toBe(950)
  })

  it('gives by arrival what its quota, its limit and the stock allow, and what one is not given is left to the next', () => {
    const supply = (available: number) => ({
      ...{ available: new Map([['v', available]]), sales: new Map() },
      preSales: new Map([['s', { left: 4, perMember: 2, taken: new Map([['had', 2]]) }]]),
    })
    const codes = (wishes: readonly Wish[], available: number) =>
      allot(wishes, supply(available)).map(({ refusal }) => refusal?.code ?? 'held')
    const wishes = [wish('had', 1), wish('a', 2), wish('a', 1), wish('b', 1), wish('c', 2), wish('d', 1), wish('e', 1)]
    const byQuota = ['LIMIT_PER_MEMBER', 'held', 'LIMIT_PER_MEMBER', 'held', 'STOCK_SHORT', 'held', 'OFFER_CLOSED']
    expect(codes(wishes, 9)).toEqual(byQuota)
    expect(codes([wish('a', 2), wish('b', 1)], 1)).toEqual(['STOCK_SHORT', 'held'])
  })
})

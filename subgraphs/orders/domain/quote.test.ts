import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Failure } from '../../../platform/failure.js'
import { lineTotal, orderTotal, quotePrice, type PriceFacts } from './quote.js'

const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const facts = (some: Partial<PriceFacts> = {}): PriceFacts => ({
  seller: 'shop',
  list: cny(1000),
  compareAtMinor: null,
  room: null,
  flashSale: null,
  ...some,
})

describe('a quote', () => {
  it('is the list price when nothing else applies', () => {
    const quote = quotePrice(facts({ compareAtMinor: 1500 }))
    expect(quote.currentMinor).toBe(1000)
    expect(quote.steps.map((step) => [step.kind, step.changeMinor])).toEqual([
      ['COMPARE_AT', 0],
      ['LIST', 1000],
    ])
  })

  it('takes the lowest offer and names who bears it', () => {
    const quote = quotePrice(facts({ room: cny(900), flashSale: cny(700) }))
    expect(quote.currentMinor).toBe(700)
    expect(quote.steps.at(-1)).toMatchObject({ kind: 'FLASH_SALE', changeMinor: -300, bearer: 'seller:shop' })
    expect(quote.steps.at(-2)).toMatchObject({ kind: 'ROOM', offeredMinor: 900, changeMinor: 0, bearer: null })
  })

  it('never rises by an offer', () => {
    expect(quotePrice(facts({ room: cny(1200) })).currentMinor).toBe(1000)
  })

  it('leaves an offer in a foreign currency alone and says why', () => {
    const quote = quotePrice(facts({ room: { amountMinor: 1, currency: 'USD' } }))
    expect(quote.currentMinor).toBe(1000)
    expect(quote.steps.at(-1)?.label).toContain('USD')
  })

  it('has steps that add up to the price, whatever the offers', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000 })
    const offer = fc.option(amount.map(cny))
    fc.assert(
      fc.property(amount, offer, offer, (list, room, flashSale) => {
        const quote = quotePrice(facts({ list: cny(list), room, flashSale }))
        const sum = quote.steps.reduce((total, step) => total + step.changeMinor, 0)
        expect(sum).toBe(quote.currentMinor)
        expect(quote.currentMinor).toBe(Math.min(list, room?.amountMinor ?? list, flashSale?.amountMinor ?? list))
      }),
    )
  })

  it('never mixes currencies in one order', () => {
    expect(codeOf(() => orderTotal([cny(1), { amountMinor: 1, currency: 'USD' }]))).toBe('CURRENCY_MIXED')
  })

  it('refuses a line that could not be counted exactly', () => {
    const quote = quotePrice(facts({ list: cny(Number.MAX_SAFE_INTEGER) }))
    expect(codeOf(() => lineTotal(quote, 2))).toBe('BAD_USER_INPUT')
  })
})

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (refusal) {
    return (refusal as Failure).code // whatever else it is has no code, and the test fails
  }
  return 'nothing was refused'
}

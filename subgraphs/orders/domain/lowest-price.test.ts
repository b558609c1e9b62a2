import { describe, expect, it } from 'vitest'
import { lowestPrice, type PastPrices } from './lowest-price.js'

const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const day = (count: number) => new Date(Date.UTC(2026, 9, count))
const span = (since: number, until: number | null) => ({ since: day(since), until: until === null ? null : day(until) })
const month = { from: day(1), to: day(31) }
const past = (some: Partial<PastPrices> = {}): PastPrices => ({
  seller: 'shop',
  floorMinor: null,
  lists: [{ ...span(-60, null), price: cny(1000) }],
  sales: [],
  offers: [],
  ...some,
})
const subsidy = {
  ...{ id: '1', kind: 'PLATFORM_SUBSIDY' as const, label: 'subsidy', currency: 'CNY', barred: null },
  reduction: { form: 'BY' as const, minor: 100 },
  shares: [{ bearer: 'platform', shareBp: 10_000 }],
}

describe('the lowest price of a period', () => {
  it('is the list price when nothing else was', () => {
    expect(lowestPrice(past(), month)).toEqual(cny(1000))
  })

  it('is of a sale inside of it, and not of one before it or to come', () => {
    const sales = [
      { ...span(-20, 0), price: cny(100) },
      { ...span(10, 11), price: cny(700) },
      { ...span(40, null), price: cny(200) },
    ]
    expect(lowestPrice(past({ sales }), month)).toEqual(cny(700))
  })

  it('is of a sale that was open when it began', () => {
    expect(lowestPrice(past({ sales: [{ ...span(-5, 2), price: cny(600) }] }), month)).toEqual(cny(600))
  })

  it('is made of what held together, and of no two things that did not', () => {
    const lists = [
      { ...span(-60, 5), price: cny(800) },
      { ...span(5, null), price: cny(1000) },
    ]
    expect(lowestPrice(past({ lists, offers: [{ ...span(10, 20), offer: subsidy }] }), month)).toEqual(cny(800))
    expect(lowestPrice(past({ lists, offers: [{ ...span(4, 20), offer: subsidy }] }), month)).toEqual(cny(700))
  })

  it('is unknown of what was not sold', () => {
    expect(lowestPrice(past({ lists: [] }), month)).toBeNull()
  })
})

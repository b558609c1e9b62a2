import { describe, expect, it } from 'vitest'
import type { Failure } from '../../../platform/failure.js'
import { roomOffer, saleOffer, type Offer } from './offers.js'
import { lineTotal, orderTotal, quotePrice, type PriceFacts } from './quote.js'

const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const facts = (some: Partial<PriceFacts> = {}): PriceFacts => ({
  list: cny(1000),
  compareAtMinor: null,
  floorMinor: null,
  offers: [],
  ...some,
})
const offer = (some: Partial<Offer>): Offer => ({
  id: 'PriceOffer:1',
  kind: 'PLATFORM_SUBSIDY',
  label: 'subsidy',
  currency: 'CNY',
  reduction: { form: 'BY', minor: 100 },
  shares: [{ bearer: 'platform', shareBp: 10_000 }],
  barred: null,
  ...some,
})
const plus = offer({ id: 'PriceOffer:p', kind: 'PLUS', label: 'PLUS price', reduction: { form: 'TO', minor: 950 } })
const priceWith = (offers: readonly Offer[], floorMinor: number | null = null) =>
  quotePrice(facts({ offers, floorMinor })).currentMinor

describe('a quote', () => {
  it('is the list price when nothing else applies', () => {
    const quote = quotePrice(facts({ compareAtMinor: 1500 }))
    expect(quote.currentMinor).toBe(1000)
    expect(quote.steps.map((step) => [step.kind, step.changeMinor])).toEqual([
      ['COMPARE_AT', 0],
      ['LIST', 1000],
    ])
  })

  it('takes the lowest of the named prices and names who bears it', () => {
    const quote = quotePrice(facts({ offers: [roomOffer('shop', cny(900)), saleOffer('shop', cny(700))] }))
    expect(quote.currentMinor).toBe(700)
    expect(quote.steps.at(-1)).toMatchObject({ kind: 'FLASH_SALE', changeMinor: -300, bearer: 'seller:shop' })
    expect(quote.steps.at(-2)).toMatchObject({ kind: 'ROOM', offeredMinor: 900, changeMinor: 0, bearer: null })
  })

  it('never rises by an offer', () => {
    expect(priceWith([roomOffer('shop', cny(1200))])).toBe(1000)
  })

  it('leaves an offer in a foreign currency alone and says why', () => {
    const quote = quotePrice(facts({ offers: [roomOffer('shop', { amountMinor: 1, currency: 'USD' })] }))
    expect(quote.currentMinor).toBe(1000)
    expect(quote.steps.at(-1)?.label).toContain('USD')
  })

  it('lets one subsidy of each kind stand on a room price, in the order of the table', () => {
    const rate = offer({ id: 'PriceOffer:2', kind: 'PARTNER_SUBSIDY', reduction: { form: 'RATE', bp: 1000 } })
    expect(priceWith([roomOffer('shop', cny(900)), rate, offer({})])).toBe(720)
    expect(priceWith([offer({}), offer({ id: 'PriceOffer:3', reduction: { form: 'BY', minor: 150 } })])).toBe(850)
  })

  it('lets nothing stand on a flash sale, and says so', () => {
    const quote = quotePrice(facts({ offers: [saleOffer('shop', cny(700)), offer({})] }))
    expect(quote.currentMinor).toBe(700)
    expect(quote.steps.at(-1)?.label).toBe('subsidy: does not go with FLASH_SALE')
  })

  it('shows a PLUS price to everybody and gives it to members', () => {
    const visitor = quotePrice(facts({ offers: [{ ...plus, barred: 'for PLUS members' }] }))
    expect(visitor.currentMinor).toBe(1000)
    expect(visitor.steps.at(-1)).toMatchObject({ label: 'PLUS price: for PLUS members', offeredMinor: 950 })
    expect(priceWith([plus])).toBe(950)
  })

  it('stays at the floor and says so; a list price below the floor stays as it is', () => {
    const quote = quotePrice(facts({ offers: [roomOffer('shop', cny(900)), offer({})], floorMinor: 850 }))
    expect(quote.currentMinor).toBe(850)
    expect(quote.steps.at(-1)).toMatchObject({ label: 'subsidy, held at the floor price', changeMinor: -50 })
    expect(priceWith([offer({})], 2000)).toBe(1000)
  })

  it('splits a subsidy between its bearers to the fen', () => {
    const shares = ['platform', 'partner:kuaishou', 'seller:shop'].map((bearer, at) => ({
      bearer,
      shareBp: [3334, 3333, 3333][at] ?? 0,
    }))
    const quote = quotePrice(facts({ offers: [offer({ shares })] }))
    const parts = quote.steps.slice(1).map((step) => [step.bearer, step.changeMinor])
    expect(parts).toEqual([
      ['partner:kuaishou', -33],
      ['platform', -34],
      ['seller:shop', -33],
    ])
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

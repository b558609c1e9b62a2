import { describe, expect, it } from 'vitest'
import { ANYBODY, checkTotal, draftOrder, type AskedLine, type ShopFacts } from './draft.js'

const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const goods = { product: 'Product:p', seller: 'shop', list: cny(1000), compareAtMinor: null, floorMinor: null }
const facts: ShopFacts = {
  goods: new Map([
    ['Variant:a', goods],
    ['Variant:usd', { ...goods, list: { amountMinor: 5, currency: 'USD' } }],
  ]),
  rooms: new Map([['Room:r', { host: 'Member:host' }]]),
  roomPrice: (room, variant) => (room === 'Room:r' && variant === 'Variant:a' ? cny(800) : null),
  offers: () => [],
  budgets: new Map(),
  coupon: () => undefined,
  sales: new Map([
    ['FlashSale:open', { variant: 'Variant:a', room: null, price: cny(500), state: 'OPEN' }],
    ['FlashSale:room', { variant: 'Variant:a', room: 'Room:r', price: cny(500), state: 'OPEN' }],
    ['FlashSale:over', { variant: 'Variant:a', room: null, price: cny(500), state: 'CLOSED' }],
  ]),
}
const line = (some: Partial<AskedLine> = {}): AskedLine => ({
  variant: 'Variant:a',
  quantity: 2,
  ...{ room: null, outlet: null, flashSale: null, click: null, expectedUnitMinor: null },
  ...some,
})

describe('a draft', () => {
  it('prices each line where its buyer is, and names the host', () => {
    const draft = draftOrder([line(), line({ room: 'Room:r' }), line({ flashSale: 'FlashSale:open' })], facts, ANYBODY)
    expect(draft.lines.map(({ total, host }) => [total.amountMinor, host])).toEqual([
      [2000, null],
      [1600, 'Member:host'],
      [1000, null],
    ])
    expect(draft.total).toEqual(cny(4600))
  })

  it.each([
    ['an unknown variant', line({ variant: 'Variant:none' }), 'NOT_FOUND', 'lines[0].variantId'],
    ['an unknown room', line({ room: 'Room:none' }), 'NOT_FOUND', 'lines[0].roomId'],
    ['an unknown sale', line({ flashSale: 'FlashSale:none' }), 'NOT_FOUND', 'lines[0].flashSaleId'],
    ['a sale of another room', line({ flashSale: 'FlashSale:room' }), 'NOT_FOUND', 'lines[0].flashSaleId'],
    ['a sale that is over', line({ flashSale: 'FlashSale:over' }), 'OFFER_CLOSED', 'lines[0].flashSaleId'],
    ['another price than expected', line({ expectedUnitMinor: 999 }), 'PRICE_CHANGED', 'lines[0].unitPriceMinor'],
  ])('refuses %s, and says where', (_, asked, code, place) => {
    expect(() => draftOrder([asked], facts, ANYBODY)).toThrow(expect.objectContaining({ code }))
    expect(() => draftOrder([asked], facts, ANYBODY)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ place }) as unknown }),
    )
  })

  it('is in one currency, and not empty', () => {
    expect(() => draftOrder([line(), line({ variant: 'Variant:usd' })], facts, ANYBODY)).toThrow(
      expect.objectContaining({ code: 'CURRENCY_MIXED' }),
    )
    expect(() => draftOrder([], facts, ANYBODY)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })

  it('is refused when the buyer expects another total', () => {
    const draft = draftOrder([line()], facts, ANYBODY)
    expect(() => checkTotal(draft, 1999)).toThrow(expect.objectContaining({ code: 'PRICE_CHANGED' }))
    checkTotal(draft, 2000)
    checkTotal(draft, null)
  })
})

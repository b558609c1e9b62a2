import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawnBy, lessDrawn, type Budgets } from './budgets.js'
import { ANYBODY, draftOrder, type ShopFacts } from './draft.js'
import type { Offer } from './offers.js'

const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const goods = { product: 'Product:p', seller: 's', list: cny(1000), compareAtMinor: null, floorMinor: 200 }
const offer: fc.Arbitrary<Offer> = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom('PLATFORM_SUBSIDY', 'PARTNER_SUBSIDY'),
  label: fc.constant('an offer'),
  currency: fc.constant('CNY'),
  reduction: fc.nat(500).map((minor) => ({ form: 'BY' as const, minor })),
  shares: fc.constant([{ bearer: 'platform', shareBp: 10_000 }]),
  session: fc.constantFrom('S1', 'S2', null),
  barred: fc.constant(null),
})
const cart = fc.array(
  fc.record({ quantity: fc.integer({ min: 1, max: 5 }), offers: fc.array(offer, { maxLength: 3 }) }),
  {
    minLength: 1,
    maxLength: 3,
  },
)
const budget = fc.nat(3000)

function drafted(lines: readonly { quantity: number; offers: readonly Offer[] }[], budgets: Budgets) {
  const variants = lines.map((_, at) => `Variant:${at}`)
  const facts: ShopFacts = {
    ...{ rooms: new Map(), sales: new Map(), roomPrice: () => null, coupon: () => undefined, budgets },
    goods: new Map(variants.map((variant) => [variant, goods])),
    offers: (variant) => lines[variants.indexOf(variant)]?.offers ?? [],
  }
  const nothing = { room: null, outlet: null, flashSale: null, click: null, expectedUnitMinor: null }
  const asked = lines.map(({ quantity }, at) => ({ ...nothing, variant: `Variant:${at}`, quantity }))
  return draftOrder(asked, facts, ANYBODY)
}

describe('the budgets of subsidies', () => {
  it('are never passed by a fen, whatever is ordered one after another', () => {
    fc.assert(
      fc.property(fc.array(cart, { maxLength: 4 }), budget, budget, (orders, one, two) => {
        let left: Budgets = new Map([
          ['S1', one],
          ['S2', two],
        ])
        for (const lines of orders) {
          const draft = drafted(lines, left)
          left = lessDrawn(left, drawnBy(draft))
          for (const rest of left.values()) expect(rest).toBeGreaterThanOrEqual(0)
          const off = lines.reduce((sum, { quantity }) => sum + 1000 * quantity, 0) - draft.total.amountMinor
          expect([...drawnBy(draft).values()].reduce((sum, minor) => sum + minor, 0)).toBeLessThanOrEqual(off)
        }
      }),
    )
  })

  it('change nothing as long as they last', () => {
    fc.assert(
      fc.property(cart, (lines) => {
        const free = drafted(lines, new Map())
        const lasting = new Map(['S1', 'S2'].map((session) => [session, 1_000_000]))
        expect(drafted(lines, lasting)).toEqual(free)
      }),
    )
  })
})

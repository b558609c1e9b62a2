import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CouponFacts } from './coupons.js'
import { ANYBODY, draftOrder, type AskedLine, type Draft, type ShopFacts } from './draft.js'
import { MAY_STACK, OFFER_KINDS, type Offer, type Reduction, type Share } from './offers.js'
import { quotePrice, type PriceFacts } from './quote.js'
import { perPiece, splitByWeight, splitWithin } from './split.js'

const minor = fc.integer({ min: 0, max: 1_000_000 })
const reduction: fc.Arbitrary<Reduction> = fc.oneof(
  fc.record({ form: fc.constant('TO' as const), minor }),
  fc.record({ form: fc.constant('BY' as const), minor }),
  fc.record({ form: fc.constant('RATE' as const), bp: fc.integer({ min: 1, max: 9999 }) }),
)
const shares: fc.Arbitrary<readonly Share[]> = fc
  .tuple(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 10_000 }))
  .map(([one, other]) => {
    const [low, high] = [Math.min(one, other), Math.max(one, other)]
    const parts: readonly (readonly [string, number])[] = [
      ['platform', low],
      ['partner:kuaishou', high - low],
      ['seller:shop', 10_000 - high],
    ]
    return parts.map(([bearer, shareBp]) => ({ bearer, shareBp }))
  })
const named = { label: fc.constant('x'), currency: fc.constant('CNY'), reduction, shares }
const offers = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 0, max: 99 }).map(String),
    kind: fc.constantFrom(...OFFER_KINDS.slice(0, 6)),
    barred: fc.option(fc.constant('not for you'), { freq: 4 }),
    ...named,
  }),
  { selector: (offer) => offer.id, maxLength: 8 },
)
const coupons: fc.Arbitrary<readonly CouponFacts[]> = fc.uniqueArray(
  fc
    .record({
      id: fc.integer({ min: 0, max: 99 }).map((at) => `Coupon:${at}`),
      seller: fc.option(fc.constantFrom('a', 'b')),
      fromMinor: fc.integer({ min: 0, max: 2_000_000 }),
      mostMinor: fc.option(fc.integer({ min: 1, max: 500_000 })),
      barred: fc.constant(null),
      ...named,
    })
    .map((one) => ({ ...one, kind: one.seller === null ? ('PLATFORM_COUPON' as const) : ('SELLER_COUPON' as const) })),
  { selector: (coupon) => coupon.id, maxLength: 5 },
)
const goods = fc.record({ list: minor, floor: fc.option(minor), seller: fc.constantFrom('a', 'b'), offers })
const cart = fc.array(fc.record({ goods, quantity: fc.integer({ min: 1, max: 30 }) }), { minLength: 1, maxLength: 6 })

type Cart = readonly {
  readonly goods: {
    readonly list: number
    readonly floor: number | null
    readonly seller: string
    readonly offers: readonly Offer[]
  }
  readonly quantity: number
}[]

const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const priced = (it: { list: number; floor: number | null; offers: readonly Offer[] }): PriceFacts => {
  return { list: cny(it.list), compareAtMinor: null, floorMinor: it.floor, offers: it.offers }
}

function drafted(cart: Cart, laid: readonly CouponFacts[], asker = ANYBODY): Draft {
  const facts: ShopFacts = {
    goods: new Map(
      cart.map(({ goods: { list, floor, seller } }, at) => [
        `Variant:${at}`,
        { product: 'Product:p', seller, list: cny(list), compareAtMinor: null, floorMinor: floor },
      ]),
    ),
    rooms: new Map([['Room:r', { host: 'Member:h' }]]),
    roomPrice: () => null,
    sales: new Map(),
    offers: (variant) => cart[Number(variant.slice('Variant:'.length))]?.goods.offers ?? [],
    budgets: new Map(),
    coupon: (id) => laid.find((coupon) => coupon.id === id),
  }
  const nothing = { outlet: null, flashSale: null, click: null, expectedUnitMinor: null }
  const lines = cart.map(({ quantity }, at): AskedLine => {
    return {
      variant: `Variant:${at}`,
      quantity,
      room: asker.member === 'Member:in-a-room' ? 'Room:r' : null,
      ...nothing,
    }
  })
  return draftOrder(lines, facts, { ...asker, coupons: laid.map((coupon) => coupon.id) })
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
/** What a draft comes to, without where it was asked. */
const figures = ({ lines, total, coupons: laid }: Draft) => ({
  total,
  lines: lines.map(({ price, coupons: parts, total: ofLine }) => ({ price, parts, ofLine })),
  laid: laid.map(({ coupon, reducedMinor, why }) => [coupon.id, reducedMinor, why]),
})

describe('any price', () => {
  it('is never below the floor, nor above the list price', () => {
    fc.assert(
      fc.property(goods, (it) => {
        const { currentMinor } = quotePrice(priced(it))
        expect(currentMinor).toBeGreaterThanOrEqual(Math.min(it.floor ?? 0, it.list))
        expect(currentMinor).toBeLessThanOrEqual(it.list)
      }),
    )
  })

  it('does not depend on the order of the offers', () => {
    const shuffled = goods.chain((it) =>
      fc.shuffledSubarray([...it.offers], { minLength: it.offers.length }).map((other) => [it, other] as const),
    )
    fc.assert(
      fc.property(shuffled, ([it, other]) => {
        expect(quotePrice(priced({ ...it, offers: other }))).toEqual(quotePrice(priced(it)))
      }),
    )
  })

  it('has steps that add up to it, each reduction with its bearer', () => {
    fc.assert(
      fc.property(goods, (it) => {
        const { steps, currentMinor } = quotePrice(priced(it))
        expect(sum(steps.map((step) => step.changeMinor))).toBe(currentMinor)
        expect(steps.every((step) => step.changeMinor >= 0 || step.bearer !== null)).toBe(true)
      }),
    )
  })

  it('holds no two offers that may not stack, and no lower price can be had by fewer of them', () => {
    fc.assert(
      fc.property(goods, (it) => {
        const { applied, currentMinor } = quotePrice(priced(it))
        for (const [at, kind] of applied.entries())
          for (const other of applied.slice(at + 1)) expect(MAY_STACK[kind]).toContain(other)
        for (const offer of it.offers)
          expect(quotePrice(priced({ ...it, offers: [offer] })).currentMinor).toBeGreaterThanOrEqual(currentMinor)
      }),
    )
  })
})

describe('any order', () => {
  it('adds up: pieces to lines, lines to the total, coupons to what they take off, bearers to coupons', () => {
    fc.assert(
      fc.property(cart, coupons, (it, laid) => {
        const { lines, total, coupons: outcomes } = drafted(it, laid)
        expect(sum(lines.map((line) => line.total.amountMinor))).toBe(total.amountMinor)
        for (const line of lines) {
          const off = sum(line.coupons.map((part) => part.amountMinor))
          expect(line.total.amountMinor).toBe(line.price.currentMinor * line.quantity - off)
          const pieces = perPiece(line.total.amountMinor, line.quantity)
          expect(sum(pieces.map((run) => run.quantity * run.eachMinor))).toBe(line.total.amountMinor)
          expect(sum(pieces.map((run) => run.quantity))).toBe(line.quantity)
        }
        for (const { coupon, reducedMinor } of outcomes) {
          const parts = lines.flatMap((line) => line.coupons.filter((part) => part.coupon === coupon.id))
          expect(sum(parts.map((part) => part.amountMinor))).toBe(reducedMinor)
        }
      }),
    )
  })

  it('has no line below its floor, whatever coupons are laid', () => {
    fc.assert(
      fc.property(cart, coupons, (it, laid) => {
        for (const { price, quantity, total } of drafted(it, laid).lines)
          expect(total.amountMinor).toBeGreaterThanOrEqual(price.floorMinor * quantity)
      }),
    )
  })

  it('does not depend on the order of its coupons', () => {
    const laid = coupons.chain((all) =>
      fc.shuffledSubarray([...all], { minLength: all.length }).map((other) => [all, other] as const),
    )
    fc.assert(
      fc.property(cart, laid, (it, [one, other]) => {
        expect(figures(drafted(it, other))).toEqual(figures(drafted(it, one)))
      }),
    )
  })

  it('comes to the same from the app, from a room and from a partner', () => {
    fc.assert(
      fc.property(cart, coupons, (it, laid) => {
        const app = figures(drafted(it, laid))
        expect(figures(drafted(it, laid, { ...ANYBODY, partner: 'kuaishou' }))).toEqual(app)
        expect(figures(drafted(it, laid, { ...ANYBODY, member: 'Member:in-a-room' }))).toEqual(app)
      }),
    )
  })
})

describe('the table of what may stack', () => {
  it('says the same both ways, and never lets two of a kind stack', () => {
    for (const kind of OFFER_KINDS) {
      expect(MAY_STACK[kind]).not.toContain(kind)
      for (const other of MAY_STACK[kind]) expect(MAY_STACK[other]).toContain(kind)
    }
  })
})

describe('a split', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1_000_000_000_000 }), { minLength: 1, maxLength: 20 })
  const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

  it('adds up exactly, and no part is a fen from its true share', () => {
    fc.assert(
      fc.property(amount, weights, (whole, by) => {
        const parts = splitByWeight(whole, by)
        expect(parts.reduce((all, part) => all + BigInt(part), 0n)).toBe(BigInt(whole))
        const all = by.reduce((so, weight) => so + BigInt(weight), 0n)
        for (const [at, part] of parts.entries()) {
          const apart = BigInt(part) * all - BigInt(whole) * BigInt(by[at] ?? 0)
          if (all > 0n) expect(apart < all && apart > -all).toBe(true)
        }
      }),
    )
  })

  it('gives nobody more than it can bear, and gives out all that can be borne', () => {
    const bounded = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(fc.nat(8000), bounded, (whole, pairs) => {
        const most = pairs.map(([, bound]) => bound)
        const parts = splitWithin(
          whole,
          pairs.map(([weight]) => weight),
          most,
        )
        expect(parts.every((part, at) => part >= 0 && part <= (most[at] ?? 0))).toBe(true)
        expect(sum(parts)).toBe(Math.min(whole, sum(most)))
      }),
    )
  })
})

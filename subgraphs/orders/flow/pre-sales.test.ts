import { describe, expect, it } from 'vitest'
import {
  aLine,
  aRequest,
  aShop,
  bind,
  grant,
  refusalOf,
  someone,
  toldBy,
  VARIANT,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import type { Identity } from '../../../schema/identity.js'
import { moneyDifferences, stockDifferences } from '../store/audits.js'
import { findCoupons } from '../store/coupons.js'
import { linesOf } from '../store/lines.js'
import { findPreSales, preSalesOf } from '../store/pre-sales.js'
import { findPurchases } from '../store/purchases.js'
import { findStock } from '../store/stock.js'
import { openCounter } from './counter.js'
import { claimCoupon, issueCoupons } from './coupons.js'
import { cancelOrder } from './move-order.js'
import { payBalance, payOrder } from './pay-order.js'
import { endPreSale, openPreSale, type PreSaleRequest } from './pre-sales.js'
import { cancelLines, refundOrder } from './refund-order.js'
import { askAboutPayments, sendRefunds } from './rounds.js'
import { settlePayment } from './settle-payment.js'
import { turnPreSales } from './turn-pre-sales.js'

const operator = someone('op', 'operator')
const ann = someone('ann', 'member')
const cny = (amountMinor: number) => ({ amountMinor, currency: 'CNY' })
const orderOf = async (shop: TestShop, id: string) => (await findPurchases(shop.db, [id])).get(id)
const stockOf = async (shop: TestShop) => (await findStock(shop.db, [VARIANT])).get(VARIANT)
const stateOf = async (shop: TestShop, id: string) => (await orderOf(shop, id))?.state
const hour = (count: number): Date => new Date(Date.UTC(2026, 10, 11, 12 + count))
const due = async (shop: TestShop, at: Date) => {
  shop.at = at
  await turnPreSales(shop)
}

/** A deposit of 100 that counts as 200 of 1000, half of the difference borne by the platform: deposits until 1, balances from 2 to 3. */
function opened(shop: TestShop, some: Partial<PreSaleRequest> = {}, who: Identity = operator): Promise<string> {
  const shares = ['platform', 'seller:shop'].map((bearer) => ({ bearer, shareBp: 5000 }))
  return openPreSale(shop, who, {
    ...{ idempotencyKey: 'k', variant: VARIANT, deposit: cny(100), countsForMinor: 200, shares },
    ...{ depositFrom: null, depositUntil: hour(1), balanceFrom: hour(2), balanceUntil: hour(3) },
    ...{ quota: 10, perMember: 5, missed: 'FORFEIT', givenUp: 'FORFEIT' },
    ...some,
  })
}

let keys = 0
const key = () => `k${++keys}`
function placing(shop: TestShop, preSale: string) {
  const counter = openCounter(shop, { most: 10, waitMs: 1, limit: 10 })
  return ({ quantity = 1, coupons = [] as string[], member = 'ann' } = {}) =>
    counter.place(aRequest(member, key(), { lines: [aLine({ quantity, preSale })], coupons }))
}
const placed = (shop: TestShop, preSale: string, some: Parameters<ReturnType<typeof placing>>[0] = {}) =>
  placing(shop, preSale)(some)
const pay = (shop: TestShop, order: string, eCardMinor = 0) =>
  payOrder(shop, ann, { idempotencyKey: key(), order, method: 'card', eCardMinor })
const payRest = (shop: TestShop, order: string, eCardMinor = 0) =>
  payBalance(shop, ann, { idempotencyKey: key(), order, method: 'card', eCardMinor })

async function deposited(shop: TestShop, preSale: string, some: Parameters<typeof placed>[2] = {}): Promise<string> {
  const order = await placed(shop, preSale, some)
  await pay(shop, order)
  return order
}

/** What accounts hold, all of them zero left out. */
async function accounts(shop: TestShop): Promise<Readonly<Record<string, number>>> {
  const { rows } = await shop.db.query<{ name: string; sum: number }>(
    `select split_part(name, ':', 1) as name, sum(amount)::bigint as sum from (
       select credit as name, amount_minor as amount from orders.entry union all select debit, -amount_minor from orders.entry) e
     group by 1 having sum(amount) <> 0`,
  )
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]))
}

/** What the provider gave back, by the charge that it was asked of. */
async function gaveBack(shop: TestShop): Promise<readonly (readonly [string, number])[]> {
  await sendRefunds(shop)
  const { rows } = await shop.db.query<{ id: string; part: string }>(
    'select r.id, p.part from orders.refund r join orders.payment p on p.id = r.payment order by r.begun_at, r.id',
  )
  return rows.flatMap(({ id, part }) => {
    const minor = shop.provider.refunds.get(id)
    return minor === undefined ? [] : [[part, minor] as const]
  })
}

/** A change of provider for the charges to come. */
const next = (shop: TestShop, state: TestShop['provider']['next']) => (shop.provider.next = state)
const lastCharge = (shop: TestShop) => [...shop.provider.charges.keys()].at(-1) ?? ''

describe('a pre-sale', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    /** Runs with a shop, and looks at its books afterwards. */
    async function inShop(work: (shop: TestShop) => Promise<void>): Promise<void> {
      const shop = await aShop(await openDatabase())
      await work(shop)
      expect([await moneyDifferences(shop.db), await stockDifferences(shop.db)]).toEqual([[], []])
      await shop.db.close()
    }

    it('is paid in two steps, each in its time, and gives money back by both charges', () =>
      inShop(async (shop) => {
        const preSale = await opened(shop)
        const order = await placed(shop, preSale, { quantity: 3 })
        expect(await orderOf(shop, order)).toMatchObject({ state: 'DEPOSIT_DUE', total_minor: 2700 })
        expect(await refusalOf(payRest(shop, order))).toBe('STATE_FORBIDS')
        await pay(shop, order)
        expect(await orderOf(shop, order)).toMatchObject({ state: 'DEPOSIT_PAID', paid_minor: 300, paid_at: null })
        expect(await accounts(shop)).toEqual({ provider: -300, deposit: 300 })
        expect(await stockOf(shop)).toMatchObject({ reserved: 3, sold: 0 })
        expect(await refusalOf(payRest(shop, order))).toBe('STATE_FORBIDS')
        expect(await refusalOf(pay(shop, order))).toBe('STATE_FORBIDS')
        for (const at of [hour(1), hour(2), hour(2)]) await due(shop, at)
        const reminders = (await toldBy(shop.db)).filter(({ kind }) => kind === 'orders.balanceDue')
        expect(reminders).toMatchObject([
          { order, member: 'Member:ann', balanceMinor: 2400, until: hour(3).toISOString() },
        ])
        await payRest(shop, order)
        expect(await orderOf(shop, order)).toMatchObject({ state: 'PAID', paid_minor: 2700 })
        expect(await accounts(shop)).toEqual({ provider: -2700, subsidy: -150, seller: 2850 })
        expect(await stockOf(shop)).toMatchObject({ reserved: 0, sold: 3 })
        await refundOrder(shop, ann, { idempotencyKey: key(), order, reason: 'no' })
        expect(await gaveBack(shop)).toEqual([
          ['BALANCE', 2400],
          ['DEPOSIT', 300],
        ])
        expect([await stateOf(shop, order), await accounts(shop)]).toEqual(['REFUNDED', {}])
      }))

    it('forfeits the deposit of who misses the balance; pieces, quota and coupon are free again, late money goes back', () =>
      inShop(async (shop) => {
        const issue = { kind: 'PLATFORM_COUPON', seller: null, label: '50 off', currency: 'CNY', fromMinor: 0 } as const
        const more = { mostMinor: null, shares: null, quota: 9, perMember: 9, startsAt: null, endsAt: null }
        const issued = await issueCoupons(shop, operator, { ...issue, ...more, reduction: { form: 'BY', minor: 50 } })
        const coupon = await claimCoupon(shop, ann, { issue: issued, idempotencyKey: 'c' })
        const preSale = await opened(shop)
        const order = await deposited(shop, preSale, { coupons: [coupon] })
        await due(shop, hour(2))
        next(shop, 'PENDING')
        await payRest(shop, order)
        await due(shop, hour(3))
        expect(await stateOf(shop, order)).toBe('BALANCE_PAYING')
        await due(shop, new Date(hour(3).getTime() + shop.terms.payingGraceMs))
        expect(await orderOf(shop, order)).toMatchObject({ state: 'FORFEITED', paid_minor: 100, refunded_minor: 0 })
        expect(await accounts(shop)).toEqual({ provider: -100, seller: 100 })
        expect(await stockOf(shop)).toMatchObject({ reserved: 0, available: 50 })
        expect((await findPreSales(shop.db, [preSale])).get(preSale)?.taken).toBe(0)
        expect((await findCoupons(shop.db, [coupon])).get(coupon)?.purchase).toBeNull()
        shop.provider.decide(lastCharge(shop), 'SUCCEEDED')
        await askAboutPayments(shop)
        await settlePayment(shop, lastCharge(shop), 'SUCCEEDED') // told again
        expect(await gaveBack(shop)).toEqual([['BALANCE', 750]])
        expect(await accounts(shop)).toEqual({ provider: -100, seller: 100 })
        expect(await refusalOf(refundOrder(shop, ann, { idempotencyKey: key(), order, reason: 'no' }))).toBe(
          'STATE_FORBIDS',
        )
      }))

    it('takes a deposit whose result came too late for nothing: it goes back', () =>
      inShop(async (shop) => {
        const order = await placed(shop, await opened(shop))
        next(shop, 'PENDING')
        await pay(shop, order)
        await due(shop, new Date(shop.at.getTime() + shop.terms.reserveMs + shop.terms.payingGraceMs))
        expect([await stateOf(shop, order), (await stockOf(shop))?.available]).toEqual(['EXPIRED', 50])
        shop.provider.decide(lastCharge(shop), 'SUCCEEDED')
        await askAboutPayments(shop)
        expect(await gaveBack(shop)).toEqual([['DEPOSIT', 100]])
        expect([await stateOf(shop, order), await accounts(shop)]).toEqual(['EXPIRED', {}])
      }))

    it('believes contradictory results of either charge once', () =>
      inShop(async (shop) => {
        const order = await placed(shop, await opened(shop))
        next(shop, 'DECLINED')
        expect(await refusalOf(pay(shop, order))).toBe('PAYMENT_DECLINED')
        const first = lastCharge(shop)
        next(shop, 'SUCCEEDED')
        await pay(shop, order)
        await settlePayment(shop, first, 'SUCCEEDED') // it was taken after all
        expect(await orderOf(shop, order)).toMatchObject({ state: 'DEPOSIT_PAID', paid_minor: 100 })
        await due(shop, hour(2))
        next(shop, 'DECLINED')
        expect(await refusalOf(payRest(shop, order))).toBe('PAYMENT_DECLINED')
        expect(await stateOf(shop, order)).toBe('DEPOSIT_PAID')
        for (const decision of ['SUCCEEDED', 'DECLINED', 'SUCCEEDED'] as const)
          await settlePayment(shop, lastCharge(shop), decision)
        expect(await orderOf(shop, order)).toMatchObject({ state: 'PAID', paid_minor: 900 })
        await refundOrder(shop, ann, { idempotencyKey: key(), order, reason: 'no' })
        expect([...(await gaveBack(shop))].sort()).toEqual([
          ['BALANCE', 800],
          ['DEPOSIT', 100],
          ['DEPOSIT', 100],
        ])
        expect(await accounts(shop)).toEqual({})
      }))

    it('gives parts back to the fen, by e-card and by both charges', () =>
      inShop(async (shop) => {
        await grant(shop, 'ann', 1000)
        const order = await placed(shop, await opened(shop, { countsForMinor: 101 }), { quantity: 3 })
        await pay(shop, order, 33)
        await due(shop, hour(2))
        await payRest(shop, order, 200)
        expect(await orderOf(shop, order)).toMatchObject({ state: 'PAID', paid_minor: 2997 })
        const [line] = (await linesOf(shop.db, [order])).get(order) ?? []
        const parts = [{ line: line?.id ?? '', pieces: 1, amountMinor: null }]
        for (const piece of [1, 2, 3])
          await cancelLines(shop, ann, { idempotencyKey: key(), order, reason: `${piece}`, lines: parts })
        const back = await gaveBack(shop)
        const of = (part: string) => back.reduce((sum, [name, minor]) => (name === part ? sum + minor : sum), 0)
        expect([of('BALANCE'), of('DEPOSIT')]).toEqual([2697 - 200, 300 - 33])
        expect(await accounts(shop)).toEqual({ grants: -1000, ecard: 1000 })
      }))

    it('gives the deposit back when its rule or the shop says so, and keeps it when the member gives up', () =>
      inShop(async (shop) => {
        await grant(shop, 'ann', 40)
        const preSale = await opened(shop, { missed: 'GIVE_BACK' })
        const [given, byShop, missed, paying] = [
          await deposited(shop, preSale),
          await deposited(shop, preSale),
          await placed(shop, preSale),
          await placed(shop, preSale),
        ]
        await pay(shop, missed, 40)
        for (const times of [1, 2]) await cancelOrder(shop, ann, { id: given, reason: `${times}` })
        for (const times of [1, 2]) await cancelOrder(shop, operator, { id: byShop, reason: `${times}` })
        await due(shop, hour(3))
        const states = await Promise.all([given, byShop, missed, paying].map((id) => stateOf(shop, id)))
        expect(states).toEqual(['FORFEITED', 'CANCELLED', 'CANCELLED', 'EXPIRED'])
        expect(await gaveBack(shop)).toEqual([
          ['DEPOSIT', 100],
          ['DEPOSIT', 60],
        ])
        expect(await accounts(shop)).toEqual({ provider: -100, seller: 100, grants: -40, ecard: 40 })
        expect((await preSalesOf(shop.db, [VARIANT])).size).toBe(0)
        expect(
          await opened(shop, {
            idempotencyKey: 'k2',
            depositUntil: hour(4),
            balanceFrom: hour(4),
            balanceUntil: hour(5),
          }),
        ).toMatch(/^PreSale:/)
      }))

    it('ends all its orders and gives all deposits back when it is called off; closed, its orders go on', () =>
      inShop(async (shop) => {
        const preSale = await opened(shop)
        const [paid, unpaid] = [await deposited(shop, preSale), await placed(shop, preSale)]
        await endPreSale(shop, operator, { id: preSale, isCalledOff: false })
        expect(await refusalOf(placed(shop, preSale))).toBe('OFFER_CLOSED')
        await turnPreSales(shop)
        expect(await stateOf(shop, paid)).toBe('DEPOSIT_PAID')
        await endPreSale(shop, operator, { id: preSale, isCalledOff: true })
        await Promise.all([turnPreSales(shop), turnPreSales(shop)])
        expect([await stateOf(shop, paid), await stateOf(shop, unpaid)]).toEqual(['CANCELLED', 'CANCELLED'])
        expect(await gaveBack(shop)).toEqual([['DEPOSIT', 100]])
        expect(await accounts(shop)).toEqual({})
      }))

    it('holds its quota and its limit, is one of a variant, bought by itself, and opened by who bears it', () =>
      inShop(async (shop) => {
        const preSale = await opened(shop, { quota: 3, perMember: 2 })
        expect(await opened(shop, { quota: 3, perMember: 2 })).toBe(preSale)
        expect(await refusalOf(opened(shop))).toBe('IDEMPOTENCY_MISMATCH')
        expect(await refusalOf(opened(shop, { idempotencyKey: 'other' }))).toBe('CONFLICT')
        const buys = [
          ['ann', 2],
          ['ann', 1],
          ['bob', 1],
          ['eve', 1],
        ] as const
        const place = placing(shop, preSale)
        const codes = buys.map(([member, quantity]) => refusalOf(place({ quantity, member })))
        const held = 'nothing was refused'
        expect(await Promise.all(codes)).toEqual([held, 'LIMIT_PER_MEMBER', held, 'OFFER_CLOSED'])
        const both = aRequest('ann', key(), { lines: [aLine({ preSale }), aLine()] })
        expect(await refusalOf(openCounter(shop, { most: 9, waitMs: 0, limit: 9 }).place(both))).toBe('BAD_USER_INPUT')
        const mei = someone('mei', 'merchant')
        expect(await refusalOf(opened(shop, { idempotencyKey: 'm' }, mei))).toBe('FORBIDDEN')
        await bind(shop, 'mei', ['shop'])
        expect(await refusalOf(opened(shop, { idempotencyKey: 'm' }, mei))).toBe('FORBIDDEN') // the platform bears a half
        expect(await refusalOf(opened(shop, { idempotencyKey: 'm', shares: null }, mei))).toBe('CONFLICT')
        expect(await refusalOf(opened(shop, { idempotencyKey: 'm', countsForMinor: 99 }))).toBe('BAD_USER_INPUT')
      }))
  })
})

import { describe, expect, it } from 'vitest'
import {
  aLine,
  aRequest,
  aShop,
  bind,
  feed,
  refusalOf,
  someone,
  VARIANT,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { ANYBODY } from '../domain/draft.js'
import { couponsOf, findCoupons } from '../store/coupons.js'
import { linesOf } from '../store/lines.js'
import { openCounter } from './counter.js'
import { claimCoupon, issueCoupons, type IssueRequest } from './coupons.js'
import { cancelOrder } from './move-order.js'
import { payOrder } from './pay-order.js'
import { quoteOrder } from './quote-order.js'
import { expireOverdue } from './rounds.js'

const operator = someone('op', 'operator')
const ann = someone('ann', 'member')
const OTHER = 'Variant:v2'
const request: IssueRequest = {
  kind: 'PLATFORM_COUPON',
  seller: null,
  label: '100 off 1500',
  currency: 'CNY',
  fromMinor: 1500,
  reduction: { form: 'BY', minor: 100 },
  mostMinor: null,
  shares: null,
  quota: 10,
  perMember: 1,
  startsAt: null,
  endsAt: null,
}

async function claimed(shop: TestShop, some: Partial<IssueRequest> = {}): Promise<string> {
  return claimCoupon(shop, ann, {
    issue: await issueCoupons(shop, operator, { ...request, ...some }),
    idempotencyKey: 'k',
  })
}

function buying(shop: TestShop) {
  const counter = openCounter(shop, { most: 64, waitMs: 1, limit: 1000 })
  return (key: string, coupon: string, some: Partial<Parameters<typeof aRequest>[2]> = {}, member = 'ann') =>
    counter.place(aRequest(member, key, { coupons: [coupon], lines: [aLine({ quantity: 2 })], ...some }))
}

const usedFor = async (shop: TestShop, id: string) => (await findCoupons(shop.db, [id])).get(id)?.purchase ?? null

describe('a coupon', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('takes off what its quote says, split over the lines to the fen, and is booked to who bears it', async () => {
      const shop = await aShop(await openDatabase())
      await feed(shop, { variant: OTHER, priceMinor: 333 })
      const coupon = await claimed(shop)
      const lines = [aLine({ quantity: 2 }), aLine({ variant: OTHER })]
      const quote = await quoteOrder(shop, lines, { ...ANYBODY, member: 'Member:ann', coupons: [coupon] })
      expect(quote.lines.map((line) => line.total.amountMinor)).toEqual([1914, 319])
      const order = await buying(shop)('k', coupon, { lines, expectedTotalMinor: 2233 })
      const rows = (await linesOf(shop.db, [order])).get(order)
      expect(rows?.map((row) => [row.off_minor, row.total_minor])).toEqual([
        [86, 1914],
        [14, 319],
      ])
      await payOrder(shop, ann, { idempotencyKey: 'p', order, method: 'card' })
      const { rows: booked } = await shop.db.query(
        `select debit, sum(amount_minor)::bigint as minor from orders.entry where kind = 'SUBSIDY' group by debit`,
        [],
      )
      expect(booked).toEqual([{ debit: 'subsidy:platform', minor: 100 }])
      await shop.db.close()
    })

    it('is used once: not by another order, nor by two that come at once', async () => {
      const shop = await aShop(await openDatabase())
      const buy = buying(shop)
      const coupon = await claimed(shop)
      const both = await Promise.allSettled([buy('1', coupon), buy('2', coupon)])
      expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
      expect(await refusalOf(buy('3', coupon))).toBe('OFFER_CLOSED')
      expect(await buy('1', coupon)).toBe(both[0].status === 'fulfilled' ? both[0].value : '')
      await shop.db.close()
    })

    it('comes back when its order is given up or not paid in time', async () => {
      const shop = await aShop(await openDatabase())
      const buy = buying(shop)
      const coupon = await claimed(shop)
      const first = await buy('1', coupon)
      expect(await usedFor(shop, coupon)).toBe(first)
      await cancelOrder(shop, ann, { id: first, reason: null })
      expect(await usedFor(shop, coupon)).toBeNull()
      expect(await usedFor(shop, coupon)).not.toBe(await buy('2', coupon))
      shop.at = new Date(shop.at.getTime() + 15 * 60_000)
      await expireOverdue(shop)
      expect(await usedFor(shop, coupon)).toBeNull()
      await shop.db.close()
    })

    it('refuses an order on which it takes nothing off, and says why in a quote', async () => {
      const shop = await aShop(await openDatabase())
      const coupon = await claimed(shop)
      expect(await refusalOf(buying(shop)('1', coupon, { lines: [aLine()] }))).toBe('OFFER_CLOSED')
      const quote = await quoteOrder(shop, [aLine()], { ...ANYBODY, member: 'Member:ann', coupons: [coupon] })
      expect(quote.coupons).toMatchObject([{ reducedMinor: 0, why: 'from 1500, the goods come to 1000' }])
      expect(await usedFor(shop, coupon)).toBeNull()
      await shop.db.close()
    })

    it("of somebody else is unknown, and of a seller is for the seller's goods", async () => {
      const shop = await aShop(await openDatabase())
      const coupon = await claimed(shop, { kind: 'SELLER_COUPON', seller: 'another' })
      expect(await refusalOf(buying(shop)('1', coupon, {}, 'bob'))).toBe('NOT_FOUND')
      expect(await refusalOf(buying(shop)('1', coupon))).toBe('OFFER_CLOSED')
      await shop.db.close()
    })

    it('is claimed once under a key, and no more often than the member and all members may', async () => {
      const shop = await aShop(await openDatabase())
      const issue = await issueCoupons(shop, operator, { ...request, quota: 3 })
      const claim = (member: string, idempotencyKey: string) =>
        claimCoupon(shop, someone(member, 'member'), { issue, idempotencyKey })
      expect(await claim('ann', 'k')).toBe(await claim('ann', 'k'))
      expect(await refusalOf(claim('ann', 'k2'))).toBe('LIMIT_PER_MEMBER')
      const rush = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((member) => claim(member, 'k')))
      expect(rush.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
      expect(await couponsOf(shop.db, 'Member:ann', 10)).toHaveLength(1)
      await shop.db.close()
    })

    it('of others than the seller is issued by operators', async () => {
      const shop = await aShop(await openDatabase())
      expect(await refusalOf(issueCoupons(shop, someone('m', 'merchant'), request))).toBe('FORBIDDEN')
      const own = { kind: 'SELLER_COUPON', seller: 'shop' } as const
      expect(await refusalOf(issueCoupons(shop, someone('m', 'merchant'), { ...request, ...own }))).toBe('FORBIDDEN')
      await bind(shop, 'm', ['shop'])
      expect(await issueCoupons(shop, someone('m', 'merchant'), { ...request, ...own })).toMatch(/^CouponIssue:/)
      expect(await refusalOf(issueCoupons(shop, operator, { ...request, seller: 'shop' }))).toBe('BAD_USER_INPUT')
      await shop.db.close()
    })

    it('is taken back by nobody once its order is paid', async () => {
      const shop = await aShop(await openDatabase())
      const coupon = await claimed(shop)
      const order = await buying(shop)('1', coupon, { lines: [aLine({ variant: VARIANT, quantity: 2 })] })
      await payOrder(shop, ann, { idempotencyKey: 'p', order, method: 'card' })
      expect(await refusalOf(cancelOrder(shop, ann, { id: order, reason: null }))).toBe('STATE_FORBIDS')
      expect(await usedFor(shop, coupon)).toBe(order)
      await shop.db.close()
    })
  })
})

import { describe, expect, it } from 'vitest'
import {
  aLine,
  aRequest,
  aShop,
  refusalOf,
  someone,
  toldBy,
  VARIANT,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { moneyDifferences, stockDifferences } from '../store/audits.js'
import { findFlashSales } from '../store/flash-sales.js'
import { linesOf } from '../store/lines.js'
import { findStock } from '../store/stock.js'
import { salesWithTurn } from '../store/waiters.js'
import { openCounter } from './counter.js'
import { closeFlashSale, openFlashSale, type SaleRequest } from './flash-sales.js'
import { cancelOrder } from './move-order.js'
import { payOrder } from './pay-order.js'
import { refundOrder } from './refund-order.js'
import { tellDivided } from './tell-divided.js'
import { offerToWaiting, openWaitingList } from './waiting-list.js'

const operator = someone('op', 'operator')
const TERMS: SaleRequest = {
  ...{ room: null, variant: VARIANT, price: { amountMinor: 100, currency: 'CNY' }, quota: 12, perMember: 2 },
  ...{ startsAt: null, endsAt: null, buckets: 4 },
}

/** A divided sale, and several processes that sell it. */
async function divided(shop: TestShop, some: Partial<SaleRequest> = {}, lanes = 3) {
  const flashSale = await openFlashSale(shop, operator, { ...TERMS, ...some })
  const counters = Array.from({ length: lanes }, (_, lane) =>
    openCounter({ ...shop, lane }, { most: 4, waitMs: 0, limit: 1000 }),
  )
  let keys = 0
  return {
    flashSale,
    buy(lane: number, member: string, quantity = 1): Promise<string> {
      const counter = counters[lane % lanes]
      if (counter === undefined) throw new Error('there is no such process')
      return counter.place(aRequest(member, String(++keys), { lines: [aLine({ flashSale, quantity })] }))
    },
    row: async () => (await findFlashSales(shop.db, [flashSale])).get(flashSale),
    bucketOf: async (order: string) => (await linesOf(shop.db, [order])).get(order)?.[0]?.bucket,
  }
}

async function expectRight(shop: TestShop): Promise<void> {
  expect(await stockDifferences(shop.db)).toEqual([])
  expect(await moneyDifferences(shop.db)).toEqual([])
  await shop.db.close()
}

describe('a sale that is divided into buckets', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('sells its quota exactly through several processes at once', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await divided(shop, { quota: 24 })
      const buying = Array.from({ length: 60 }, (_, at) => sale.buy(at, `m${at}`))
      const codes = await Promise.all(buying.map((order) => refusalOf(order)))
      expect(codes.filter((code) => code === 'nothing was refused')).toHaveLength(24)
      expect(new Set(codes)).toEqual(new Set(['nothing was refused', 'OFFER_CLOSED']))
      expect(await sale.row()).toMatchObject({ quota: 24, held: 24, sold: 0 })
      await expectRight(shop)
    })

    it('begins each process with another bucket, and refuses nobody while one has pieces', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await divided(shop, { quota: 8, perMember: 9 })
      const [first, second] = [await sale.buy(0, 'ann'), await sale.buy(1, 'bob')]
      expect([await sale.bucketOf(first), await sale.bucketOf(second)]).toEqual([0, 1])
      const large = await sale.buy(0, 'cat', 5) // no bucket had so many
      expect(await sale.bucketOf(large)).toBe(0)
      expect(await refusalOf(sale.buy(2, 'dan', 2))).toBe('STOCK_SHORT')
      await sale.buy(2, 'dan')
      expect(await refusalOf(sale.buy(1, 'eve'))).toBe('OFFER_CLOSED')
      await expectRight(shop)
    })

    it('holds the limit per member, at whichever process he asks', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await divided(shop)
      const codes = await Promise.all(Array.from({ length: 9 }, (_, at) => refusalOf(sale.buy(at, 'ann'))))
      expect(codes.filter((code) => code === 'nothing was refused')).toHaveLength(2)
      expect(codes.filter((code) => code === 'LIMIT_PER_MEMBER')).toHaveLength(7)
      await expectRight(shop)
    })

    it('has pieces back in the bucket that they came from, and all of them when it is closed', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await divided(shop, { quota: 4 })
      const names = ['ann', 'bob', 'cat', 'dan'] as const
      const orders = await Promise.all(names.map((name, at) => sale.buy(at, name)))
      const [ann = '', bob = '', cat = '', dan = ''] = orders
      const bucket = await sale.bucketOf(ann)
      await cancelOrder(shop, operator, { id: ann, reason: null })
      expect(await sale.bucketOf(await sale.buy(2, 'eve'))).toBe(bucket)
      await payOrder(shop, someone('bob', 'member'), { idempotencyKey: 'p', order: bob, method: 'card' })
      await cancelOrder(shop, operator, { id: cat, reason: null })
      await closeFlashSale(shop, operator, sale.flashSale)
      await cancelOrder(shop, operator, { id: dan, reason: null })
      await refundOrder(shop, operator, { idempotencyKey: 'r', order: bob, reason: 'r' })
      expect(await sale.row()).toMatchObject({ held: 1, sold: 0, returned: 3, closed: true })
      expect((await findStock(shop.db, [VARIANT])).get(VARIANT)).toMatchObject({ available: 49, reserved: 1, sold: 0 })
      await expectRight(shop)
    })

    it('is told of by a round that sees all of it, once for what moved', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await divided(shop, { quota: 6 })
      await Promise.all(['ann', 'bob', 'cat'].map((name, at) => sale.buy(at, name)))
      await tellDivided(shop)
      await tellDivided(shop)
      await Promise.all(['dan', 'eve', 'fay'].map((name, at) => sale.buy(at, name)))
      await tellDivided(shop)
      const told = (await toldBy(shop.db)).flatMap((event) => (event.kind === 'orders.flashSaleChanged' ? [event] : []))
      expect(told.map(({ state, left }) => `${state} ${left}`)).toEqual(['OPEN 6', 'OPEN 3', 'SOLD_OUT 0'])
      expect(new Set(told.map(({ version }) => version)).size).toBe(3)
      await expectRight(shop)
    })

    it('keeps what comes back for who waits', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await divided(shop, { quota: 4, perMember: 1 })
      const orders = await Promise.all(['a', 'b', 'c', 'd'].map((name, at) => sale.buy(at, name)))
      const list = openWaitingList(shop, { most: 100, waitMs: 1, limit: 1000 })
      await list.wait({ flashSale: sale.flashSale, buyer: 'Member:ann' })
      await cancelOrder(shop, operator, { id: orders[2] ?? '', reason: null })
      expect(await refusalOf(sale.buy(0, 'passer-by'))).toBe('OFFER_CLOSED')
      await offerToWaiting(shop, await salesWithTurn(shop.db, shop.at, 10))
      expect(await refusalOf(sale.buy(1, 'passer-by'))).toBe('OFFER_CLOSED')
      expect(await sale.bucketOf(await sale.buy(1, 'ann'))).toBe(await sale.bucketOf(orders[2] ?? ''))
      expect(await sale.row()).toMatchObject({ waiting: 0, aside: 0, held: 4 })
      await expectRight(shop)
    })

    it('is divided by operators alone, into no more buckets than pieces', async () => {
      const shop = await aShop(await openDatabase())
      expect(await refusalOf(openFlashSale(shop, someone('mia', 'merchant'), TERMS))).toBe('FORBIDDEN')
      expect(await refusalOf(openFlashSale(shop, operator, { ...TERMS, quota: 3 }))).toBe('BAD_USER_INPUT')
      await shop.db.close()
    })
  })
})

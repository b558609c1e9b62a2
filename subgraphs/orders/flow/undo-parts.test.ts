import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  aLine,
  aRequest,
  aShop,
  feed,
  refusalOf,
  someone,
  toldBy,
  VARIANT,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { moneyDifferences, stockDifferences } from '../store/audits.js'
import { linesOf } from '../store/lines.js'
import { findPurchases } from '../store/purchases.js'
import { findStock } from '../store/stock.js'
import { openCounter } from './counter.js'
import { shipOrder } from './move-order.js'
import { payOrder } from './pay-order.js'
import { cancelLines, refundLines, refundOrder } from './refund-order.js'
import { sendRefunds } from './rounds.js'

const ann = someone('ann', 'member')
const shopkeeper = someone('shop', 'operator')
const pieces = (line: string, count: number) => ({ line, pieces: count, amountMinor: null })
const money = (line: string, amountMinor: number) => ({ line, pieces: 0, amountMinor })
const orderOf = async (shop: TestShop, id: string) => (await findPurchases(shop.db, [id])).get(id)
const stockOf = async (shop: TestShop) => (await findStock(shop.db, [VARIANT])).get(VARIANT)
const pay = (shop: TestShop, order: string) => payOrder(shop, ann, { idempotencyKey: order, order, method: 'card' })
let keys = 0
const undo = (order: string, ...lines: Parameters<typeof refundLines>[2]['lines']) => {
  return { idempotencyKey: `u${++keys}`, order, reason: 'torn', lines }
}

/** Three pieces of one thing at 1000 and two of another at 333. */
async function placed(shop: TestShop): Promise<{ order: string; shirts: string; socks: string }> {
  await feed(shop, { variant: 'Variant:v2', priceMinor: 333, quantity: 50 })
  const lines = [aLine({ quantity: 3 }), aLine({ variant: 'Variant:v2', quantity: 2 })]
  const order = await openCounter(shop, { most: 10, waitMs: 0, limit: 10 }).place(
    aRequest('ann', `k${++keys}`, { lines }),
  )
  const [shirts, socks] = (await linesOf(shop.db, [order])).get(order) ?? []
  return { order, shirts: shirts?.id ?? '', socks: socks?.id ?? '' }
}

async function expectAgreement(shop: TestShop): Promise<void> {
  expect(await moneyDifferences(shop.db)).toEqual([])
  expect(await stockDifferences(shop.db)).toEqual([])
}

describe('a part of an order', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('is cancelled before it is paid: its pieces are free, and the rest comes to less', async () => {
      const shop = await aShop(await openDatabase())
      const { order, shirts, socks } = await placed(shop)
      await cancelLines(shop, ann, undo(order, pieces(shirts, 2), pieces(socks, 2)))
      expect(await orderOf(shop, order)).toMatchObject({ state: 'RESERVED', total_minor: 1000 })
      await pay(shop, order)
      expect(await orderOf(shop, order)).toMatchObject({ state: 'PAID', paid_minor: 1000 })
      expect(await stockOf(shop)).toMatchObject({ sold: 1, available: 49 })
      await expectAgreement(shop)
      await shop.db.close()
    })

    it('is cancelled after it is paid: its pieces and its money go back, and what is left is shipped', async () => {
      const shop = await aShop(await openDatabase())
      const { order, shirts, socks } = await placed(shop)
      await pay(shop, order)
      const request = undo(order, pieces(shirts, 1))
      await Promise.all([cancelLines(shop, ann, request), cancelLines(shop, ann, request)])
      expect(await orderOf(shop, order)).toMatchObject({ state: 'PAID', refunded_minor: 1000 })
      expect(await refusalOf(cancelLines(shop, ann, undo(order, pieces(shirts, 3))))).toBe('STATE_FORBIDS')
      await shipOrder(shop, shopkeeper, { id: order, carrier: 'SF', waybill: '1' })
      expect(await refusalOf(cancelLines(shop, ann, undo(order, pieces(socks, 1))))).toBe('STATE_FORBIDS')
      await sendRefunds(shop)
      expect([...shop.provider.refunds.values()]).toEqual([1000])
      await expectAgreement(shop)
      await shop.db.close()
    })

    it('is refunded after shipping while the buyer keeps it, by pieces or by money, and the rest when it comes back', async () => {
      const shop = await aShop(await openDatabase())
      const { order, shirts, socks } = await placed(shop)
      await pay(shop, order)
      await shipOrder(shop, shopkeeper, { id: order, carrier: 'SF', waybill: '1' })
      await refundLines(shop, shopkeeper, undo(order, pieces(socks, 1), money(shirts, 500)))
      expect(await orderOf(shop, order)).toMatchObject({ state: 'SHIPPED', refunded_minor: 833 })
      expect(await stockOf(shop)).toMatchObject({ sold: 3 })
      await refundOrder(shop, ann, { idempotencyKey: 'all', order, reason: 'x' })
      expect(await orderOf(shop, order)).toMatchObject({ state: 'REFUNDED', refunded_minor: 3666 })
      const told = (await toldBy(shop.db)).findLast((event) => event.kind === 'orders.moved')
      expect(told?.lines.map(({ left, leftMinor }) => [left, leftMinor])).toEqual([
        [0, 0],
        [0, 0],
      ])
      await expectAgreement(shop)
      await shop.db.close()
    })

    it('is all of it in the end: an unpaid order is then cancelled, a paid one refunded', async () => {
      const shop = await aShop(await openDatabase())
      for (const [paid, state] of [
        [false, 'CANCELLED'],
        [true, 'REFUNDED'],
      ] as const) {
        const { order, shirts, socks } = await placed(shop)
        if (paid) await pay(shop, order)
        await cancelLines(shop, ann, undo(order, pieces(shirts, 3)))
        await cancelLines(shop, ann, undo(order, pieces(socks, 2)))
        expect((await orderOf(shop, order))?.state).toBe(state)
      }
      expect(await stockOf(shop)).toMatchObject({ reserved: 0, sold: 0, available: 50 })
      await expectAgreement(shop)
      await shop.db.close()
    })

    it(
      'adds up with the others to what was paid, in whatever order parts are undone',
      { timeout: 60_000 },
      async () => {
        const shop = await aShop(await openDatabase(), 10_000)
        const part = fc.record({ which: fc.boolean(), amount: fc.option(fc.integer({ min: 1, max: 1500 })) })
        await fc.assert(
          fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.boolean(), async (parts, ships) => {
            const { order, shirts, socks } = await placed(shop)
            await pay(shop, order)
            if (ships) await shipOrder(shop, shopkeeper, { id: order, carrier: 'SF', waybill: '1' })
            for (const { which, amount } of parts) {
              const line = which ? shirts : socks
              const wish = undo(order, amount === null ? pieces(line, 1) : money(line, amount))
              await refusalOf(ships || amount !== null ? refundLines(shop, ann, wish) : cancelLines(shop, ann, wish))
              expect((await orderOf(shop, order))?.refunded_minor).toBeLessThanOrEqual(3666)
            }
            await refusalOf(refundOrder(shop, ann, { idempotencyKey: `all ${order}`, order, reason: 'x' }))
            expect(await orderOf(shop, order)).toMatchObject({ state: 'REFUNDED', refunded_minor: 3666 })
            await expectAgreement(shop)
          }),
          { numRuns: 8 },
        )
        await sendRefunds(shop)
        const back = [...shop.provider.refunds.values()].reduce((sum, one) => sum + one, 0)
        expect(back).toBe(3666 * shop.provider.charges.size)
        await expectAgreement(shop)
        await shop.db.close()
      },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  aLine,
  grant,
  aPartner,
  aRequest,
  aShop,
  liveRoom,
  refusalOf,
  someone,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { moneyDifferences, stockDifferences } from '../store/audits.js'
import { accountStatement } from '../store/entries.js'
import { openCounter } from './counter.js'
import { hearCatalog } from './hear.js'
import { cancelOrder, shipOrder } from './move-order.js'
import { confirmPartnerOrder, refundPartnerOrder } from './partner-orders.js'
import { payOrder } from './pay-order.js'
import { cancelLines, refundLines, refundOrder } from './refund-order.js'
import { askAboutPayments, expireOverdue, sendRefunds } from './rounds.js'
import { settleAccount } from './settle-accounts.js'
import { settlePayment } from './settle-payment.js'

const ann = someone('ann', 'member')
const shopkeeper = someone('shop', 'operator')
const EVER = { from: new Date(0), to: new Date('2099-01-01') }
/** Some pieces of an order's first line, or some of its money. */
const part = (order: string, pieces: number, amountMinor: number | null) => {
  const line = `OrderLine:${order.slice('Order:'.length)}-1`
  return { order, reason: 'x', lines: [{ line, pieces, amountMinor }] }
}
const counterOf = (shop: TestShop) => openCounter(shop, { most: 10, waitMs: 0, limit: 100 })

/** What an account holds, by kind. */
async function held(shop: TestShop, name: string): Promise<Record<string, number>> {
  const rows = await accountStatement(shop.db, { name, ...EVER })
  return Object.fromEntries(rows.map(({ kind, amount_minor }) => [kind, amount_minor]))
}

describe('the accounts of orders', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('give seller, host and influencer their parts when an order is paid, and take them when it comes back', async () => {
      const shop = await aShop(await openDatabase())
      await liveRoom(shop, 'Room:r1', 800)
      const line = aLine({ quantity: 3, room: 'Room:r1', click: { id: 'c.1', link: 'TrackedLink:l1' } })
      const order = await counterOf(shop).place(aRequest('ann', 'k', { lines: [line] }))
      await payOrder(shop, ann, { idempotencyKey: 'p', order, method: 'card' })
      expect(await held(shop, 'seller:shop')).toEqual({ SALE: 2400, HOST_COMMISSION: -120, INFLUENCER_COMMISSION: -72 })
      expect(await held(shop, 'host:Member:host')).toEqual({ HOST_COMMISSION: 120 })
      await refundOrder(shop, ann, { idempotencyKey: 'r', order, reason: 'torn' })
      expect(await held(shop, 'seller:shop')).toEqual({ SALE: 0, HOST_COMMISSION: 0, INFLUENCER_COMMISSION: 0 })
      expect(await held(shop, 'buyer:Member:ann')).toEqual({ SALE: 2400 })
      await sendRefunds(shop)
      expect(await held(shop, 'buyer:Member:ann')).toEqual({ SALE: 2400, PAID_BACK: -2400 })
      expect(await moneyDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('give the host what he picked the product for, by the newest that was told, and the usual rate afterwards', async () => {
      const shop = await aShop(await openDatabase())
      await liveRoom(shop, 'Room:r1')
      const told = { id: 'p', at: '2026-11-11T12:00:00Z', kind: 'catalog.poolPicked', product: 'Product:p1' }
      const pick = (version: number, commissionBp: number | null, host = 'Member:host') =>
        shop.db.transaction((tx) => hearCatalog(tx, shop, [{ ...told, host, version, commissionBp }]))
      const sells = async (key: string): Promise<unknown> => {
        const order = await counterOf(shop).place(aRequest('ann', key, { lines: [aLine({ room: 'Room:r1' })] }))
        await payOrder(shop, ann, { idempotencyKey: key, order, method: 'card' })
        return (await held(shop, 'host:Member:host'))['HOST_COMMISSION']
      }
      await pick(1, 9000, 'Member:other')
      await pick(2, 2000)
      await pick(1, 3000)
      expect(await sells('picked')).toBe(200)
      await pick(3, null)
      expect(await sells('no longer')).toBe(250)
      expect(await moneyDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('are shown to their owner over a period, and to nobody else but operators', async () => {
      const shop = await aShop(await openDatabase())
      await liveRoom(shop, 'Room:r1')
      for (const key of ['a', 'b']) {
        const line = aLine({ room: 'Room:r1' })
        const order = await counterOf(shop).place(aRequest('ann', key, { lines: [line] }))
        await payOrder(shop, ann, { idempotencyKey: key, order, method: 'card' })
        shop.at = new Date(shop.at.getTime() + 86_400_000)
      }
      const secondDay = { from: new Date('2026-11-12T00:00:00Z'), to: new Date('2026-11-13T00:00:00Z') }
      const asked = { account: 'host:Member:host', ...secondDay }
      const [statement] = await settleAccount(shop, someone('host', 'host'), asked)
      expect(statement).toMatchObject({ currency: 'CNY', openingMinor: 50, closingMinor: 100, rows: [{ count: 1 }] })
      expect(await settleAccount(shop, shopkeeper, asked)).toEqual([statement])
      expect(await refusalOf(settleAccount(shop, ann, asked))).toBe('FORBIDDEN')
      await shop.db.close()
    })

    it('know what a partner holds for us and what it earns, also after it has paid its buyer back', async () => {
      const shop = await aShop(await openDatabase())
      const kuaishou = aPartner('kuaishou')
      const buyer = { member: null, partner: 'kuaishou' }
      await counterOf(shop).place(aRequest('x', 'k', { buyer, partnerOrder: 'K1' }))
      await confirmPartnerOrder(shop, kuaishou, { partnerOrder: 'K1', paidMinor: 1000, paidAt: shop.at })
      expect(await held(shop, 'partner:kuaishou')).toEqual({ SALE: -1000 })
      expect(await held(shop, 'partner-share:kuaishou')).toEqual({ PARTNER_COMMISSION: 20 })
      await refundPartnerOrder(shop, kuaishou, { partnerOrder: 'K1', reason: 'back' })
      expect(await held(shop, 'partner:kuaishou')).toEqual({ SALE: 0 })
      expect(await moneyDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('owe a buyer the money that came too late, until he has it', async () => {
      const shop = await aShop(await openDatabase())
      const order = await counterOf(shop).place(aRequest('ann', 'k'))
      shop.provider.next = 'PENDING'
      await payOrder(shop, ann, { idempotencyKey: 'p', order, method: 'card' })
      await cancelOrder(shop, ann, { id: order, reason: null })
      const [payment] = [...shop.provider.charges.keys()]
      await settlePayment(shop, payment ?? '', 'SUCCEEDED')
      expect(await held(shop, 'buyer:Member:ann')).toEqual({ LATE_MONEY: 1000 })
      expect(await moneyDifferences(shop.db)).toEqual([])
      await sendRefunds(shop)
      expect(await held(shop, 'provider')).toEqual({ LATE_MONEY: -1000, PAID_BACK: 1000 })
      expect(await moneyDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('name what was tampered with', async () => {
      const shop = await aShop(await openDatabase())
      const order = await counterOf(shop).place(aRequest('ann', 'k'))
      await payOrder(shop, ann, { idempotencyKey: 'p', order, method: 'card' })
      await expect(shop.db.query('update orders.entry set amount_minor = 1')).rejects.toThrow()
      await shop.db.query('update orders.purchase set paid_minor = 900')
      await shop.db.query('update orders.stock set sold = sold + 1')
      expect(await moneyDifferences(shop.db)).toEqual([
        { what: 'left by lines', of: order, kept: 900, counted: 1000 },
        { what: 'paid by entries', of: order, kept: 900, counted: 1000 },
      ])
      expect((await stockDifferences(shop.db)).map(({ what }) => what)).toEqual(['sold by movements', 'sold by orders'])
      await shop.db.close()
    })

    it('take money that came late for more than the order comes to by then as money that goes back', async () => {
      const shop = await aShop(await openDatabase(), 1000)
      const order = await counterOf(shop).place(aRequest('ann', 'k', { lines: [aLine({ quantity: 3 })] }))
      shop.provider.next = 'DECLINED'
      const payment = payOrder(shop, ann, { idempotencyKey: 'p', order, method: 'card' })
      expect(await refusalOf(payment)).toBe('PAYMENT_DECLINED')
      await cancelLines(shop, ann, { ...part(order, 1, null), idempotencyKey: 'c' })
      const [declined = ''] = shop.provider.charges.keys()
      await settlePayment(shop, declined, 'SUCCEEDED')
      await sendRefunds(shop)
      expect(await moneyDifferences(shop.db)).toEqual([])
      shop.provider.next = 'SUCCEEDED'
      await payOrder(shop, ann, { idempotencyKey: 'again', order, method: 'card' })
      expect(await moneyDifferences(shop.db)).toEqual([])
      expect(await held(shop, 'seller:shop')).toMatchObject({ SALE: 2000 })
      await shop.db.close()
    })

    it('and the stock agree with the orders after any sequence of moves', { timeout: 120_000 }, async () => {
      const shop = await aShop(await openDatabase(), 1000)
      await grant(shop, 'ann', 10_000)
      let made = 0
      const orders: string[] = []
      const counter = counterOf(shop)
      const some = (at: number) => orders[at % Math.max(1, orders.length)] ?? 'Order:none'
      const deeds: Readonly<Record<string, (at: number) => Promise<unknown>>> = {
        place: async (at) => {
          const line = aLine({ quantity: 1 + (at % 3), click: at % 2 ? { id: 'c', link: 'TrackedLink:l' } : null })
          orders.push(await counter.place(aRequest('ann', `k${++made}`, { lines: [line] })))
        },
        pay: (at) => {
          const eCardMinor = [0, 0, 333, 1000][at % 4] ?? 0
          return payOrder(shop, ann, { idempotencyKey: `p${++made}`, order: some(at), method: 'card', eCardMinor })
        },
        late: (at) => {
          shop.provider.next = (['SUCCEEDED', 'PENDING', 'DECLINED'] as const)[at % 3] ?? 'SUCCEEDED'
          return Promise.resolve()
        },
        decide: async (at) => {
          const key = [...shop.provider.charges.keys()][at % Math.max(1, shop.provider.charges.size)]
          if (key !== undefined) await settlePayment(shop, key, at % 2 ? 'SUCCEEDED' : 'DECLINED')
        },
        cancel: (at) => cancelOrder(shop, ann, { id: some(at), reason: null }),
        ship: (at) => shipOrder(shop, shopkeeper, { id: some(at), carrier: 'SF', waybill: 'W' }),
        refund: (at) => refundOrder(shop, ann, { idempotencyKey: `r${++made}`, order: some(at), reason: 'x' }),
        cancelSome: (at) =>
          cancelLines(shop, ann, { ...part(some(at), 1 + (at % 2), null), idempotencyKey: `c${++made}` }),
        refundSome: (at) => {
          const request = part(some(at), at % 2, at % 2 ? null : 1 + at * 37)
          return refundLines(shop, ann, { ...request, idempotencyKey: `f${++made}` })
        },
        ask: () => askAboutPayments(shop),
        back: () => sendRefunds(shop),
        wait: async () => {
          shop.at = new Date(shop.at.getTime() + 600_000)
          await expireOverdue(shop)
        },
      }
      const step = fc.tuple(fc.constantFrom(...Object.keys(deeds), 'place', 'place', 'pay', 'pay'), fc.nat(50))
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          for (const [deed, at] of steps) await refusalOf(deeds[deed]?.(at) ?? Promise.resolve())
          expect(await moneyDifferences(shop.db)).toEqual([])
          expect(await stockDifferences(shop.db)).toEqual([])
        }),
        { numRuns: 12 },
      )
      await shop.db.close()
    })
  })
})

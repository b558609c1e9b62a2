import { describe, expect, it } from 'vitest'
import type { Database } from '../../../platform/db/database.js'
import { Failure } from '../../../platform/failure.js'
import { aRequest, aShop, refusalOf, someone, toldBy, VARIANT, type TestShop } from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { fakeClock } from '../../../test/support/fake-clock.js'
import type { PaymentProvider } from '../payment/provider.js'
import { ledgerDifferences } from '../store/movements.js'
import { dueRefunds } from '../store/payments.js'
import { findPurchases } from '../store/purchases.js'
import { findStock } from '../store/stock.js'
import { openCounter } from './counter.js'
import { cancelOrder, confirmReceipt, shipOrder } from './move-order.js'
import { payOrder } from './pay-order.js'
import { refundOrder } from './refund-order.js'
import { askAboutPayments, expireOverdue, sendRefunds } from './rounds.js'
import { settlePayment } from './settle-payment.js'

const ann = someone('ann', 'member')
const shopkeeper = someone('shop', 'operator')
const parcel = (id: string) => ({ id, carrier: 'SF', waybill: 'SF1' })
const stockOf = async (shop: TestShop) => (await findStock(shop.db, [VARIANT])).get(VARIANT)
const orderOf = async (shop: TestShop, id: string) => (await findPurchases(shop.db, [id])).get(id)
const pay = (shop: TestShop, order: string, key = 'p', method = 'card') =>
  payOrder(shop, ann, { idempotencyKey: key, order, method })
const minutes = (shop: TestShop, count: number) => (shop.at = new Date(shop.at.getTime() + count * 60_000))

async function placed(shop: TestShop, key = 'k'): Promise<string> {
  return openCounter(shop, { most: 10, waitMs: 0, limit: 10 }).place(aRequest('ann', key))
}

/** A database whose every transaction does its work and then dies. */
function cutBeforeCommit(db: Database): Database {
  const dies = async <T>(work: (tx: Database) => Promise<T>): Promise<T> => {
    return db.transaction(async (tx) => {
      await work(tx)
      throw new Error('the process was killed')
    })
  }
  return { query: (sql, values) => db.query(sql, values), transaction: dies, close: () => db.close() }
}

describe('an order', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('is paid, shipped and received, and its pieces are sold once', async () => {
      const shop = await aShop(await openDatabase())
      const order = await placed(shop)
      await pay(shop, order)
      expect(await stockOf(shop)).toMatchObject({ reserved: 0, sold: 1, available: 49 })
      await shipOrder(shop, shopkeeper, parcel(order))
      await shipOrder(shop, shopkeeper, parcel(order))
      await confirmReceipt(shop, ann, order)
      const states = (await toldBy(shop.db)).flatMap((event) => (event.kind === 'orders.moved' ? [event.state] : []))
      expect(states).toEqual(['RESERVED', 'PAYING', 'PAID', 'SHIPPED', 'COMPLETED'])
      expect(await ledgerDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('cannot be shipped before it is paid, nor cancelled after it', async () => {
      const shop = await aShop(await openDatabase())
      const order = await placed(shop)
      expect(await refusalOf(shipOrder(shop, shopkeeper, parcel(order)))).toBe('STATE_FORBIDS')
      await pay(shop, order)
      expect(await refusalOf(cancelOrder(shop, ann, { id: order, reason: null }))).toBe('STATE_FORBIDS')
      await shop.db.close()
    })

    it('gives its pieces back once when it is cancelled, however often and at once', async () => {
      const shop = await aShop(await openDatabase())
      const order = await placed(shop)
      await Promise.all([1, 2, 3].map(() => cancelOrder(shop, ann, { id: order, reason: 'no' })))
      expect(await stockOf(shop)).toMatchObject({ reserved: 0, available: 50 })
      expect(await ledgerDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('R25 expires by the time of the database, whatever the clock of the process says', async () => {
      const clock = fakeClock('2031-01-01T00:00:00Z') // years ahead
      const shop = await aShop(await openDatabase(), 50)
      const jumped = { ...shop, clock }
      const order = await placed(shop)
      await clock.advance(3_600_000)
      await expireOverdue(jumped)
      expect((await orderOf(shop, order))?.state).toBe('RESERVED')
      minutes(shop, 15)
      await Promise.all([expireOverdue(shop), expireOverdue(shop)])
      expect((await orderOf(shop, order))?.state).toBe('EXPIRED')
      expect(await stockOf(shop)).toMatchObject({ reserved: 0, available: 50 })
      await shop.db.close()
    })

    it('is not paid after its reservation has expired', async () => {
      const shop = await aShop(await openDatabase())
      const order = await placed(shop)
      minutes(shop, 15)
      expect(await refusalOf(pay(shop, order))).toBe('STATE_FORBIDS')
      await shop.db.close()
    })

    it('R06 keeps a declined payment under its key, but not one that nobody answered', async () => {
      const shop = await aShop(await openDatabase())
      const order = await placed(shop)
      shop.provider.next = 'down'
      expect(await refusalOf(pay(shop, order))).toBe('PARTNER_UNAVAILABLE')
      shop.provider.next = 'DECLINED'
      expect(await refusalOf(pay(shop, order))).toBe('PAYMENT_DECLINED')
      shop.provider.next = 'SUCCEEDED'
      expect(await refusalOf(pay(shop, order))).toBe('PAYMENT_DECLINED')
      expect(await refusalOf(pay(shop, order, 'p', 'other'))).toBe('IDEMPOTENCY_MISMATCH')
      expect(await pay(shop, order, 'p2')).toBe(order)
      expect((await orderOf(shop, order))?.state).toBe('PAID')
      await shop.db.close()
    })

    it('is as unpaid as before when its provider takes no such charge', async () => {
      const shop = await aShop(await openDatabase())
      const order = await placed(shop)
      const charge = () => Promise.reject(new Failure('PARTNER_REFUSED', 'no such method'))
      const strict = { ...shop, provider: { ...shop.provider, charge } }
      const paying = payOrder(strict, ann, { idempotencyKey: 'p', order, method: 'shells' })
      expect(await refusalOf(paying)).toBe('PAYMENT_DECLINED')
      expect((await orderOf(shop, order))?.state).toBe('RESERVED')
      await shop.db.close()
    })

    it('R01 is charged once, however often it is paid under one key', async () => {
      const shop = await aShop(await openDatabase())
      const order = await placed(shop)
      await Promise.all([1, 2, 3, 4].map(() => pay(shop, order)))
      await pay(shop, order)
      expect(shop.provider.charges.size).toBe(1)
      expect(await orderOf(shop, order)).toMatchObject({ state: 'PAID', paid_minor: 1000 })
      await shop.db.close()
    })

    it('R04 goes on from where it was cut off: charged, but the answer never came', async () => {
      const shop = await aShop(await openDatabase())
      const { provider } = shop
      const cut: PaymentProvider['charge'] = async (request) => {
        await provider.charge(request)
        throw new Failure('PARTNER_UNAVAILABLE', 'the connection was cut')
      }
      const dying = { ...shop, provider: { ...provider, charge: cut } }
      const [retried, forgotten] = [await placed(shop, 'a'), await placed(shop, 'b')]
      for (const order of [retried, forgotten]) expect(await refusalOf(pay(dying, order, order))).not.toBe('')
      expect((await orderOf(shop, retried))?.state).toBe('PAYING')
      expect(await pay(shop, retried, retried)).toBe(retried)
      minutes(shop, 1)
      await askAboutPayments(shop)
      const states = await findPurchases(shop.db, [retried, forgotten])
      expect([...states.values()].map(({ state }) => state)).toEqual(['PAID', 'PAID'])
      expect(shop.provider.charges.size).toBe(2)
      await shop.db.close()
    })

    it('R04 leaves nothing of a placing that was cut off before its commit', async () => {
      const shop = await aShop(await openDatabase())
      const dying = { ...shop, db: cutBeforeCommit(shop.db) }
      const counter = openCounter(dying, { most: 10, waitMs: 0, limit: 10 })
      await expect(counter.place(aRequest('ann', 'k'))).rejects.toThrow('the process was killed')
      expect(await stockOf(shop)).toMatchObject({ reserved: 0, available: 50 })
      expect(await placed(shop)).toMatch(/^Order:/)
      expect(await stockOf(shop)).toMatchObject({ reserved: 1, available: 49 })
      await shop.db.close()
    })

    it('believes money that came over a refusal, in whatever order they are told', async () => {
      const shop = await aShop(await openDatabase())
      shop.provider.next = 'PENDING'
      const order = await placed(shop)
      await pay(shop, order)
      const [payment = ''] = shop.provider.charges.keys()
      for (const decision of ['DECLINED', 'SUCCEEDED', 'DECLINED', 'SUCCEEDED'] as const)
        await settlePayment(shop, payment, decision)
      expect(await orderOf(shop, order)).toMatchObject({ state: 'PAID', paid_minor: 1000 })
      expect(await stockOf(shop)).toMatchObject({ reserved: 0, sold: 1 })
      await shop.db.close()
    })

    it('asks for a result that was lost', async () => {
      const shop = await aShop(await openDatabase())
      shop.provider.next = 'PENDING'
      const order = await placed(shop)
      await pay(shop, order)
      const [payment = ''] = shop.provider.charges.keys()
      shop.provider.decide(payment, 'SUCCEEDED')
      minutes(shop, 1)
      await askAboutPayments(shop)
      expect((await orderOf(shop, order))?.state).toBe('PAID')
      await shop.db.close()
    })

    it('gives money back that came after it had expired', async () => {
      const shop = await aShop(await openDatabase())
      shop.provider.next = 'PENDING'
      const order = await placed(shop)
      await pay(shop, order)
      minutes(shop, 21)
      await expireOverdue(shop)
      const [payment = ''] = shop.provider.charges.keys()
      await settlePayment(shop, payment, 'SUCCEEDED')
      await sendRefunds(shop)
      await sendRefunds(shop)
      expect([...shop.provider.refunds.values()]).toEqual([1000])
      expect((await orderOf(shop, order))?.state).toBe('EXPIRED')
      expect(await stockOf(shop)).toMatchObject({ reserved: 0, sold: 0, available: 50 })
      await shop.db.close()
    })

    it('is refunded once: its money and its pieces go back', async () => {
      const shop = await aShop(await openDatabase())
      const order = await placed(shop)
      await pay(shop, order)
      await shipOrder(shop, shopkeeper, parcel(order))
      const refund = (key: string) => refundOrder(shop, ann, { idempotencyKey: key, order, reason: 'too small' })
      await Promise.all([refund('r'), refund('r')])
      expect(await refusalOf(refund('another'))).toBe('STATE_FORBIDS')
      expect(await stockOf(shop)).toMatchObject({ sold: 0, available: 50 })
      await sendRefunds(shop)
      expect([...shop.provider.refunds.values()]).toEqual([1000])
      expect(await dueRefunds(shop.db, 10)).toEqual([])
      expect(await orderOf(shop, order)).toMatchObject({ state: 'REFUNDED', paid_minor: 1000, refunded_minor: 1000 })
      expect(await ledgerDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('is not there for a foreign member', async () => {
      const shop = await aShop(await openDatabase())
      const order = await placed(shop)
      const bob = someone('bob', 'member')
      expect(await refusalOf(cancelOrder(shop, bob, { id: order, reason: null }))).toBe('NOT_FOUND')
      expect(await refusalOf(payOrder(shop, bob, { idempotencyKey: 'p', order, method: 'card' }))).toBe('NOT_FOUND')
      await shop.db.close()
    })
  })
})

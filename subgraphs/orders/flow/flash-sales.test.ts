import { describe, expect, it } from 'vitest'
import {
  aLine,
  aRequest,
  aShop,
  liveRoom,
  refusalOf,
  someone,
  toldBy,
  VARIANT,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { findFlashSales, wakingFlashSales } from '../store/flash-sales.js'
import { ledgerDifferences } from '../store/movements.js'
import { findStock } from '../store/stock.js'
import { openCounter } from './counter.js'
import { closeFlashSale, openFlashSale, turnFlashSales, type SaleRequest } from './flash-sales.js'
import { setFloor } from './open-offers.js'
import { cancelOrder } from './move-order.js'
import { payOrder } from './pay-order.js'
import { refundOrder } from './refund-order.js'
import { expireOverdue } from './rounds.js'

const operator = someone('op', 'operator')
const request: SaleRequest = {
  room: null,
  variant: VARIANT,
  price: { amountMinor: 100, currency: 'CNY' },
  quota: 10,
  perMember: 2,
  startsAt: null,
  endsAt: null,
}
const openSale = (shop: TestShop, some: Partial<SaleRequest> = {}, who = operator) =>
  openFlashSale(shop, who, { ...request, ...some })
const stockOf = async (shop: TestShop) => (await findStock(shop.db, [VARIANT])).get(VARIANT)
const saleOf = async (shop: TestShop, id: string) => (await findFlashSales(shop.db, [id])).get(id)
const minutes = (shop: TestShop, count: number) => (shop.at = new Date(shop.at.getTime() + count * 60_000))

function buyerOf(shop: TestShop, flashSale: string) {
  const counter = openCounter(shop, { most: 64, waitMs: 1, limit: 1000 })
  return (member: string, key: string, quantity = 1) =>
    counter.place(aRequest(member, key, { lines: [aLine({ quantity, flashSale })] }))
}

async function toldStates(shop: TestShop): Promise<readonly string[]> {
  const told = await toldBy(shop.db)
  return told.flatMap((event) => (event.kind === 'orders.flashSaleChanged' ? [`${event.state} ${event.left}`] : []))
}

describe('a flash sale', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('takes its quota out of what is available, and never more than there is', async () => {
      const shop = await aShop(await openDatabase(), 15)
      await openSale(shop)
      expect(await stockOf(shop)).toMatchObject({ reserved: 10, available: 5 })
      expect(await refusalOf(openSale(shop))).toBe('STOCK_SHORT')
      await shop.db.close()
    })

    it('is not opened below the floor, which its price would be held at', async () => {
      const shop = await aShop(await openDatabase())
      await setFloor(shop, { variant: VARIANT, floorMinor: 101, currency: 'CNY' })
      expect(await refusalOf(openSale(shop))).toBe('BELOW_FLOOR')
      await setFloor(shop, { variant: VARIANT, floorMinor: 100, currency: 'CNY' })
      expect(await openSale(shop)).toMatch(/^FlashSale:/)
      await shop.db.close()
    })

    it('sells its quota to 60 who come at once, no more and at its price, and is told sold out', async () => {
      const shop = await aShop(await openDatabase(), 50)
      const sale = await openSale(shop)
      const buy = buyerOf(shop, sale)
      const results = await Promise.allSettled(Array.from({ length: 60 }, (_, at) => buy(`m${at}`, `k${at}`)))
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
      expect(await saleOf(shop, sale)).toMatchObject({ held: 10, told_state: 'SOLD_OUT' })
      expect((await toldStates(shop)).at(-1)).toBe('SOLD_OUT 0')
      expect(await stockOf(shop)).toMatchObject({ reserved: 10, available: 40 })
      await shop.db.close()
    })

    it('holds the limit per member, within a batch and between batches', async () => {
      const shop = await aShop(await openDatabase())
      const buy = buyerOf(shop, await openSale(shop))
      const together = await Promise.allSettled([buy('ann', '1'), buy('ann', '2'), buy('ann', '3'), buy('bob', '1')])
      expect(together.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
      expect(await refusalOf(buy('ann', '4'))).toBe('LIMIT_PER_MEMBER')
      await shop.db.close()
    })

    it('takes back into the sale what is given up, also from the limit of its member', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await openSale(shop, { quota: 1 })
      const buy = buyerOf(shop, sale)
      const order = await buy('ann', '1')
      expect(await refusalOf(buy('bob', '1'))).toBe('OFFER_CLOSED')
      await cancelOrder(shop, someone('ann', 'member'), { id: order, reason: null })
      expect((await toldStates(shop)).slice(-2)).toEqual(['SOLD_OUT 0', 'OPEN 1'])
      expect(await buy('bob', '2')).toMatch(/^Order:/)
      expect(await ledgerDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('gives the rest back when it is closed, and what is held when that is given up', async () => {
      const shop = await aShop(await openDatabase(), 10)
      const sale = await openSale(shop)
      const buy = buyerOf(shop, sale)
      const [held, paid] = [await buy('ann', '1'), await buy('ann', '2')]
      await payOrder(shop, someone('ann', 'member'), { idempotencyKey: 'p', order: paid, method: 'card' })
      await closeFlashSale(shop, operator, sale)
      await closeFlashSale(shop, operator, sale)
      expect(await stockOf(shop)).toMatchObject({ reserved: 1, sold: 1, available: 8 })
      minutes(shop, 15)
      await expireOverdue(shop)
      await refundOrder(shop, operator, { idempotencyKey: 'r', order: paid, reason: 'broken' })
      expect(await stockOf(shop)).toMatchObject({ reserved: 0, sold: 0, available: 10 })
      expect(held).not.toBe(paid)
      expect(await ledgerDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('R25 begins and ends by the time of the database', async () => {
      const shop = await aShop(await openDatabase())
      const [startsAt, endsAt] = [10, 20].map((count) => new Date(shop.at.getTime() + count * 60_000))
      const sale = await openSale(shop, { startsAt: startsAt ?? null, endsAt: endsAt ?? null })
      const buy = buyerOf(shop, sale)
      const turn = async () => turnFlashSales(shop, await wakingFlashSales(shop.db, shop.at, 10))
      await turn()
      expect(await refusalOf(buy('ann', '1'))).toBe('OFFER_CLOSED')
      minutes(shop, 10)
      await turn()
      expect(await buy('ann', '2')).toMatch(/^Order:/)
      minutes(shop, 10)
      expect(await refusalOf(buy('ann', '3'))).toBe('OFFER_CLOSED')
      await turn()
      expect(await toldStates(shop)).toEqual(['SCHEDULED 10', 'OPEN 10', 'OPEN 9', 'CLOSED 0'])
      expect(await stockOf(shop)).toMatchObject({ reserved: 1, available: 49 })
      await shop.db.close()
    })

    it('is opened and closed by the host of its room, and by no other', async () => {
      const shop = await aShop(await openDatabase())
      await liveRoom(shop)
      const host = someone('host', 'host')
      const sale = await openSale(shop, { room: 'Room:r1' }, host)
      expect(await refusalOf(openSale(shop, { room: 'Room:r1' }, someone('eve', 'host')))).toBe('FORBIDDEN')
      expect(await refusalOf(openSale(shop, { room: null }, host))).toBe('FORBIDDEN')
      expect(await refusalOf(closeFlashSale(shop, someone('eve', 'host'), sale))).toBe('FORBIDDEN')
      expect(await closeFlashSale(shop, host, sale)).toBe(sale)
      await shop.db.close()
    })

    it('sells in its own room only, and in the currency of its goods', async () => {
      const shop = await aShop(await openDatabase())
      await liveRoom(shop)
      const buy = buyerOf(shop, await openSale(shop, { room: 'Room:r1' }))
      expect(await refusalOf(buy('ann', '1'))).toBe('NOT_FOUND')
      const foreign = { price: { amountMinor: 1, currency: 'USD' } }
      expect(await refusalOf(openSale(shop, foreign))).toBe('CURRENCY_MIXED')
      await shop.db.close()
    })
  })
})

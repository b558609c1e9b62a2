import { describe, expect, it } from 'vitest'
import { aLine, aRequest, aShop, feed, liveRoom, toldBy, VARIANT, type TestShop } from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { ANYBODY } from '../domain/draft.js'
import { findGoods } from '../store/goods.js'
import { ledgerDifferences } from '../store/movements.js'
import { findStock } from '../store/stock.js'
import { openCounter } from './counter.js'
import { hearRooms } from './hear.js'
import { quoteOrder } from './quote-order.js'
import { setStock } from './set-stock.js'

const stockOf = async (shop: TestShop) => (await findStock(shop.db, [VARIANT])).get(VARIANT)
const priceIn = async (shop: TestShop, room: string | null) =>
  (await quoteOrder(shop, [aLine({ room })], ANYBODY)).total.amountMinor
const kinds = async (shop: TestShop, kind: string) => (await toldBy(shop.db)).filter((event) => event.kind === kind)

describe('what others told', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('is never overwritten by something older', async () => {
      const shop = await aShop(await openDatabase())
      await feed(shop, { version: 5, priceMinor: 900, quantity: 7 })
      await feed(shop, { version: 4, priceMinor: 800, quantity: 3 })
      expect((await findGoods(shop.db, [VARIANT])).get(VARIANT)).toMatchObject({ version: 5, list_minor: 900 })
      expect(await stockOf(shop)).toMatchObject({ available: 7 })
      await shop.db.close()
    })

    it('sets what is available, and leaves what is held as it is', async () => {
      const shop = await aShop(await openDatabase(), 10)
      const counter = openCounter(shop, { most: 10, waitMs: 0, limit: 10 })
      await counter.place(aRequest('ann', 'k', { lines: [aLine({ quantity: 4 })] }))
      await feed(shop, { version: 2, quantity: 3 })
      expect(await stockOf(shop)).toMatchObject({ on_hand: 7, reserved: 4, available: 3 })
      await feed(shop, { version: 3, quantity: null })
      expect(await stockOf(shop)).toMatchObject({ available: 3 })
      expect(await ledgerDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('takes a quantity over once, whatever newer came without one', async () => {
      const shop = await aShop(await openDatabase(), 10)
      await feed(shop, { version: 3, quantity: null })
      await feed(shop, { version: 2, quantity: 4 })
      await feed(shop, { version: 2, quantity: 4 })
      expect(await stockOf(shop)).toMatchObject({ available: 4 })
      await shop.db.close()
    })

    it('tells a price only when it is another one', async () => {
      const shop = await aShop(await openDatabase())
      await feed(shop, { version: 2, title: 'Another name' })
      await feed(shop, { version: 3, priceMinor: 500 })
      const told = (await toldBy(shop.db)).flatMap((event) =>
        event.kind === 'orders.priceChanged' ? [[event.version, event.listMinor]] : [],
      )
      expect(told).toEqual([
        [1, 1000],
        [3, 500],
      ])
      await shop.db.close()
    })

    it('makes a room price hold in its live room, and nowhere else', async () => {
      const shop = await aShop(await openDatabase())
      await liveRoom(shop, 'Room:r1', 700)
      expect([await priceIn(shop, 'Room:r1'), await priceIn(shop, null)]).toEqual([700, 1000])
      const ended = { id: 'e', at: '2026-11-11T13:00:00Z', kind: 'rooms.roomChanged', room: 'Room:r1', version: 2 }
      await shop.db.transaction((tx) => hearRooms(tx, [{ ...ended, state: 'ENDED', host: 'Member:host', title: 'x' }]))
      expect(await priceIn(shop, 'Room:r1')).toBe(1000)
      await liveRoom(shop, 'Room:r1', 700) // version 1 again
      expect(await priceIn(shop, 'Room:r1')).toBe(1000)
      await shop.db.close()
    })

    it('leaves room for a count, which is told', async () => {
      const shop = await aShop(await openDatabase(), 10)
      await setStock(shop, { variant: VARIANT, available: 3, reason: 'counted' })
      await setStock(shop, { variant: VARIANT, available: 3, reason: 'counted again' })
      expect(await kinds(shop, 'orders.stockChanged')).toMatchObject([{ available: 10 }, { available: 3 }])
      await shop.db.close()
    })

    it('keeps movements for ever', async () => {
      const shop = await aShop(await openDatabase(), 10)
      await expect(shop.db.query('delete from orders.movement')).rejects.toThrow('movements are only added')
      await expect(shop.db.query('update orders.movement set quantity = 1')).rejects.toThrow('only added')
      await shop.db.close()
    })

    it('never lets a balance go below nothing', async () => {
      const shop = await aShop(await openDatabase(), 10)
      await expect(shop.db.query('update orders.stock set reserved = reserved + 11')).rejects.toThrow('check')
      await shop.db.close()
    })
  })
})

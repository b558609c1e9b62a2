import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../platform/time/clock.js'
import { aLine, aRequest, aShop, feed, liveRoom, refusalOf, toldBy, VARIANT } from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { ledgerDifferences } from '../store/movements.js'
import { linesOf } from '../store/lines.js'
import { findStock } from '../store/stock.js'
import { openCounter, type Counter } from './counter.js'
import { forgetKeys } from './rounds.js'
import type { Shop } from './shop.js'

const open = (shop: Shop, limit = 1000): Counter => openCounter(shop, { most: 64, waitMs: 1, limit })
const stockOf = async (shop: Shop) => (await findStock(shop.db, [VARIANT])).get(VARIANT)

describe('placing orders', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('sells 50 pieces to 200 concurrent buyers exactly once each', async () => {
      const shop = await aShop(await openDatabase(), 50)
      const [left, right] = [open(shop), open(shop)]
      const buyers = Array.from({ length: 200 }, (_, at) => (at % 2 ? left : right).place(aRequest(`m${at}`, `k${at}`)))
      const results = await Promise.allSettled(buyers)
      const placed = results.filter((result) => result.status === 'fulfilled')
      expect(placed).toHaveLength(50)
      expect(new Set(placed.map((result) => result.value)).size).toBe(50)
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'STOCK_SHORT' })
      expect(await stockOf(shop)).toMatchObject({ on_hand: 50, reserved: 50, sold: 0, available: 0 })
      expect(await ledgerDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('R01 answers the same key and body with the same order, and holds its piece once', async () => {
      const shop = await aShop(await openDatabase())
      const counter = open(shop)
      const first = await counter.place(aRequest('ann', 'k'))
      expect(await counter.place(aRequest('ann', 'k'))).toBe(first)
      expect(await counter.place(aRequest('bob', 'k'))).not.toBe(first)
      expect(await stockOf(shop)).toMatchObject({ reserved: 2 })
      await shop.db.close()
    })

    it('R01 answers a refusal with the same refusal, also when pieces have come since', async () => {
      const shop = await aShop(await openDatabase(), 0)
      const counter = open(shop)
      expect(await refusalOf(counter.place(aRequest('ann', 'k')))).toBe('STOCK_SHORT')
      await feed(shop, { version: 2, quantity: 5 })
      expect(await refusalOf(counter.place(aRequest('ann', 'k')))).toBe('STOCK_SHORT')
      expect(await counter.place(aRequest('ann', 'k2'))).toMatch(/^Order:/)
      await shop.db.close()
    })

    it('R01 knows a key for more than a day, and forgets it after three', async () => {
      const shop = await aShop(await openDatabase())
      const counter = open(shop)
      const first = await counter.place(aRequest('ann', 'k'))
      const days = async (count: number): Promise<string> => {
        shop.at = new Date(systemClock.now().getTime() + count * 86_400_000) // the row bears the database's own time
        await forgetKeys(shop)
        return counter.place(aRequest('ann', 'k'))
      }
      expect(await days(1)).toBe(first)
      expect(await days(2)).toBe(first)
      expect(await days(4)).not.toBe(first)
      await shop.db.close()
    })

    it('R02 refuses the same key with another body, without any effect', async () => {
      const shop = await aShop(await openDatabase())
      const counter = open(shop)
      await counter.place(aRequest('ann', 'k'))
      const other = aRequest('ann', 'k', { lines: [aLine({ quantity: 2 })] })
      expect(await refusalOf(counter.place(other))).toBe('IDEMPOTENCY_MISMATCH')
      const together = [
        counter.place(aRequest('bob', 'k')),
        counter.place({ ...other, ...aRequest('bob', 'k', other) }),
      ]
      expect((await Promise.allSettled(together)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
      expect(await stockOf(shop)).toMatchObject({ reserved: 2 })
      await shop.db.close()
    })

    it('R03 runs one of 50 equal requests that come at once, at two counters', async () => {
      const shop = await aShop(await openDatabase())
      const [left, right] = [open(shop), open(shop)]
      const asked = Array.from({ length: 50 }, (_, at) => (at % 2 ? left : right).place(aRequest('ann', 'k')))
      expect(new Set(await Promise.all(asked)).size).toBe(1)
      expect(await stockOf(shop)).toMatchObject({ reserved: 1 })
      await shop.db.close()
    })

    it('writes where the buyer came from on the line, and tells it', async () => {
      const shop = await aShop(await openDatabase())
      await liveRoom(shop, 'Room:r1', 800)
      const click = { id: 'c.1', link: 'TrackedLink:l1' }
      const line = aLine({ quantity: 3, room: 'Room:r1', outlet: 'app', click })
      const order = await open(shop).place(aRequest('ann', 'k', { lines: [line], expectedTotalMinor: 2400 }))
      const [row] = (await linesOf(shop.db, [order])).get(order) ?? []
      expect(row).toMatchObject({
        room: 'Room:r1',
        host: 'Member:host',
        outlet: 'app',
        campaign_link: 'TrackedLink:l1',
      })
      const told = (await toldBy(shop.db)).find((event) => event.kind === 'orders.moved')
      expect(told).toMatchObject({ order, state: 'RESERVED', totalMinor: 2400, lines: [{ click: 'c.1', quantity: 3 }] })
      await shop.db.close()
    })

    it('refuses a changed price, an unknown variant and an unknown room', async () => {
      const shop = await aShop(await openDatabase())
      const counter = open(shop)
      const code = (some: Parameters<typeof aRequest>[2]) => refusalOf(counter.place(aRequest('ann', 'k', some)))
      expect(await code({ expectedTotalMinor: 999 })).toBe('PRICE_CHANGED')
      expect(await code({ lines: [aLine({ variant: 'Variant:none' })] })).toBe('IDEMPOTENCY_MISMATCH')
      const lost = aRequest('bob', 'k', { lines: [aLine({ variant: 'Variant:none' })] })
      expect(await refusalOf(counter.place(lost))).toBe('NOT_FOUND')
      expect(await refusalOf(counter.place({ ...lost, lines: [aLine({ room: 'Room:none' })] }))).toBe('NOT_FOUND')
      await shop.db.close()
    })

    it('refuses with BUSY what does not fit into the line', async () => {
      const shop = await aShop(await openDatabase())
      const counter = open(shop, 3)
      const codes = await Promise.all(
        Array.from({ length: 5 }, (_, at) => refusalOf(counter.place(aRequest('ann', `k${at}`)))),
      )
      expect(codes.filter((code) => code === 'BUSY')).toHaveLength(2)
      await shop.db.close()
    })

    it('knows a partner order by its number, whatever the key', async () => {
      const shop = await aShop(await openDatabase())
      const counter = open(shop)
      const partner = (key: string, quantity = 1) =>
        aRequest('x', key, {
          buyer: { member: null, partner: 'kuaishou' },
          partnerOrder: 'K1',
          lines: [aLine({ quantity })],
        })
      const [first, twin] = await Promise.all([counter.place(partner('a')), counter.place(partner('b'))])
      expect(twin).toBe(first)
      expect(await counter.place(partner('c'))).toBe(first)
      expect(await refusalOf(counter.place(partner('d', 2)))).toBe('IDEMPOTENCY_MISMATCH')
      expect(await stockOf(shop)).toMatchObject({ reserved: 1 })
      await shop.db.close()
    })
  })
})

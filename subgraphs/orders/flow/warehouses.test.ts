import { describe, expect, it } from 'vitest'
import {
  aLine,
  aRequest,
  aShop,
  bind,
  deliver,
  feed,
  refusalOf,
  someone,
  VARIANT,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { MAIN } from '../domain/warehouses.js'
import { moneyDifferences, stockDifferences } from '../store/audits.js'
import { linesOf } from '../store/lines.js'
import { parcelsOf } from '../store/parcels.js'
import { freeAt, findStock } from '../store/stock.js'
import { openCounter } from './counter.js'
import { closeFlashSale, openFlashSale } from './flash-sales.js'
import { cancelOrder, shipOrder } from './move-order.js'
import { payOrder } from './pay-order.js'
import { cancelLines } from './refund-order.js'
import { inspectReturn, moveReturn, requestReturn } from './return-goods.js'
import { saveWarehouse, warehousesFor } from './save-warehouse.js'
import { setStock } from './set-stock.js'

const [ann, operator] = [someone('ann', 'member'), someone('op', 'operator')]
const counterOf = (shop: TestShop) => openCounter(shop, { most: 64, waitMs: 1, limit: 1000 })
const stored = async (shop: TestShop, warehouse: string, available: number, serves: readonly string[] = []) => {
  const asked = { seller: null, name: warehouse, region: null, serves }
  const { id } = await saveWarehouse(shop, operator, asked)
  await setStock(shop, { variant: VARIANT, warehouse: id, available, reason: 'came in' })
  return id
}
const freeOf = async (shop: TestShop, warehouse: string) => {
  const row = (await findStock(shop.db, [VARIANT])).get(VARIANT)
  return row === undefined ? null : freeAt(row, warehouse)
}
const leaving = async (shop: TestShop, order: string) =>
  ((await linesOf(shop.db, [order])).get(order) ?? []).map((line) => line.warehouse)
async function expectRight(shop: TestShop): Promise<void> {
  expect(await stockDifferences(shop.db)).toEqual([])
  expect(await moneyDifferences(shop.db)).toEqual([])
  await shop.db.close()
}

describe('warehouses', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('send what they serve, and a feed speaks of the main one', async () => {
      const shop = await aShop(await openDatabase(), 2)
      const east = await stored(shop, 'east', 3, ['31'])
      const counter = counterOf(shop)
      const near = await counter.place(aRequest('ann', '1', { region: '310101', lines: [aLine({ quantity: 2 })] }))
      const far = await counter.place(aRequest('ann', '2', { region: '650102' }))
      expect([await leaving(shop, near), await leaving(shop, far)]).toEqual([[east], [MAIN]])
      await feed(shop, { version: 2, quantity: 0 })
      expect([await freeOf(shop, MAIN), await freeOf(shop, east)]).toEqual([0, 1])
      expect(await refusalOf(counter.place(aRequest('ann', '3', { region: '650102' })))).toBe('NOT_DELIVERED')
      expect(await refusalOf(counter.place(aRequest('ann', '4', { lines: [aLine({ quantity: 2 })] })))).toBe('STOCK_SHORT') // prettier-ignore
      expect((await findStock(shop.db, [VARIANT])).get(VARIANT)).toMatchObject({ available: 1, reserved: 3 })
      await expectRight(shop)
    })

    it('each get a parcel of an order, and have back what they sent', async () => {
      const shop = await aShop(await openDatabase(), 3)
      const east = await stored(shop, 'east', 2, ['31'])
      const lines = [aLine({ quantity: 3 }), aLine({ quantity: 2 })]
      const order = await counterOf(shop).place(aRequest('ann', '1', { region: '310101', lines }))
      await payOrder(shop, ann, { idempotencyKey: 'p', order, method: 'card' })
      const parcels = (await parcelsOf(shop.db, [order])).get(order) ?? []
      expect(parcels.map(({ seller, warehouse }) => [seller, warehouse])).toEqual([
        ['shop', MAIN],
        ['shop', east],
      ])
      const [first, second] = (await linesOf(shop.db, [order])).get(order) ?? []
      const part = { line: second?.id ?? '', pieces: 1, amountMinor: null }
      await cancelLines(shop, operator, { idempotencyKey: 'c', order, reason: 'r', lines: [part] })
      expect([await freeOf(shop, MAIN), await freeOf(shop, east)]).toEqual([0, 1])
      await shipOrder(shop, operator, { id: order, carrier: 'SF', waybill: 'W' })
      const back = await requestReturn(shop, ann, {
        ...{ idempotencyKey: 'r', order, reason: 'no', lines: [{ line: first?.id ?? '', pieces: 2 }] },
        ...{ wantVariant: VARIANT, mostDifferenceMinor: 0 },
      })
      for (const deed of ['approve', 'sendBack', 'receive'] as const)
        await moveReturn(shop, operator, { idempotencyKey: deed, id: back, deed })
      const found = { line: first?.id ?? '', accepted: 2, damaged: 1, reason: 'torn' }
      await inspectReturn(shop, operator, { idempotencyKey: 'i', id: back, findings: [found] })
      expect([await freeOf(shop, MAIN), await freeOf(shop, east)]).toEqual([1, 1])
      await expectRight(shop)
    })

    it('give a flash sale its pieces, all from one, and have back what is left', async () => {
      const shop = await aShop(await openDatabase(), 3)
      const east = await stored(shop, 'east', 4, ['31'])
      const sale = { room: null, variant: VARIANT, price: { amountMinor: 100, currency: 'CNY' }, perMember: 9 }
      const times = { startsAt: null, endsAt: null }
      expect(await refusalOf(openFlashSale(shop, operator, { ...sale, ...times, quota: 5 }))).toBe('STOCK_SHORT')
      const flashSale = await openFlashSale(shop, operator, { ...sale, ...times, quota: 4 })
      expect([await freeOf(shop, MAIN), await freeOf(shop, east)]).toEqual([3, 0])
      const buy = (key: string, region: string) =>
        counterOf(shop).place(aRequest('ann', key, { region, lines: [aLine({ flashSale, quantity: 2 })] }))
      expect(await refusalOf(buy('1', '110101'))).toBe('NOT_DELIVERED')
      const order = await buy('2', '310101')
      expect(await leaving(shop, order)).toEqual([east])
      await closeFlashSale(shop, operator, flashSale)
      await cancelOrder(shop, ann, { id: order, reason: null })
      expect([await freeOf(shop, MAIN), await freeOf(shop, east)]).toEqual([3, 4])
      await expectRight(shop)
    })

    it('sell each piece once when two counters, counts and feeds meet', async () => {
      const shop = await aShop(await openDatabase(), 20)
      const east = await stored(shop, 'east', 20, ['31'])
      const counters = [counterOf(shop), counterOf(shop)]
      const buying = Array.from({ length: 60 }, async (_, at) => {
        const order = await counters[at % 2]?.place(
          aRequest(`m${at}`, `k${at}`, { region: at % 3 ? '310101' : '110101' }),
        )
        if (at % 4 === 0) await cancelOrder(shop, operator, { id: order ?? '', reason: null })
      })
      const west = stored(shop, 'west', 3)
      await Promise.allSettled([...buying, west])
      const free = await Promise.all([MAIN, east, await west].map((warehouse) => freeOf(shop, warehouse)))
      expect(Math.min(...free.map((pieces) => pieces ?? -1))).toBeGreaterThanOrEqual(0)
      expect((await findStock(shop.db, [VARIANT])).get(VARIANT)?.available).toBe(free.reduce((a, b) => (a ?? 0) + (b ?? 0), 0)) // prettier-ignore
      await expectRight(shop)
    })

    it('are kept by operators, and by merchants for the sellers that they act for', async () => {
      const shop = await aShop(await openDatabase())
      const mia = someone('mia', 'merchant')
      const asked = { name: 'south', region: '4401', serves: ['44'] }
      expect(await refusalOf(saveWarehouse(shop, mia, { ...asked, seller: 'other' }))).toBe('FORBIDDEN')
      expect(await refusalOf(saveWarehouse(shop, mia, { ...asked, seller: null }))).toBe('FORBIDDEN')
      await bind(shop, 'mia', ['other'])
      const { id } = await saveWarehouse(shop, mia, { ...asked, seller: 'other' })
      expect((await saveWarehouse(shop, mia, { ...asked, seller: 'other', serves: [] })).id).toBe(id)
      expect((await warehousesFor(shop, mia)).map(({ name, serves }) => [name, serves])).toEqual([
        ['main', []],
        ['south', []],
      ])
      const count = { variant: VARIANT, available: 1, reason: 'r' }
      expect(await refusalOf(setStock(shop, { ...count, warehouse: id }))).toBe('FORBIDDEN')
      expect(await refusalOf(setStock(shop, { ...count, warehouse: 'Warehouse:none' }))).toBe('NOT_FOUND')
      await shop.db.close()
    })

    it('refuse what catalog says is not delivered to a region, also of variants that came later', async () => {
      const shop = await aShop(await openDatabase())
      const place = (key: string, region: string, variant = VARIANT) =>
        refusalOf(counterOf(shop).place(aRequest('ann', key, { region, lines: [aLine({ variant })] })))
      await deliver(shop, { version: 2, except: ['65'] })
      await deliver(shop, { version: 1, except: ['11'] })
      await feed(shop, { variant: 'Variant:late' })
      expect(await place('1', '650102')).toBe('NOT_DELIVERED')
      expect(await place('2', '650102', 'Variant:late')).toBe('NOT_DELIVERED')
      expect(await place('3', '110101')).toBe('nothing was refused')
      await shop.db.close()
    })
  })
})

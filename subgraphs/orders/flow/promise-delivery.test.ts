import { describe, expect, it } from 'vitest'
import { aLine, aShop, feed, someone, VARIANT, type TestShop } from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { fakeClock } from '../../../test/support/fake-clock.js'
import { ORDERS } from '../../../test/support/standing.js'
import { readWarehouses } from '../domain/delivery-promise.js'
import { ANYBODY } from '../domain/draft.js'
import { promiseDelivery } from './promise-delivery.js'
import { quoteOrder } from './quote-order.js'
import { saveWarehouse } from './save-warehouse.js'
import { setStock } from './set-stock.js'

const operator = someone('op', 'operator')
const warehouses = readWarehouses('310000: 31=1 *=3; 440000: 44=1 31=5 *=4')

eachMigrated(ORDERS, (openDatabase) => {
  /** A shop whose main warehouse is empty. */
  async function opened(): Promise<TestShop> {
    const shop = await aShop(await openDatabase(), 0, fakeClock('2026-11-11T02:00:00Z'))
    return { ...shop, terms: { ...shop.terms, warehouses } }
  }
  async function stored(shop: TestShop, region: string, of: { serves?: readonly string[]; variant?: string } = {}) {
    const { id } = await saveWarehouse(shop, operator, { seller: null, name: region, region, serves: of.serves ?? [] })
    await setStock(shop, { variant: of.variant ?? VARIANT, warehouse: id, available: 5, reason: 'came in' })
  }
  const promised = async (shop: TestShop, region: string, lines = [aLine()]) => {
    const promise = await promiseDelivery(shop, await quoteOrder(shop, lines, ANYBODY), region)
    return promise && [promise.warehouse, promise.arrivesBy.toISOString().slice(0, 10)]
  }

  describe('the promise of a quote', () => {
    it('is that of the warehouse which has the goods, not of the one that is fastest there', async () => {
      const shop = await opened()
      await stored(shop, '440000')
      expect(await promised(shop, '310101')).toEqual(['440000', '2026-11-16'])
      await shop.db.close()
    })

    it('is that of its slowest line', async () => {
      const shop = await opened()
      await feed(shop, { variant: 'Variant:v2', quantity: 0 })
      await stored(shop, '310000')
      await stored(shop, '440000', { variant: 'Variant:v2' })
      const lines = [aLine(), aLine({ variant: 'Variant:v2' })]
      expect(await promised(shop, '310101')).toEqual(['310000', '2026-11-12'])
      expect(await promised(shop, '310101', lines)).toEqual(['440000', '2026-11-16'])
      await shop.db.close()
    })

    it('is none where nobody who has the goods serves, and that of any rule for what stands nowhere in particular', async () => {
      const shop = await opened()
      expect(await promised(shop, '310101')).toEqual(['310000', '2026-11-12'])
      await stored(shop, '440000', { serves: ['44'] })
      expect([await promised(shop, '310101'), (await promised(shop, '440106'))?.[0]]).toEqual([null, '440000'])
      await shop.db.close()
    })
  })
})

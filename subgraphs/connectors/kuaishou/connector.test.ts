import { afterEach, describe, expect, it } from 'vitest'
import { eachDatabase } from '../../../test/support/databases.js'
import { aKuaishouHouse, type HouseOptions, type KuaishouHouse } from '../../../test/support/kuaishou-house.js'
import { until } from '../../../test/support/until.js'

const SHIRT = 'Variant:shirt'

eachDatabase((open) => {
  let house: KuaishouHouse
  afterEach(() => house.stop())

  /** A shirt at 19.90 with ten pieces, listed and shown. */
  async function selling(options: HouseOptions = {}): Promise<void> {
    house = await aKuaishouHouse(await open(), options)
    await house.shop.sell(SHIRT, { product: 'Product:p1', title: 'A shirt', priceMinor: 1990, available: 10 })
    await until(async () => (await house.listings.list([SHIRT]).catch(() => [])).length === 1)
    await until(async () => (await house.listings.page(0, 1))[0]?.told_stock === 10)
  }
  const sku = () => house.sandbox.memory.items[0]?.skus[0]
  const theirs = (oid: string) => house.sandbox.memory.orders.find((order) => order.oid === oid)
  const ours = (oid: string) => house.shop.orders.get(oid)
  async function bought(num = 1): Promise<string> {
    const order = await house.sandbox.buyers.buy({ skuId: sku()?.skuId ?? '', num })
    return order?.oid ?? expect.unreachable('nothing was bought')
  }

  describe('a listed variant', () => {
    it('is shown with our price and stock, and follows both', async () => {
      await selling()
      expect(sku()).toMatchObject({ priceFen: 1990, stock: 10 })
      await house.shop.setPrice(SHIRT, 1790)
      await until(() => sku()?.priceFen === 1790)
      expect(house.sandbox.memory.items).toHaveLength(1)
    })

    it('is taken off the shelf when it is unlisted', async () => {
      await selling()
      await house.listings.unlist([SHIRT])
      await until(() => house.sandbox.memory.items[0]?.onShelf === false && sku()?.stock === 0)
    })
  })

  describe('an order bought there', () => {
    it('is reserved, paid, shipped and its waybill told there', async () => {
      await selling()
      const oid = await bought(2)
      expect(ours(oid)).toMatchObject({ quantity: 2, totalMinor: 3980 })
      await until(() => ours(oid)?.state === 'PAID')
      await house.shop.ship(oid, 'SF100')
      await until(() => theirs(oid)?.status === 40)
      expect(theirs(oid)).toMatchObject({ expressNo: 'SF100', expressCode: '4' })
      expect(sku()?.stock).toBe(8)
    })
  })
})

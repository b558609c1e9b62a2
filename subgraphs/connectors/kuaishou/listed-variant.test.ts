import { afterEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { KUAISHOU } from '../../../test/support/standing.js'
import { aKuaishouHouse, type HouseOptions, type KuaishouHouse } from '../../../test/support/kuaishou-house.js'
import { until } from '../../../test/support/until.js'

const SHIRT = 'Variant:shirt'

eachMigrated(KUAISHOU, (open) => {
  let house: KuaishouHouse
  afterEach(() => house.stop())

  /** A shirt at 19.90 with ten pieces, listed and shown. */
  async function selling(options: HouseOptions = {}): Promise<void> {
    house = await aKuaishouHouse(await open(), options)
    await house.shop.sell(SHIRT, {
      ...{ product: 'Product:p1', priceMinor: 1990, available: 10 },
      title: 'A shirt, more at https://example.com/shirt',
    })
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
  /** As in life, where one poll follows another: an order may bear a time that is a moment ahead of the first one's end. */
  const polledUntil = (holds: () => boolean): Promise<void> =>
    until(async () => {
      await house.connector.settle()
      return holds()
    })

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

    it('is one item with one stock although answers were lost', async () => {
      await selling({ deduct: false, push: false })
      house.sandbox.faults.set(['lost-answer'], true)
      await bought()
      await polledUntil(() => house.shop.stockOf(SHIRT) === 9)
      await house.shop.setPrice(SHIRT, 1000)
      await until(() => sku()?.priceFen === 1000)
      house.sandbox.faults.set([])
      await until(() => sku()?.stock === 9)
      expect(house.sandbox.memory.items).toHaveLength(1)
    })

    it('is shown at the price inside that app, less what the partner bears, until the money for it has run out', async () => {
      await selling()
      house.shop.subsidise(SHIRT, 290, 2)
      await house.shop.setPrice(SHIRT, 2000)
      await until(async () => (await house.listings.page(0, 1))[0]?.told_subsidy_minor === 290)
      expect(sku()?.priceFen).toBe(2000)
      house.sandbox.subsidise({ relSkuId: sku()?.relSkuId ?? '', fen: 290, budgetFen: 100_000 })
      const oid = await bought(2)
      expect(theirs(oid)).toMatchObject({ totalFen: 3420, discountFen: 580 })
      await until(() => ours(oid)?.state === 'PAID')
      expect(ours(oid)?.totalMinor).toBe(3420)
      house.sandbox.subsidise({ relSkuId: sku()?.relSkuId ?? '', fen: 0, budgetFen: 0 })
      const bargain = async () => (await house.sandbox.buyers.buy({ skuId: sku()?.skuId ?? '', num: 1 }))?.totalFen
      await until(async () => (await bargain()) === 2000)
    })

    it('says why when the partner takes it down, and is shown again when it may be', async () => {
      await selling()
      const item = house.sandbox.memory.items[0]
      house.sandbox.ban(item?.itemId ?? '', true)
      await until(async () => (await house.listings.page(0, 1))[0]?.refused?.includes('商品已被平台下架') === true)
      house.sandbox.ban(item?.itemId ?? '', false)
      await until(() => item?.onShelf === true)
    })

    it('has its stock in a warehouse set and moved, though another quantity is answered and answers are lost', async () => {
      await selling({ deduct: false, push: false, env: { KUAISHOU_WAREHOUSE: 'east-1' } })
      house.sandbox.faults.set(['quantity', 'lost-answer'], true)
      await bought(3)
      await polledUntil(() => house.shop.stockOf(SHIRT) === 7)
      house.sandbox.faults.set([])
      const found = sku()
      if (found !== undefined) found.stock = 1
      await house.shop.setPrice(SHIRT, 1000)
      await until(() => sku()?.stock === 7)
      const methods = house.sent.map(({ method }) => method)
      expect(methods).toContain('open.scm.inventory.adjust')
      expect(methods).not.toContain('open.item.sku.stock.update')
    })

    it('is refused when it is not ours to list', async () => {
      await selling()
      await expect(house.listings.list(['Variant:foreign'])).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })
  })
})

import { expect } from 'vitest'
import type { KuaishouHouse } from './kuaishou-house.js'
import { until } from './until.js'

/** What is sold in it: one variant. */
export const SHIRT = 'Variant:shirt'

/** Puts a shirt at 19.90 with ten pieces on sale, and waits until it is listed and shown. */
export async function sellShirt(
  house: KuaishouHouse,
  title = 'A shirt, more at https://example.com/shirt',
): Promise<void> {
  await house.shop.sell(SHIRT, { product: 'Product:p1', title, priceMinor: 1990, available: 10 })
  await until(async () => (await house.listings.list([SHIRT]).catch(() => [])).length === 1)
  await until(async () => (await house.listings.page(0, 1))[0]?.told_stock === 10)
}

/** The shirt and its orders as both sides hold them, in the house of the test that runs. */
export function shirtIn(house: () => KuaishouHouse) {
  const sku = () => house().sandbox.memory.items[0]?.skus[0]
  const theirs = (oid: string) => house().sandbox.memory.orders.find((order) => order.oid === oid)
  const ours = (oid: string) => house().shop.orders.get(oid)
  async function bought(num = 1): Promise<string> {
    const order = await house().sandbox.buyers.buy({ skuId: sku()?.skuId ?? '', num })
    return order?.oid ?? expect.unreachable('nothing was bought')
  }
  async function shipped(oid: string): Promise<void> {
    await until(() => ours(oid)?.state === 'PAID')
    await house().shop.ship(oid, `SF${oid}`)
    await until(() => theirs(oid)?.status === 40)
  }
  /** Both sides hold the order's end, and the pieces are for sale again. */
  async function ended(oid: string, state: string): Promise<void> {
    const fen = state === 'REFUNDED' ? 1990 : 0
    await until(() => ours(oid)?.state === state && theirs(oid)?.refundedFen === fen && sku()?.stock === 10)
    expect(house().shop.stockOf(SHIRT)).toBe(10)
  }
  return { sku, theirs, ours, bought, shipped, ended }
}

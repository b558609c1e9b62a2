import { afterEach, describe, expect, it } from 'vitest'
import { call } from '../../../platform/http/call.js'
import { eachDatabase } from '../../../test/support/databases.js'
import { aKuaishouHouse, type HouseOptions, type KuaishouHouse } from '../../../test/support/kuaishou-house.js'
import { until } from '../../../test/support/until.js'
import { PATHS } from './connector.js'
import { sign } from './signature.js'

const SHIRT = 'Variant:shirt'

eachDatabase((open) => {
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
  async function shipped(oid: string): Promise<void> {
    await until(() => ours(oid)?.state === 'PAID')
    await house.shop.ship(oid, `SF${oid}`)
    await until(() => theirs(oid)?.status === 40)
  }
  /** Both sides hold the order's end, and the pieces are for sale again. */
  async function ended(oid: string, state: string): Promise<void> {
    const fen = state === 'REFUNDED' ? 1990 : 0
    await until(() => ours(oid)?.state === state && theirs(oid)?.refundedFen === fen && sku()?.stock === 10)
    expect(house.shop.stockOf(SHIRT)).toBe(10)
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

    it('is one item with one stock although answers were lost', async () => {
      await selling({ deduct: false, push: false })
      house.sandbox.faults.set(['lost-answer'], true)
      await bought()
      await house.connector.settle()
      await until(() => house.shop.stockOf(SHIRT) === 9)
      await house.shop.setPrice(SHIRT, 1000)
      await until(() => sku()?.priceFen === 1000)
      house.sandbox.faults.set([])
      await until(() => sku()?.stock === 9)
      expect(house.sandbox.memory.items).toHaveLength(1)
    })

    it('is refused when it is not ours to list', async () => {
      await selling()
      await expect(house.listings.list(['Variant:foreign'])).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })
  })

  describe('an order bought there', () => {
    it('is reserved, paid, shipped, told there and received', async () => {
      await selling()
      const oid = await bought(2)
      expect(Number.isSafeInteger(Number(oid))).toBe(false)
      expect(ours(oid)).toMatchObject({ quantity: 2, totalMinor: 3980 })
      await shipped(oid)
      expect(theirs(oid)).toMatchObject({ expressNo: `SF${oid}`, expressCode: '4' })
      house.sandbox.buyers.receive(oid)
      await until(() => ours(oid)?.state === 'COMPLETED')
      expect(sku()?.stock).toBe(8)
    })

    it('is found by polling when every message is lost', async () => {
      await selling({ push: false, deduct: false })
      const oid = await bought()
      await house.connector.settle()
      await until(() => ours(oid)?.state === 'PAID')
      expect(ours(oid)?.address).toMatchObject({ phone: theirs(oid)?.address.mobile })
    })

    it('is found by polling while a campaign shrinks the spans', async () => {
      await selling({ push: false, deduct: false, env: { KUAISHOU_BACK_MS: '3600000' } })
      house.sandbox.faults.set(['windows'])
      const oid = await bought()
      // As in life, where one poll follows another: a sweep may have begun before the campaign did.
      await until(async () => {
        await house.connector.settle()
        return ours(oid)?.state === 'PAID'
      })
    })

    it('is one order however often and by whichever way it comes', async () => {
      await selling({ deduct: false })
      house.sandbox.faults.set(['repeat', 'heartbeat'], true)
      const oid = await bought()
      await house.connector.settle()
      await until(() => ours(oid)?.state === 'PAID')
      await house.sandbox.messages.settled()
      await house.connector.settle()
      expect(house.shop.asked).toEqual(['partnerPlaceOrder', 'partnerConfirm'])
    })

    it('goes on from its row after the connector died in the middle', async () => {
      await selling({ deduct: false })
      house.shop.down = true
      const oid = await bought()
      await until(() => house.shop.asked.length > 0)
      await house.restart()
      house.shop.down = false
      await until(() => ours(oid)?.state === 'PAID')
    })

    it('gives its stock back when nobody pays', async () => {
      await selling()
      const order = await house.sandbox.buyers.order({ skuId: sku()?.skuId ?? '', num: 1 })
      const oid = order?.oid ?? ''
      await until(() => ours(oid)?.state === 'RESERVED')
      house.sandbox.buyers.cancel(oid)
      await ended(oid, 'CANCELLED')
    })

    it('is closed there when our shop cannot serve it', async () => {
      await selling({ deduct: false })
      await house.connector.stop()
      await house.shop.setPrice(SHIRT, 2990)
      const oid = await bought()
      await house.restart()
      await until(() => theirs(oid)?.status === 80)
      expect([theirs(oid)?.refundedFen, house.shop.orders.size]).toEqual([1990, 0])
    })

    it('is neither kept nor shipped when the partner warns of it', async () => {
      await selling()
      house.sandbox.faults.set(['risk'], true)
      const oid = await bought()
      await until(() => theirs(oid)?.status === 80)
      await until(() => ours(oid)?.state === 'CANCELLED')
      expect(theirs(oid)?.refundedFen).toBe(1990)
    })

    it('waits reserved while the partner reviews it', async () => {
      await selling()
      house.sandbox.faults.set(['review'], true)
      const oid = await bought()
      await house.connector.settle()
      expect(ours(oid)?.state).toBe('RESERVED')
      await until(() => ours(oid)?.state === 'PAID')
    })
  })

  describe('a refund', () => {
    it('asked for there before shipping ends the order on both sides', async () => {
      await selling()
      const oid = await bought()
      await until(() => ours(oid)?.state === 'PAID')
      house.sandbox.faults.set(['race'])
      house.sandbox.buyers.refund(oid)
      await ended(oid, 'REFUNDED')
      expect(theirs(oid)?.status).toBe(80)
    })

    it('asked for there after the goods arrived gives the money back on both sides', async () => {
      await selling()
      const oid = await bought()
      await shipped(oid)
      house.sandbox.faults.set(['late-refund'], true)
      house.sandbox.buyers.receive(oid)
      await ended(oid, 'REFUNDED')
    })

    it('given by our shop closes the order there', async () => {
      await selling()
      const oid = await bought()
      await until(() => ours(oid)?.state === 'PAID')
      await house.shop.giveBack(oid)
      await ended(oid, 'REFUNDED')
      expect(theirs(oid)?.status).toBe(80)
    })
  })

  describe('the question at the moment of buying', () => {
    it('is answered no when too few are left, and nothing is ordered', async () => {
      await selling()
      const found = sku()
      if (found !== undefined) found.stock = 50
      expect(await house.sandbox.buyers.buy({ skuId: found?.skuId ?? '', num: 11 })).toBeNull()
      expect(house.shop.orders.size).toBe(0)
    })

    it('gives back what it reserved for an order that never came', async () => {
      await selling({ env: { KUAISHOU_UNHEARD_MS: '100' } })
      const param = JSON.stringify({ orderId: '20156002562098999', skuId: sku()?.relSkuId, number: 3 })
      const params = {
        ...{ appkey: house.sandbox.app.appKey, method: 'integration.stock.deduct', param, version: '1' },
        ...{ signMethod: 'MD5', timestamp: house.ground.clock.now().getTime().toString() },
      }
      const body = new URLSearchParams({ ...params, sign: sign(params, house.sandbox.app.signSecret) }).toString()
      const url = house.doors + PATHS.deduct
      const answer = await call({ url, method: 'POST', body, timeoutMs: 5000, mostBytes: 1000 })
      expect(answer.body.toString()).toContain('"success":true')
      expect(house.shop.stockOf(SHIRT)).toBe(7)
      await until(() => ours('20156002562098999')?.state === 'CANCELLED' && house.shop.stockOf(SHIRT) === 10)
    })
  })

  describe('what the connector sends', () => {
    it('holds no link to a page anywhere', async () => {
      await selling()
      await shipped(await bought())
      expect(house.sent.length).toBeGreaterThan(5)
      for (const { method, param } of house.sent) expect(`${method} ${param}`).not.toMatch(/https?:|www\.|\/\//i)
    })

    it('and what it keeps shows no buyer in clear', async () => {
      await selling()
      const oid = await bought()
      await shipped(oid)
      const { address } = theirs(oid) ?? expect.unreachable()
      const kept: string[] = []
      for (const table of ['partner_order', 'fact', 'errand', 'token']) {
        const { rows } = await house.ground.db.query<{ row: string }>(`select t::text as row from kuaishou.${table} t`)
        kept.push(...rows.map(({ row }) => row))
      }
      const text = kept.join('\n')
      expect(text).toContain(oid)
      for (const secret of [address.consignee, address.mobile, address.detail, 'access-', 'refresh-'])
        for (const form of [secret, Buffer.from(secret).toString('hex')]) expect(text).not.toContain(form)
    })
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import { call } from '../../../platform/http/call.js'
import { INJECTED } from '../../../test/support/any-input.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { KUAISHOU } from '../../../test/support/standing.js'
import { aKuaishouHouse, type HouseOptions, type KuaishouHouse } from '../../../test/support/kuaishou-house.js'
import { sellShirt, SHIRT, shirtIn } from '../../../test/support/kuaishou-shirt.js'
import { until } from '../../../test/support/until.js'
import { PATHS } from './connector.js'
import { fetchOrder } from './flow/hear.js'
import { sign } from './signature.js'
import { withoutLinks } from './translate.js'

eachMigrated(KUAISHOU, (open) => {
  let house: KuaishouHouse
  afterEach(() => house.stop())

  async function selling(options: HouseOptions = {}): Promise<void> {
    house = await aKuaishouHouse(await open(), options)
    await sellShirt(house)
  }
  const { sku, theirs, ours, bought, shipped, ended } = shirtIn(() => house)
  /** How many rows the connector keeps of what it was told. */
  const facts = async () => (await house.ground.db.query('select key from kuaishou.fact')).count
  /** As in life, where one poll follows another: an order may bear a time that is a moment ahead of the first one's end. */
  const polledUntil = (holds: () => boolean): Promise<void> =>
    until(async () => {
      await house.connector.settle()
      return holds()
    })
  /** What we answer when the partner asks at the moment of buying. */
  async function deducted(asked: Readonly<Record<string, string | number>>): Promise<string> {
    const params = {
      ...{ appkey: house.sandbox.app.appKey, method: 'integration.stock.deduct', version: '1' },
      param: JSON.stringify({ ...asked, skuId: sku()?.relSkuId }),
      ...{ signMethod: 'MD5', timestamp: house.ground.clock.now().getTime().toString() },
    }
    const body = new URLSearchParams({ ...params, sign: sign(params, house.sandbox.app.signSecret) }).toString()
    const url = house.doors + PATHS.deduct
    return (await call({ url, method: 'POST', body, timeoutMs: 5000, mostBytes: 1000 })).body.toString()
  }

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

    it('goes where its buyer said, also when the shop was asked before that was known, and when he says it anew', async () => {
      await selling()
      const oid = await bought()
      await until(() => ours(oid)?.address !== null && ours(oid)?.state === 'PAID')
      expect(ours(oid)?.address).toMatchObject({ phone: theirs(oid)?.address.mobile })
      house.sandbox.buyers.move(oid)
      await until(() => (ours(oid)?.address as { phone?: string }).phone === '19912345678')
    })

    it('is paid once although messages overtake each other', async () => {
      await selling({ deduct: false })
      house.sandbox.faults.set(['disorder', 'repeat', 'heartbeat'], true)
      const oid = await bought()
      await until(() => ours(oid)?.state === 'PAID')
      await house.sandbox.messages.settled()
      expect(house.shop.asked).toEqual(['partnerPlaceOrder', 'partnerConfirm'])
    })

    it('is found by polling when every message is lost', async () => {
      await selling({ push: false, deduct: false })
      const oid = await bought()
      await polledUntil(() => ours(oid)?.state === 'PAID')
      expect(ours(oid)?.address).toMatchObject({ phone: theirs(oid)?.address.mobile })
    })

    it('is taken when a person fetches it, though nobody ever told of it', async () => {
      await selling({ push: false, deduct: false })
      const oid = await bought()
      for (const wanted of [oid, '1']) await fetchOrder(house, wanted)
      house.connector.wake()
      await until(() => ours(oid)?.state === 'PAID')
    })

    it('is found by polling while a campaign shrinks the spans', async () => {
      await selling({ push: false, deduct: false, env: { KUAISHOU_BACK_MS: '3600000' } })
      house.sandbox.faults.set(['windows'])
      const oid = await bought()
      await polledUntil(() => ours(oid)?.state === 'PAID')
    })

    it('has its address opened in one call with those of others that come at the same time', async () => {
      await selling({ push: false, deduct: false })
      const oids = [await bought(), await bought(), await bought(), await bought()]
      await polledUntil(() => oids.every((oid) => ours(oid)?.state === 'PAID'))
      for (const oid of oids) expect(ours(oid)?.address).toMatchObject({ phone: theirs(oid)?.address.mobile })
      expect(house.sent.filter(({ method }) => method === 'open.order.decrypt.batch').length).toBeLessThan(oids.length)
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

    it('waits reserved while its group buying is open', async () => {
      await selling()
      const order = await house.sandbox.buyers.order({ skuId: sku()?.skuId ?? '', num: 1 })
      const oid = order?.oid ?? ''
      order?.disableDelivery.push(1)
      house.sandbox.buyers.pay(oid)
      await house.sandbox.messages.settled()
      await house.connector.settle()
      expect(ours(oid)?.state).toBe('RESERVED')
      await until(() => ours(oid)?.state === 'PAID')
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
      const answer = await deducted({ orderId: '20156002562098999', province: '浙江省', number: 3 })
      expect(answer).toContain('"success":true')
      expect(house.shop.stockOf(SHIRT)).toBe(7)
      await until(() => ours('20156002562098999')?.state === 'CANCELLED' && house.shop.stockOf(SHIRT) === 10)
    })

    it('is asked for by its district as soon as an order has told its number', async () => {
      await selling()
      const oid = await bought()
      await until(() => ours(oid)?.state === 'PAID')
      const { province, city, district: area, districtCode } = theirs(oid)?.address ?? expect.unreachable()
      await deducted({ orderId: '20156002562098997', number: 1, province, city, area })
      await deducted({ orderId: '20156002562098996', number: 1, province, city, area: 'elsewhere' })
      const regions = ['20156002562098997', '20156002562098996'].map((order) => ours(order)?.regionCode)
      expect(regions).toEqual([String(districtCode), String(districtCode).slice(0, 4)])
    })

    it('is asked for by its province too, which our shop decides on', async () => {
      await selling()
      const answer = await deducted({ orderId: '20156002562098998', province: '台湾省', number: 1 })
      expect([answer, house.shop.stockOf(SHIRT)]).toEqual(['{"result":-1,"errorMsg":"NOT_DELIVERED"}', 10])
    })
  })

  describe('the heartbeat', () => {
    it('is answered as the partner wants it, and nothing of it is kept', async () => {
      await selling()
      await house.sandbox.messages.settled()
      const before = await facts()
      expect(await house.sandbox.messages.beat()).toBe(true)
      expect(await facts()).toBe(before)
    })
  })

  describe('what the connector sends', () => {
    it('S32 says what it was told to and nothing else, whatever stands in a title or a parcel’s number', async () => {
      house = await aKuaishouHouse(await open())
      await sellShirt(house, INJECTED)
      expect(house.sandbox.memory.items.map(({ title }) => title)).toEqual([withoutLinks(INJECTED)])
      const oid = await bought()
      await until(() => ours(oid)?.state === 'PAID')
      await house.shop.ship(oid, INJECTED)
      await until(() => theirs(oid)?.status === 40)
      expect(theirs(oid)).toMatchObject({ expressNo: INJECTED, expressCode: '4' })
    })

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

import { describe, expect, it } from 'vitest'
import {
  aLine,
  aPartner,
  aRequest,
  aShop,
  feed,
  refusalOf,
  someone,
  toldBy,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { moneyDifferences, stockDifferences } from '../store/audits.js'
import { linesOf } from '../store/lines.js'
import { parcelsOf } from '../store/parcels.js'
import { findPurchases } from '../store/purchases.js'
import { openCounter } from './counter.js'
import { confirmReceipt, shipOrder } from './move-order.js'
import { receiveParcel, shipParcel } from './move-parcel.js'
import { confirmPartnerOrder } from './partner-orders.js'
import { payOrder } from './pay-order.js'
import { cancelLines, refundLines } from './refund-order.js'

const ann = someone('ann', 'member')
const shopkeeper = someone('shop', 'operator')
const stateOf = async (shop: TestShop, id: string) => (await findPurchases(shop.db, [id])).get(id)?.state
const parcels = async (shop: TestShop, order: string) => (await parcelsOf(shop.db, [order])).get(order) ?? []
const statesOf = async (shop: TestShop, order: string) => (await parcels(shop, order)).map(({ state }) => state)
const sent = (id: string) => ({ id, carrier: 'SF', waybill: `W-${id}` })

/** A paid order of two things of the shop and one of the mill, with its two parcels. */
async function paid(shop: TestShop) {
  await feed(shop, { variant: 'Variant:v2', priceMinor: 300 })
  await feed(shop, { variant: 'Variant:v3', priceMinor: 70, seller: 'mill' })
  const lines = [aLine(), aLine({ variant: 'Variant:v3', quantity: 2 }), aLine({ variant: 'Variant:v2' })]
  const order = await openCounter(shop, { most: 10, waitMs: 0, limit: 10 }).place(aRequest('ann', 'k', { lines }))
  await payOrder(shop, ann, { idempotencyKey: 'p', order, method: 'card' })
  const [first, second] = await parcels(shop, order)
  const rows = (await linesOf(shop.db, [order])).get(order) ?? []
  return { order, ofShop: first?.id ?? '', ofMill: second?.id ?? '', rows }
}
const part = (order: string, line: string, pieces: number) => {
  return { idempotencyKey: `${line} ${pieces}`, order, reason: 'x', lines: [{ line, pieces, amountMinor: null }] }
}

describe('an order of several sellers', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('is one parcel for each of them, and as far as the slowest', async () => {
      const shop = await aShop(await openDatabase())
      const { order, ofShop, ofMill, rows } = await paid(shop)
      expect((await parcels(shop, order)).map(({ seller }) => seller)).toEqual(['shop', 'mill'])
      expect(rows.map(({ parcel }) => parcel)).toEqual([ofShop, ofMill, ofShop])
      await shipParcel(shop, shopkeeper, sent(ofMill))
      await shipParcel(shop, shopkeeper, sent(ofMill))
      await receiveParcel(shop, ann, ofMill)
      expect([await stateOf(shop, order), await statesOf(shop, order)]).toEqual(['PAID', ['WAITING', 'RECEIVED']])
      await shipParcel(shop, shopkeeper, sent(ofShop))
      expect(await stateOf(shop, order)).toBe('SHIPPED')
      await receiveParcel(shop, ann, ofShop)
      expect(await stateOf(shop, order)).toBe('COMPLETED')
      const states = (await toldBy(shop.db)).flatMap((event) => (event.kind === 'orders.moved' ? [event.state] : []))
      expect(states).toEqual(['RESERVED', 'PAYING', 'PAID', 'PAID', 'PAID', 'SHIPPED', 'COMPLETED'])
      await shop.db.close()
    })

    it('tells its partner of each parcel once, and nobody of a member’s', async () => {
      const shop = await aShop(await openDatabase())
      await feed(shop, { variant: 'Variant:v3', priceMinor: 70, seller: 'mill' })
      const lines = [aLine(), aLine({ variant: 'Variant:v3' })]
      const bought = { buyer: { member: null, partner: 'acme' }, partnerOrder: 'A1', lines }
      const order = await openCounter(shop, { most: 10, waitMs: 0, limit: 10 }).place(aRequest('ann', 'k', bought))
      await confirmPartnerOrder(shop, aPartner('acme'), { partnerOrder: 'A1', paidMinor: 1070, paidAt: shop.at })
      const [first, second] = await parcels(shop, order)
      for (const id of [first?.id ?? '', first?.id ?? '']) await shipParcel(shop, shopkeeper, sent(id))
      await shipOrder(shop, shopkeeper, { id: order, carrier: 'YT', waybill: 'Y1' })
      await confirmReceipt(shop, shopkeeper, order)
      await paid(shop)
      const told = (await toldBy(shop.db)).flatMap((event) => (event.kind === 'orders.parcelMoved' ? [event] : []))
      expect(told.map(({ parcel, state, version, carrier }) => [parcel, state, version, carrier])).toEqual([
        [first?.id, 'SHIPPED', 1, 'SF'],
        [second?.id, 'SHIPPED', 1, 'YT'],
        [first?.id, 'RECEIVED', 2, 'SF'],
        [second?.id, 'RECEIVED', 2, 'YT'],
      ])
      expect(new Set(told.map(({ partnerOrder }) => partnerOrder))).toEqual(new Set(['A1']))
      await shop.db.close()
    })

    it('may be shipped and received as a whole, which takes along what is behind', async () => {
      const shop = await aShop(await openDatabase())
      const { order, ofMill } = await paid(shop)
      await shipParcel(shop, shopkeeper, sent(ofMill))
      await shipOrder(shop, shopkeeper, { id: order, carrier: 'YT', waybill: 'Y1' })
      expect((await parcels(shop, order)).map(({ carrier }) => carrier)).toEqual(['YT', 'SF'])
      await confirmReceipt(shop, ann, order)
      expect(await statesOf(shop, order)).toEqual(['RECEIVED', 'RECEIVED'])
      await shop.db.close()
    })

    it('does not wait for a parcel that was cancelled, nor cancel what has left', async () => {
      const shop = await aShop(await openDatabase())
      const { order, ofShop, rows } = await paid(shop)
      const [shirt, socks] = rows.map(({ id }) => id)
      await shipParcel(shop, shopkeeper, sent(ofShop))
      expect(await refusalOf(cancelLines(shop, ann, part(order, shirt ?? '', 1)))).toBe('STATE_FORBIDS')
      expect(await refusalOf(refundLines(shop, shopkeeper, part(order, socks ?? '', 1)))).toBe('STATE_FORBIDS')
      await cancelLines(shop, ann, part(order, socks ?? '', 2))
      expect([await stateOf(shop, order), await statesOf(shop, order)]).toEqual(['SHIPPED', ['SHIPPED', 'CANCELLED']])
      await refundLines(shop, shopkeeper, part(order, shirt ?? '', 1))
      expect(await moneyDifferences(shop.db)).toEqual([])
      expect(await stockDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('is sent by nobody else, and no parcel twice with another waybill', async () => {
      const shop = await aShop(await openDatabase())
      const { ofShop } = await paid(shop)
      expect(await refusalOf(shipParcel(shop, someone('bob', 'member'), sent(ofShop)))).toBe('NOT_FOUND')
      expect(await refusalOf(receiveParcel(shop, ann, ofShop))).toBe('STATE_FORBIDS')
      await shipParcel(shop, shopkeeper, sent(ofShop))
      expect(await refusalOf(shipParcel(shop, shopkeeper, { ...sent(ofShop), waybill: 'W9' }))).toBe('STATE_FORBIDS')
      await shop.db.close()
    })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { fields, list, text } from '../../platform/decode.js'
import { secretsFrom } from '../../platform/secret.js'
import type { Identity } from '../../schema/identity.js'
import { aPartner, aShop, bind, someone } from '../../test/support/a-shop.js'
import { counting, type Counting } from '../../test/support/counting.js'
import { eachMigrated } from '../../test/support/databases.js'
import { aGround } from '../../test/support/ground.js'
import { ORDERS } from '../../test/support/standing.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { forgetAddresses } from './flow/rounds.js'
import { later } from './flow/shop.js'
import { orders } from './subgraph.js'

const DAY_MS = 86_400_000
const AT = new Date('2026-11-11T12:00:00Z')
const ADDRESS = { regionCode: '110101', line: 'Street 9', receiver: 'Zhang', phone: '138' }
const acme = aPartner('acme')
const merchant = someone('shop', 'merchant')
const operator = someone('op', 'operator')

eachMigrated(ORDERS, (open) => {
  describe("where a partner's parcel goes", () => {
    let db: Database
    let observer: Counting
    let hosted: HostedSubgraph
    let order: string
    beforeEach(async () => {
      db = await open()
      observer = counting()
      const shop = await aShop(db)
      await bind(shop, 'shop', ['shop'])
      const options = { secrets: secretsFrom(Buffer.alloc(32, 7)), env: {}, databaseClock: () => Promise.resolve(AT) }
      hosted = await runSubgraph(orders(options), aGround({ db, observer }))
      const lines = [{ variantId: 'Variant:v1', quantity: 1 }]
      order = await does('partnerPlaceOrder', { idempotencyKey: 'k', partnerOrderId: 'A1', lines, address: ADDRESS })
    })
    afterEach(async () => {
      await hosted.stop()
      await db.close()
    })

    const does = async (name: string, input: object, who: Identity = acme): Promise<string> => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
      const query = `mutation ($input: ${type}!) { ${name}(input: $input) { order { id } errors { code message } } }`
      const answer = fields(fields((await hosted.ask({ query, variables: { input } }, who)).data, 'data')[name], name)
      expect(answer['errors']).toEqual([])
      return text(fields(answer['order'], 'order')['id'], 'id')
    }
    const confirm = () => does('partnerConfirm', { partnerOrderId: 'A1', paidMinor: 1000, paidAt: AT.toISOString() })
    const ship = () => does('shipOrder', { orderId: order, carrier: 'SF', waybill: '1' }, merchant)
    const receive = () => does('partnerReceive', { partnerOrderId: 'A1' })
    const seenBy = async (who: Identity) => {
      const query = '{ orders(first: 5) { nodes { id shipTo { regionCode line receiver phone } } } }'
      const page = fields(fields((await hosted.ask({ query, variables: {} }, who)).data, 'data')['orders'], 'orders')
      return list(page['nodes'], 'nodes', fields).map((node) => node['shipTo'])
    }
    const forget = async (days: number) => {
      const shop = await aShop(db)
      await forgetAddresses({ ...shop, observer, databaseClock: () => Promise.resolve(later(AT, days * DAY_MS)) })
      const { rows } = await db.query<{ known: boolean }>(
        'select address_sealed is not null as known from orders.purchase where id = $1',
        [order],
      )
      return rows[0]?.known === false
    }

    it('is read by whoever ships it while it waits and is under way, and each opening is counted', async () => {
      expect(await seenBy(operator)).toEqual([null])
      await confirm()
      expect([await seenBy(merchant), await seenBy(operator)]).toEqual([[ADDRESS], [ADDRESS]])
      await ship()
      expect(await seenBy(merchant)).toEqual([ADDRESS])
      await receive()
      expect(await seenBy(operator)).toEqual([null])
      expect(observer.counted('orders.addresses.opened', { by: 'merchant' })).toBe(2)
      expect(observer.counted('orders.addresses.opened', { by: 'operator' })).toBe(1)
    })

    it('is shown to no partner, and to no merchant of another seller', async () => {
      await confirm()
      expect([await seenBy(acme), await seenBy(aPartner('other'))]).toEqual([[null], []])
      expect(await seenBy(someone('mill', 'merchant'))).toEqual([])
      expect(observer.counted('orders.addresses.opened')).toBe(0)
    })

    it('is no longer to be sent when the money went back', async () => {
      await confirm()
      await does('partnerRefund', { partnerOrderId: 'A1', reason: 'x' })
      expect(await seenBy(operator)).toEqual([null])
    })

    it('is forgotten so many days after the order has ended and not a day before, and the order stays', async () => {
      await confirm()
      expect(await forget(400)).toBe(false)
      await ship()
      await receive()
      expect(await forget(89)).toBe(false)
      expect(await forget(91)).toBe(true)
      expect(observer.counted('orders.addresses.forgotten')).toBe(1)
      expect(await seenBy(operator)).toEqual([null])
    })

    it('is forgotten too when nobody ever says that the parcel arrived', async () => {
      await confirm()
      await ship()
      expect([await forget(89), await forget(91)]).toEqual([false, true])
    })

    it('is kept while a return is under way', async () => {
      await confirm()
      await ship()
      await db.query(
        `insert into orders.after_sale (id, purchase, state, reason, most_difference, opened_at) values ('r', $1, 'SENT_BACK', 'x', 0, $2)`,
        [order, AT],
      )
      expect(await forget(91)).toBe(false)
    })
  })
})

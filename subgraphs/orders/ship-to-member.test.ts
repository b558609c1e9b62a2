import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { fields, list, text } from '../../platform/decode.js'
import { secretsFrom } from '../../platform/secret.js'
import { seededChance } from '../../platform/time/chance.js'
import { toldAddresses } from '../../schema/address.js'
import type { Identity } from '../../schema/identity.js'
import { aShop, bind, someone } from '../../test/support/a-shop.js'
import { eachMigrated } from '../../test/support/databases.js'
import { aGround } from '../../test/support/ground.js'
import { ORDERS } from '../../test/support/standing.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { hearMembers } from './flow/hear.js'
import { forgetAddresses } from './flow/rounds.js'
import { later } from './flow/shop.js'
import { orders } from './subgraph.js'

const DAY_MS = 86_400_000
const AT = new Date('2026-11-11T12:00:00Z')
const HOME = { regionCode: '110105', line: '1 Sunny Street', receiver: 'Ann', phone: '5550199' }
const OFFICE = { ...HOME, line: '2 Office Park' }
const SECRETS = secretsFrom(Buffer.alloc(32, 7))
const told = toldAddresses(SECRETS, seededChance(3))
const ann = someone('ann', 'member')
const merchant = someone('shop', 'merchant')
const operator = someone('op', 'operator')

eachMigrated(ORDERS, (open) => {
  describe("where a member's parcel goes", () => {
    let db: Database
    let shop: Awaited<ReturnType<typeof aShop>>
    let hosted: HostedSubgraph
    beforeEach(async () => {
      db = await open()
      shop = await aShop(db)
      await bind(shop, 'shop', ['shop'])
      await bind(shop, 'mill', ['mill'])
      const { provider } = shop
      const options = { secrets: SECRETS, env: {}, provider, databaseClock: () => Promise.resolve(AT) }
      hosted = await runSubgraph(orders(options), aGround({ db }))
    })
    afterEach(async () => {
      await hosted.stop()
      await db.close()
    })

    const hear = (...events: readonly object[]) => db.transaction((tx) => hearMembers(tx, shop, events))
    const event = (kind: string, address: string) => ({
      ...{ id: `${address}:${kind}`, at: AT.toISOString(), kind: `members.${kind}`, member: 'Member:ann', address },
    })
    const kept = (address: string, fieldsOf: typeof HOME) => ({
      ...event('addressKept', address),
      sealed: told.seal(fieldsOf, { member: 'Member:ann', address }),
    })
    const removed = (address: string) => event('addressRemoved', address)

    const does = async (name: string, input: object, who: Identity = ann): Promise<string> => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
      const query = `mutation ($input: ${type}!) { ${name}(input: $input) { order { id } errors { code message } } }`
      const answer = fields(fields((await hosted.ask({ query, variables: { input } }, who)).data, 'data')[name], name)
      expect(answer['errors']).toEqual([])
      return text(fields(answer['order'], 'order')['id'], 'id')
    }
    const place = (addressId: string, who = ann) =>
      does('placeOrder', { idempotencyKey: 'k', lines: [{ variantId: 'Variant:v1', quantity: 1 }], addressId }, who)
    const pay = (orderId: string, who = ann) => does('payOrder', { idempotencyKey: 'p', orderId, method: 'card' }, who)
    const ship = (orderId: string) => does('shipOrder', { orderId, carrier: 'SF', waybill: '1' }, merchant)
    const seenBy = async (who: Identity) => {
      const query = '{ orders(first: 5) { nodes { id shipTo { regionCode line receiver phone } } } }'
      const page = fields(fields((await hosted.ask({ query, variables: {} }, who)).data, 'data')['orders'], 'orders')
      return list(page['nodes'], 'nodes', fields).map((node) => node['shipTo'])
    }
    const forget = (days: number) =>
      forgetAddresses({ ...shop, databaseClock: () => Promise.resolve(later(AT, days * DAY_MS)) })
    const rowsIn = async (table: string) => JSON.stringify((await db.query(`select * from orders.${table}`)).rows)

    it('is read by whoever ships it from the payment on, until it has arrived', async () => {
      await hear(kept('Address:home', HOME))
      const order = await place('Address:home')
      expect([await seenBy(merchant), await seenBy(operator)]).toEqual([[null], [null]])
      await pay(order)
      expect([await seenBy(merchant), await seenBy(operator)]).toEqual([[HOME], [HOME]])
      await ship(order)
      expect(await seenBy(merchant)).toEqual([HOME])
      await does('confirmReceipt', { orderId: order })
      expect(await seenBy(operator)).toEqual([null])
    })

    it('is shown to no stranger, to no merchant of another seller, and to its buyer among his own addresses only', async () => {
      await hear(kept('Address:home', HOME))
      await pay(await place('Address:home'))
      expect([await seenBy(someone('bob', 'member')), await seenBy(someone('mill', 'merchant'))]).toEqual([[], []])
      expect(await seenBy(ann)).toEqual([null])
    })

    it('stays what it was when another address is kept and this one removed', async () => {
      await hear(kept('Address:home', HOME))
      await pay(await place('Address:home'))
      await hear(kept('Address:office', OFFICE), removed('Address:home'))
      expect(await seenBy(merchant)).toEqual([HOME])
    })

    it('stays what it was when it is removed before the order is paid', async () => {
      await hear(kept('Address:home', HOME))
      const order = await place('Address:home')
      await hear(removed('Address:home'))
      await pay(order)
      expect(await seenBy(merchant)).toEqual([HOME])
    })

    it('is known when members tell of it late, and its order did not wait for that', async () => {
      const order = await pay(await place('Address:home'))
      expect(await seenBy(merchant)).toEqual([null])
      await hear(kept('Address:home', HOME), removed('Address:home'))
      expect(await seenBy(merchant)).toEqual([HOME])
      await ship(order)
    })

    it("is nobody's when the order names another member's address", async () => {
      await hear(kept('Address:home', HOME))
      const bob = someone('bob', 'member')
      await pay(await place('Address:home', bob), bob)
      expect(await seenBy(operator)).toEqual([null])
    })

    it('lies sealed, with the order and beside it, and a copy that was removed does not come back', async () => {
      await hear(kept('Address:home', HOME))
      await pay(await place('Address:home'))
      for (const table of ['purchase', 'member_address', 'outbox'])
        expect(await rowsIn(table)).not.toMatch(/Sunny|5550199|"Ann"/)
      await hear(removed('Address:home'))
      await hear(kept('Address:home', HOME))
      expect(await rowsIn('member_address')).toContain('"sealed":null')
    })

    it('is forgotten so many days after it left, and does not come back when its member removes it', async () => {
      await hear(kept('Address:home', HOME))
      await ship(await pay(await place('Address:home')))
      await forget(89)
      expect(await seenBy(merchant)).toEqual([HOME])
      await forget(91)
      expect(await seenBy(merchant)).toEqual([null])
      await hear(removed('Address:home'))
      expect(await seenBy(merchant)).toEqual([null])
    })

    it('is not known of an order that came to nothing, either', async () => {
      await hear(kept('Address:home', HOME))
      const order = await place('Address:home')
      await does('cancelOrder', { orderId: order })
      await hear(removed('Address:home'))
      expect((await db.query('select 1 from orders.purchase where address_sealed is not null')).count).toBe(0)
    })
  })
})

import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { Identity } from '../../../schema/identity.js'
import { INJECTED } from '../../../test/support/any-input.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { WEBHOOKS } from '../../../test/support/standing.js'
import { until } from '../../../test/support/until.js'
import { ACME, aWebhooksHouse, type WebhooksHouse } from '../../../test/support/webhooks-house.js'

const SET =
  'mutation($i: SetPartnerWebhookInput!) { setPartnerWebhook(input: $i) { webhook { url } secret errors { code field } } }'
const DEAD = '{ partnerDeadLetters { edges { node { key kind tries reason body } } } }'
const AGAIN = 'mutation($i: RedeliverDeadLettersInput!) { redeliverDeadLetters(input: $i) { count errors { code } } }'
const OTHER: Identity = { ...ACME, partner: 'other' }

eachMigrated(WEBHOOKS, (open) => {
  let house: WebhooksHouse
  afterEach(() => house.stop())

  const set = (input: object, who = ACME) => house.ask(SET, { i: input }, who)
  async function told(who = ACME): Promise<string> {
    const { data } = await set({ url: `${house.url}/told` }, who)
    return /"secret":"([^"]+)"/.exec(JSON.stringify(data))?.[1] ?? expect.unreachable('no secret')
  }
  const moved = (version: number, state: string, whose: string | null = 'acme', partnerOrder = 'A1') =>
    house.tell('orders.moved', {
      ...{ order: 'Order:1', version, state, member: null, partner: whose, partnerOrder },
      ...{ totalMinor: 1990, currency: 'CNY', carrier: null, waybill: null, lines: [] },
    })
  const returned = (version: number, state: string) =>
    house.tell('orders.afterSaleMoved', {
      ...{ afterSale: 'AfterSale:1', order: 'Order:1', version, state, member: null, partner: 'acme' },
      ...{ partnerOrder: 'A1', note: state === 'REFUSED' ? 'worn' : null, backMinor: 0, currency: 'CNY' },
    })
  const parcel = (version: number, state: string) =>
    house.tell('orders.parcelMoved', {
      ...{ parcel: 'Parcel:1-1', order: 'Order:1', version, state, partner: 'acme', partnerOrder: 'A1' },
      ...{ carrier: 'SF', waybill: 'SF1' },
    })
  const bodies = () => house.came.map(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>)
  const dead = async (who = ACME) => JSON.stringify((await house.ask(DEAD, {}, who)).data)

  describe('a partner who named an address', () => {
    it('is told of its orders, and of stock, in letters signed with its own secret', async () => {
      house = await aWebhooksHouse(await open())
      const secret = await told()
      await moved(1, 'RESERVED')
      await house.stock(2, 7)
      await until(() => house.came.length === 2)
      expect(bodies()).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'order.moved', partnerOrderId: 'A1', state: 'RESERVED', version: 1 }),
          expect.objectContaining({ kind: 'stock.changed', variantId: 'Variant:v', available: 7 }),
        ]),
      )
      for (const { headers, body } of house.came) {
        const signed = createHmac('sha256', secret)
          .update(`${headers.get('daihuo-time') ?? ''}.${body}`)
          .digest('hex')
        expect(headers.get('daihuo-signature')).toBe(`v1=${signed}`)
      }
    })

    it('is told of each parcel of its own order when it leaves and when it arrives', async () => {
      house = await aWebhooksHouse(await open())
      await told()
      await told(OTHER)
      await parcel(1, 'SHIPPED')
      await parcel(2, 'RECEIVED')
      await until(() => house.came.length === 2)
      const about = { kind: 'parcel.moved', parcelId: 'Parcel:1-1', orderId: 'Order:1', partnerOrderId: 'A1' }
      expect(bodies()).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ ...about, version: 1, state: 'SHIPPED', carrier: 'SF', waybill: 'SF1' }),
          expect.objectContaining({ ...about, version: 2, state: 'RECEIVED' }),
        ]),
      )
    })

    it('is told that offers changed, its own and those for everybody', async () => {
      house = await aWebhooksHouse(await open())
      await told()
      const offers = (version: number, partner: string | null) =>
        house.tell('orders.offersChanged', {
          ...{ variant: `Variant:${version}`, product: 'Product:p', version, change: 'OPEN', offer: null, partner },
        })
      await offers(1, 'other')
      await offers(2, 'acme')
      await offers(3, null)
      await until(() => house.came.length === 2)
      expect(
        bodies()
          .map(({ kind, variantId }) => `${String(kind)} ${String(variantId)}`)
          .sort(),
      ).toEqual(['offers.changed Variant:2', 'offers.changed Variant:3'])
    })

    it('S32 is told words as they are, at the address that it named and with no header of theirs', async () => {
      house = await aWebhooksHouse(await open())
      await told()
      await moved(1, 'PAID', 'acme', INJECTED)
      await until(() => house.came.length === 1)
      expect(bodies()).toMatchObject([{ kind: 'order.moved', partnerOrderId: INJECTED }])
      expect(house.came[0]?.headers.has('x-evil')).toBe(false)
    })

    it('S32 is told nothing of another partner’s orders, and nothing at all of members’', async () => {
      house = await aWebhooksHouse(await open())
      await told()
      await told(OTHER)
      await moved(1, 'PAID')
      await moved(2, 'PAID', null)
      await house.stock(3, 1)
      await until(() => house.came.length === 3)
      expect(bodies().filter(({ kind }) => kind === 'order.moved')).toHaveLength(1)
    })

    it('is told again when it did not take a letter, and hears each step once it does', async () => {
      house = await aWebhooksHouse(await open())
      await told()
      house.answer = 503
      await moved(1, 'RESERVED')
      await until(() => house.came.length >= 2)
      house.answer = 204
      const before = house.came.length
      await until(() => house.came.length > before)
      expect(new Set(bodies().map(({ id }) => id)).size).toBe(1)
      expect(await dead()).toContain('"edges":[]')
    })

    it('finds letters that were given up, and has them sent again', async () => {
      house = await aWebhooksHouse(await open(), { WEBHOOKS_TRIES: '2' })
      await told()
      house.answer = 500
      await moved(1, 'RESERVED')
      await until(async () => (await dead()).includes('not delivered in 2 tries; at last: the partner answered 500'))
      expect(house.came).toHaveLength(2)
      expect(await dead(OTHER)).toContain('"edges":[]')
      house.answer = 200
      expect((await house.ask(AGAIN, { i: {} }, OTHER)).data).toMatchObject({
        redeliverDeadLetters: { count: 0 },
      })
      expect((await house.ask(AGAIN, { i: {} }, ACME)).data).toMatchObject({
        redeliverDeadLetters: { count: 1 },
      })
      await until(() => house.came.length === 3)
      await until(async () => (await dead()).includes('"edges":[]'))
    })

    it('is told of returns by letters too', async () => {
      house = await aWebhooksHouse(await open())
      await told()
      await returned(1, 'REQUESTED')
      await returned(2, 'REFUSED')
      await until(() => house.came.length === 2)
      expect(bodies()).toContainEqual(
        expect.objectContaining({
          kind: 'after-sale.moved',
          afterSaleId: 'AfterSale:1',
          state: 'REFUSED',
          note: 'worn',
        }),
      )
    })

    it('has another secret when it wants one', async () => {
      house = await aWebhooksHouse(await open())
      const first = await told()
      const again = JSON.stringify((await set({ url: `${house.url}/told` })).data)
      expect(again).toContain(first)
      expect(JSON.stringify((await set({ url: `${house.url}/told`, newSecret: true })).data)).not.toContain(first)
    })
  })

  describe('an address', () => {
    it.each([
      ['of a host that the shop does not call', 'https://evil.example/x'],
      ['that is not encrypted', 'http://shop.example/x'],
      ['of another host behind an @', 'https://127.0.0.1@evil.example/x'],
      ['of another host that climbs to ours', 'https://evil.example/../127.0.0.1/x'],
      ['with a fragment', 'https://127.0.0.1/x#@evil.example'],
      ['with a password', 'https://a:b@127.0.0.1/x'],
      ['of a file', 'file:///etc/passwd'],
      ['that is none', 'told'],
    ])('S32 %s is refused', async (_what, url) => {
      house = await aWebhooksHouse(await open())
      expect((await set({ url })).data).toMatchObject({
        setPartnerWebhook: { webhook: null, errors: [{ code: 'BAD_USER_INPUT', field: 'url' }] },
      })
    })

    it('is set by partners only', async () => {
      house = await aWebhooksHouse(await open())
      const member: Identity = { ...ACME, member: 'Member:m', partner: null, roles: ['member'] }
      expect(await set({ url: `${house.url}/told` }, member)).toMatchObject({
        errors: [{ extensions: { code: 'FORBIDDEN' } }],
      })
    })
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bus } from '../../platform/bus/bus.js'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import type { Database } from '../../platform/db/database.js'
import { serve, type Serving } from '../../platform/http/serve.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import { openPaymentSandbox, type PaymentSandbox } from '../../sandbox/payment/payment-sandbox.js'
import { signClick } from '../../schema/click.js'
import { ANONYMOUS, type Identity } from '../../schema/identity.js'
import { aPartner, someone, VARIANT } from '../../test/support/a-shop.js'
import { eachMigrated } from '../../test/support/databases.js'
import { ORDERS } from '../../test/support/standing.js'
import { aGround } from '../../test/support/ground.js'
import {
  FED,
  BOUND,
  ROOM,
  ENTITY,
  QUOTE,
  PARTNER_QUOTE,
  OPEN_SALE,
  LEFT_FOR,
  MY_ORDERS,
  PARTNER_ORDER,
  type PageInfo,
} from '../../test/support/orders-documents.js'
import { until } from '../../test/support/until.js'
import { sellersOf } from '../host/acting/acting-for.js'
import { runSubgraph, type HostedSubgraph } from '../host/run.js'
import { orders } from './subgraph.js'

const secrets = secretsFrom(Buffer.alloc(32, 7))
const ann = someone('ann', 'member')
const merchant = someone('shop', 'merchant')
const ORDER = 'order { id state total { amountMinor currency } waybill } errors { code field }'

/** What every mutation on an order answers here. */
interface Answered {
  readonly order: { readonly id: string; readonly state: string; readonly waybill: string | null } | null
  readonly errors: readonly { readonly code: string; readonly field: string | null }[]
}

eachMigrated(ORDERS, (open) => {
  describe('the orders subgraph', () => {
    let db: Database
    let bus: Bus
    let hosted: HostedSubgraph
    let payment: PaymentSandbox
    let doors: Serving
    let statements: string[] = []

    beforeAll(async () => {
      db = await open()
      const watched: Database = {
        query: (sql, values) => (statements.push(sql), db.query(sql, values)),
        transaction: (work) => db.transaction(work),
        close: () => db.close(),
      }
      bus = memoryBus({ clock: systemClock, observer: silent })
      payment = await openPaymentSandbox({
        ...{ port: 0, clock: systemClock, observer: silent, secret: 's', seed: 1, faults: [], decideMs: 5, lateMs: 50 },
      })
      const env = { PAYMENT_URL: payment.url, PAYMENT_SECRET: 's', ORDERS_ROUND_MS: '50' }
      hosted = await runSubgraph(orders({ secrets, env }), aGround({ db: watched, bus }))
      doors = await serve({ doors: hosted.doors, port: 0, observer: silent })
      payment.pointTo(`${doors.url}/hooks/payment`)
      await bus.append('catalog', [{ position: '1-1', body: JSON.stringify(FED) }])
      await bus.append('rooms', [{ position: '1-1', body: JSON.stringify(ROOM) }])
      await bus.append('members', [{ position: '1-1', body: JSON.stringify(BOUND) }])
      await until(async () => (await price()) === 1000, 'the price')
      await until(async () => (await sellersOf(db, 'orders', merchant)).length === 1, 'the binding')
      await until(async () => (await db.query('select from orders.room')).rows.length === 1, 'the room')
    })
    afterAll(async () => {
      await hosted.stop()
      await payment.stop()
      await doors.stop()
      await bus.close()
      await db.close()
    })

    const ask = async (query: string, variables: Record<string, unknown>, who: Identity = ANONYMOUS) =>
      await hosted.ask({ query, variables }, who)
    const price = async () => {
      const { data } = await ask(ENTITY, { r: [{ __typename: 'Variant', id: VARIANT }] })
      return (data as { _entities: [{ price: { current: { amountMinor: number } } | null }] })._entities[0].price
        ?.current.amountMinor
    }
    const mutate = async (name: string, type: string, input: object, who: Identity): Promise<Answered> => {
      const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${ORDER} } }`
      const { data, errors } = await ask(query, { input }, who)
      if (errors !== undefined) throw new Error(JSON.stringify(errors))
      return (data as Record<string, Answered>)[name] ?? { order: null, errors: [] }
    }
    const place = (idempotencyKey: string, line: object = {}, who = ann) =>
      mutate(
        'placeOrder',
        'PlaceOrderInput',
        { idempotencyKey, lines: [{ variantId: VARIANT, quantity: 1, ...line }] },
        who,
      )
    const idOf = ({ order, errors }: Answered): string => order?.id ?? expect.fail(JSON.stringify(errors))
    const pay = (orderId: string, method = 'card', who = ann, idempotencyKey = `pay ${orderId} ${method}`) =>
      mutate('payOrder', 'PayOrderInput', { idempotencyKey, orderId, method }, who)
    const state = async (id: string) => {
      const { data } = await ask('query ($id: ID!) { order(id: $id) { state } }', { id }, ann)
      return (data as { order: { state: string } }).order.state
    }

    it('leads an order from the quote to its completion', async () => {
      const quoted = await ask(QUOTE, { input: { lines: [{ variantId: VARIANT, quantity: 2 }] } })
      expect(quoted).toMatchObject({ data: { quote: { total: { amountMinor: 2000 }, lines: [{ available: 50 }] } } })
      const order = idOf(await place('whole way', { quantity: 2, roomId: 'Room:r1', outlet: 'app' }))
      expect(['PAYING', 'PAID']).toContain((await pay(order)).order?.state) // the provider may be as quick as we are
      await until(async () => (await state(order)) === 'PAID', 'the webhook')
      const parcel = { orderId: order, carrier: 'SF', waybill: 'SF1' }
      expect((await mutate('shipOrder', 'ShipOrderInput', parcel, merchant)).order).toMatchObject({ waybill: 'SF1' })
      const received = await mutate('confirmReceipt', 'ConfirmReceiptInput', { orderId: order }, ann)
      expect(received.order?.state).toBe('COMPLETED')
    })

    it('prices many variants with one statement for each kind of row', async () => {
      const r = Array.from({ length: 20 }, (_, at) => ({ __typename: 'Variant', id: `Variant:v${at}` }))
      const fields = '... on Variant { price(roomId: "Room:r1") { current { amountMinor } } stock { available } }'
      statements = []
      await ask(`query ($r: [_Any!]!) { _entities(representations: $r) { ${fields} } }`, { r })
      const asked = statements.filter((sql) => /orders\.(goods|stock|room_price)/.test(sql))
      expect(asked).toHaveLength(3)
    })

    it('R06 tells a declined payment again under its key, and takes another method', async () => {
      const order = idOf(await place('declined'))
      await pay(order, 'card-declined')
      await until(async () => (await state(order)) === 'RESERVED', 'the refusal')
      expect((await pay(order, 'card-declined')).errors[0]?.code).toBe('PAYMENT_DECLINED')
      await pay(order, 'card')
      await until(async () => (await state(order)) === 'PAID', 'the payment')
    })

    it('lets only the buyer, and who runs the shop, see an order', async () => {
      const order = idOf(await place('private'))
      const bob = someone('bob', 'member')
      const refused = await ask('query ($id: ID!) { order(id: $id) { id } }', { id: order }, bob)
      expect(refused.errors?.[0]?.extensions.code).toBe('NOT_FOUND')
      expect((await pay(order, 'card', bob)).errors[0]?.code).toBe('NOT_FOUND')
      const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Order { state } } }'
      const r = [{ __typename: 'Order', id: order }]
      expect((await ask(query, { r }, bob)).data).toEqual({ _entities: [null] })
      expect((await ask(query, { r }, merchant)).data).toEqual({ _entities: [{ state: 'RESERVED' }] })
    })

    it('pages the orders of the asker, the newest first', async () => {
      const cat = someone('cat', 'member')
      for (const key of ['1', '2', '3']) await place(key, {}, cat)
      const page = async (after: string | null) => {
        const { data } = await ask(MY_ORDERS, { after }, cat)
        return (data as { orders: { edges: { node: { id: string } }[]; pageInfo: PageInfo } }).orders
      }
      const first = await page(null)
      const second = await page(first.pageInfo.endCursor)
      expect([first.edges.length, first.pageInfo.hasNextPage, second.edges.length]).toEqual([2, true, 1])
    })

    it('S28 tells each member what he may still have of a flash sale: himself, or all of a crowd in one statement', async () => {
      const input = { variantId: VARIANT, price: { amountMinor: 500, currency: 'CNY' }, quota: 5, perMember: 3 }
      const opened = await ask(OPEN_SALE, { input }, merchant)
      const { id } = (opened.data as { openFlashSale: { flashSale: { id: string } } }).openFlashSale.flashSale
      idOf(await place('of the sale', { quantity: 1, flashSaleId: id }))
      const mine = async (who: Identity) =>
        (await ask('query ($id: ID!) { flashSale(id: $id) { leftForMe } }', { id }, who)).data
      expect(await Promise.all([ann, someone('bob', 'member'), ANONYMOUS].map(mine))).toEqual(
        [2, 3, null].map((leftForMe) => ({ flashSale: { leftForMe } })),
      )
      const members = ['Member:bob', 'Member:ann', ...Array.from({ length: 100 }, (_, nth) => `Member:m${nth}`)]
      statements = []
      const { data } = await ask(LEFT_FOR, { members, ids: [id, 'FlashSale:none'] })
      expect((data as { left: unknown[] }).left).toEqual(members.map((name) => [name === 'Member:ann' ? 2 : 3, null]))
      expect(statements.filter((sql) => sql.includes('flash_sale_member'))).toHaveLength(1)
    })

    it('takes a click that we signed and refuses a forged one', async () => {
      const click = { link: 'TrackedLink:l1', click: 'c1', at: new Date() }
      const order = idOf(await place('click', { clickId: signClick(secrets.key('link'), click) }))
      const origin = '{ order(id: $id) { lines { origin { campaignLink click } } } }'
      expect((await ask(`query ($id: ID!) ${origin}`, { id: order }, ann)).data).toEqual({
        order: { lines: [{ origin: { campaignLink: 'TrackedLink:l1', click: 'c1' } }] },
      })
      const forged = signClick(secrets.key('other'), click)
      expect((await place('forged', { clickId: forged })).errors[0]?.code).toBe('CLICK_INVALID')
    })

    it('checks the role of whoever acts', async () => {
      const query = 'mutation ($input: ShipOrderInput!) { shipOrder(input: $input) { errors { code } } }'
      const input = { orderId: 'Order:x', carrier: 'SF', waybill: '1' }
      expect((await ask(query, { input }, ann)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
      expect((await ask(query, { input })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    })

    it('refuses what is malformed with the place that is wrong', async () => {
      expect((await place('none', { quantity: 0 })).errors[0]).toMatchObject({ field: 'lines[0].quantity' })
      expect((await place('kind', { variantId: 'Product:p' })).errors[0]?.code).toBe('BAD_USER_INPUT')
      expect((await place('far', { roomId: 'Room:unknown' })).errors[0]).toEqual({
        code: 'NOT_FOUND',
        field: 'lines[0].roomId',
      })
    })

    it('tells the steps of an order to who watches it', async () => {
      const order = idOf(await place('watched'))
      const query = 'subscription ($id: ID!) { orderMoved(orderId: $id) { state } }'
      const stream = await hosted.subscribe({ query, variables: { id: order } }, ann)
      const next = async () => (await stream.next()).value as { data: { orderMoved: { state: string } } }
      expect((await next()).data.orderMoved.state).toBe('RESERVED')
      await mutate('cancelOrder', 'CancelOrderInput', { orderId: order, reason: 'changed my mind' }, ann)
      expect((await next()).data.orderMoved.state).toBe('CANCELLED')
      await stream.return?.()
    })

    it('refuses to show the steps of a foreign order', async () => {
      const order = idOf(await place('unwatched'))
      const query = 'subscription ($id: ID!) { orderMoved(orderId: $id) { state } }'
      const stream = await hosted.subscribe({ query, variables: { id: order } }, someone('bob', 'member'))
      expect(((await stream.next()).value as { errors: unknown[] }).errors).toMatchObject([
        { extensions: { code: 'NOT_FOUND' } },
      ])
    })

    it('sells inside a partner, from the same stock, each partner its own orders', async () => {
      const kuaishou = aPartner('kuaishou')
      const line = { variantId: VARIANT, quantity: 1, unitPriceMinor: 1000 }
      const address = { regionCode: '110101', line: 'Street 1', receiver: 'A', phone: '1' }
      const order = { idempotencyKey: 'k', partnerOrderId: 'K1', lines: [line], address, outlet: 'kuaishou' }
      const placed = await mutate('partnerPlaceOrder', 'PartnerPlaceOrderInput', order, kuaishou)
      expect(idOf(await mutate('partnerPlaceOrder', 'PartnerPlaceOrderInput', order, kuaishou))).toBe(idOf(placed))
      const paid = { partnerOrderId: 'K1', paidMinor: 1000, paidAt: '2026-11-11T12:00:00Z' }
      const confirm = (who: Identity, some = {}) =>
        mutate('partnerConfirm', 'PartnerConfirmInput', { ...paid, ...some }, who)
      expect((await confirm(aPartner('other'))).errors[0]?.code).toBe('NOT_FOUND')
      expect((await confirm(kuaishou, { paidMinor: 999 })).errors[0]?.code).toBe('PRICE_CHANGED')
      expect((await confirm(kuaishou)).order?.state).toBe('PAID')
      expect((await confirm(kuaishou)).order?.state).toBe('PAID')
      const undo = { partnerOrderId: 'K1', reason: 'sent back' }
      expect((await mutate('partnerRefund', 'PartnerRefundInput', undo, kuaishou)).order?.state).toBe('REFUNDED')
      expect((await mutate('partnerRefund', 'PartnerRefundInput', undo, kuaishou)).order?.state).toBe('REFUNDED')
    })

    it('takes the address of a partner order later too, and keeps it sealed', async () => {
      const kuaishou = aPartner('kuaishou')
      const order = { idempotencyKey: 'a', partnerOrderId: 'K3', lines: [{ variantId: VARIANT, quantity: 1 }] }
      const id = idOf(await mutate('partnerPlaceOrder', 'PartnerPlaceOrderInput', order, kuaishou))
      const address = { regionCode: '110101', line: 'Street 9', receiver: 'Zhang', phone: '138' }
      const again = await mutate('partnerPlaceOrder', 'PartnerPlaceOrderInput', { ...order, address }, kuaishou)
      expect(idOf(again)).toBe(id)
      const { rows } = await db.query<{ sealed: Uint8Array }>(
        'select address_sealed as sealed from orders.purchase where id = $1',
        [id],
      )
      expect(rows[0]?.sealed.length).toBeGreaterThan(28)
      expect(Buffer.from(rows[0]?.sealed ?? []).toString()).not.toContain('Zhang')
    })

    it('promises a partner by when its parcel is there, and takes no order for where nothing is delivered', async () => {
      const kuaishou = aPartner('kuaishou')
      const lines = [{ variantId: VARIANT, quantity: 1 }]
      const promised = async (regionCode: string) => {
        const { data } = await ask(PARTNER_QUOTE, { input: { lines, regionCode } }, kuaishou)
        return (data as { partnerQuote: { delivery: { warehouse: string } | null } }).partnerQuote.delivery
      }
      expect([(await promised('330106'))?.warehouse, await promised('710000')]).toEqual(['310000', null])
      const order = { idempotencyKey: 'd', partnerOrderId: 'K4', lines, regionCode: '71' }
      const placed = await mutate('partnerPlaceOrder', 'PartnerPlaceOrderInput', order, kuaishou)
      expect(placed.errors[0]?.code).toBe('NOT_DELIVERED')
    })

    it('lists the orders that stand in a state', async () => {
      const order = idOf(await place('stands'))
      const numberIn = async (state: string) => {
        const { data } = await ask(
          'query ($state: OrderState) { orders(state: $state) { nodes { id } } }',
          { state },
          ann,
        )
        return (data as { orders: { nodes: { id: string }[] } }).orders.nodes.filter(({ id }) => id === order).length
      }
      expect([await numberIn('RESERVED'), await numberIn('PAID')]).toEqual([1, 0])
    })

    it('has no field in what partners see that is a link', async () => {
      const kuaishou = aPartner('kuaishou')
      const line = { variantId: VARIANT, quantity: 1 }
      const order = { idempotencyKey: 'l', partnerOrderId: 'K2', lines: [line], outlet: 'kuaishou' }
      await mutate('partnerPlaceOrder', 'PartnerPlaceOrderInput', order, kuaishou)
      const { data, errors } = await ask(PARTNER_ORDER, { id: 'K2' }, kuaishou)
      expect(errors).toBeUndefined()
      expect(JSON.stringify(data)).not.toMatch(/https?:|\/\//)
    })
  })
})

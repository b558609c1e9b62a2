import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { serve, type Serving } from '../../../platform/http/serve.js'
import { silent } from '../../../platform/observe/observer.js'
import { secretsFrom } from '../../../platform/secret.js'
import type { Identity } from '../../../schema/identity.js'
import { INJECTED } from '../../../test/support/any-input.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { WEBHOOKS } from '../../../test/support/standing.js'
import { aGround } from '../../../test/support/ground.js'
import { until } from '../../../test/support/until.js'
import { runSubgraph, type HostedSubgraph } from '../../host/run.js'
import type { Ground } from '../../host/subgraph.js'
import { webhooks } from './subgraph.js'

const SET =
  'mutation($i: SetPartnerWebhookInput!) { setPartnerWebhook(input: $i) { webhook { url } secret errors { code field } } }'
const DEAD = '{ partnerDeadLetters { edges { node { key kind tries reason body } } } }'
const AGAIN = 'mutation($i: RedeliverDeadLettersInput!) { redeliverDeadLetters(input: $i) { count errors { code } } }'
const CATALOGUE = `query ($after: String) { partnerCatalog(first: 3, after: $after) {
  edges { node { variant { id } onShelf } } pageInfo { endCursor hasNextPage } } }`
const AT = '2026-11-11T12:00:00.000Z'

interface Catalogue {
  readonly edges: readonly { readonly node: { readonly variant: { readonly id: string }; readonly onShelf: boolean } }[]
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean }
}

interface Came {
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

eachMigrated(WEBHOOKS, (open) => {
  let ground: Ground
  let hosted: HostedSubgraph
  let partner: Serving
  let came: Came[]
  let answer: number
  afterEach(async () => {
    await hosted.stop()
    await partner.stop()
    await ground.bus.close()
    await ground.db.close()
  })

  /** The letters' subgraph, and a partner's server that answers what `answer` says. */
  async function opened(env: Readonly<Record<string, string>> = {}): Promise<void> {
    came = []
    answer = 200
    ground = aGround({ db: await open() })
    hosted = await runSubgraph(webhooks({ secrets: secretsFrom(Buffer.alloc(32)), env }), ground)
    const door = {
      ...{ method: 'POST' as const, path: '/told' },
      answer: ({ headers, body }: { headers: ReadonlyMap<string, string>; body: Uint8Array }) => {
        came.push({ headers, body: Buffer.from(body).toString() })
        return Promise.resolve({ status: answer, headers: {}, body: '' })
      },
    }
    partner = await serve({ doors: [door], port: 0, observer: silent })
  }
  const acme: Identity = { member: null, partner: 'acme', roles: ['partner'], scopes: [], expiresAt: 4_000_000_000 }
  const other: Identity = { ...acme, partner: 'other' }
  const set = (input: object, who = acme) => hosted.ask({ query: SET, variables: { i: input } }, who)
  async function told(who = acme): Promise<string> {
    const { data } = await set({ url: `${partner.url}/told` }, who)
    return /"secret":"([^"]+)"/.exec(JSON.stringify(data))?.[1] ?? expect.unreachable('no secret')
  }
  let position = 0
  const tell = (kind: string, body: object, topic = 'orders') => {
    position += 1
    const event = JSON.stringify({ id: `event-${position}`, at: AT, kind, ...body })
    return ground.bus.append(topic, [{ position: `${position}-1`, body: event }])
  }
  const moved = (version: number, state: string, whose: string | null = 'acme', partnerOrder = 'A1') =>
    tell('orders.moved', {
      ...{ order: 'Order:1', version, state, member: null, partner: whose, partnerOrder },
      ...{ totalMinor: 1990, currency: 'CNY', carrier: null, waybill: null, lines: [] },
    })
  const stock = (version: number, available: number, variant = 'Variant:v') =>
    tell('orders.stockChanged', { variant, version, available })
  const returned = (version: number, state: string) =>
    tell('orders.afterSaleMoved', {
      ...{ afterSale: 'AfterSale:1', order: 'Order:1', version, state, member: null, partner: 'acme' },
      ...{ partnerOrder: 'A1', note: state === 'REFUSED' ? 'worn' : null, backMinor: 0, currency: 'CNY' },
    })
  const parcel = (version: number, state: string) =>
    tell('orders.parcelMoved', {
      ...{ parcel: 'Parcel:1-1', order: 'Order:1', version, state, partner: 'acme', partnerOrder: 'A1' },
      ...{ carrier: 'SF', waybill: 'SF1' },
    })
  const bodies = () => came.map(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>)
  const dead = async (who = acme) => JSON.stringify((await hosted.ask({ query: DEAD }, who)).data)

  describe('a partner who named an address', () => {
    it('is told of its orders, and of stock, in letters signed with its own secret', async () => {
      await opened()
      const secret = await told()
      await moved(1, 'RESERVED')
      await stock(2, 7)
      await until(() => came.length === 2)
      expect(bodies()).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'order.moved', partnerOrderId: 'A1', state: 'RESERVED', version: 1 }),
          expect.objectContaining({ kind: 'stock.changed', variantId: 'Variant:v', available: 7 }),
        ]),
      )
      for (const { headers, body } of came) {
        const signed = createHmac('sha256', secret)
          .update(`${headers.get('daihuo-time') ?? ''}.${body}`)
          .digest('hex')
        expect(headers.get('daihuo-signature')).toBe(`v1=${signed}`)
      }
    })

    it('is told of each parcel of its own order when it leaves and when it arrives', async () => {
      await opened()
      await told()
      await told(other)
      await parcel(1, 'SHIPPED')
      await parcel(2, 'RECEIVED')
      await until(() => came.length === 2)
      const about = { kind: 'parcel.moved', parcelId: 'Parcel:1-1', orderId: 'Order:1', partnerOrderId: 'A1' }
      expect(bodies()).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ ...about, version: 1, state: 'SHIPPED', carrier: 'SF', waybill: 'SF1' }),
          expect.objectContaining({ ...about, version: 2, state: 'RECEIVED' }),
        ]),
      )
    })

    it('is told that offers changed, its own and those for everybody', async () => {
      await opened()
      await told()
      const offers = (version: number, partner: string | null) =>
        tell('orders.offersChanged', {
          ...{ variant: `Variant:${version}`, product: 'Product:p', version, change: 'OPEN', offer: null, partner },
        })
      await offers(1, 'other')
      await offers(2, 'acme')
      await offers(3, null)
      await until(() => came.length === 2)
      expect(
        bodies()
          .map(({ kind, variantId }) => `${String(kind)} ${String(variantId)}`)
          .sort(),
      ).toEqual(['offers.changed Variant:2', 'offers.changed Variant:3'])
    })

    it('S32 is told words as they are, at the address that it named and with no header of theirs', async () => {
      await opened()
      await told()
      await moved(1, 'PAID', 'acme', INJECTED)
      await until(() => came.length === 1)
      expect(bodies()).toMatchObject([{ kind: 'order.moved', partnerOrderId: INJECTED }])
      expect(came[0]?.headers.has('x-evil')).toBe(false)
    })

    it('S32 is told nothing of another partner’s orders, and nothing at all of members’', async () => {
      await opened()
      await told()
      await told(other)
      await moved(1, 'PAID')
      await moved(2, 'PAID', null)
      await stock(3, 1)
      await until(() => came.length === 3)
      expect(bodies().filter(({ kind }) => kind === 'order.moved')).toHaveLength(1)
    })

    it('is told again when it did not take a letter, and hears each step once it does', async () => {
      await opened()
      await told()
      answer = 503
      await moved(1, 'RESERVED')
      await until(() => came.length >= 2)
      answer = 204
      const before = came.length
      await until(() => came.length > before)
      expect(new Set(bodies().map(({ id }) => id)).size).toBe(1)
      expect(await dead()).toContain('"edges":[]')
    })

    it('finds letters that were given up, and has them sent again', async () => {
      await opened({ WEBHOOKS_TRIES: '2' })
      await told()
      answer = 500
      await moved(1, 'RESERVED')
      await until(async () => (await dead()).includes('not delivered in 2 tries; at last: the partner answered 500'))
      expect(came).toHaveLength(2)
      expect(await dead(other)).toContain('"edges":[]')
      answer = 200
      expect((await hosted.ask({ query: AGAIN, variables: { i: {} } }, other)).data).toMatchObject({
        redeliverDeadLetters: { count: 0 },
      })
      expect((await hosted.ask({ query: AGAIN, variables: { i: {} } }, acme)).data).toMatchObject({
        redeliverDeadLetters: { count: 1 },
      })
      await until(() => came.length === 3)
      await until(async () => (await dead()).includes('"edges":[]'))
    })

    it('is told of returns by letters too', async () => {
      await opened()
      await told()
      await returned(1, 'REQUESTED')
      await returned(2, 'REFUSED')
      await until(() => came.length === 2)
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
      await opened()
      const first = await told()
      const again = JSON.stringify((await set({ url: `${partner.url}/told` })).data)
      expect(again).toContain(first)
      expect(JSON.stringify((await set({ url: `${partner.url}/told`, newSecret: true })).data)).not.toContain(first)
    })
  })

  describe('the catalogue of a partner', () => {
    const feed = (variant: string, version: number, selfOperated = true) =>
      tell(
        'catalog.variantFed',
        {
          ...{ product: 'Product:p', variant, version, currency: 'CNY', priceMinor: 1990, compareAtMinor: null },
          ...{ quantity: 5, title: 'A shirt', sku: null, seller: 'shop', selfOperated, image: null },
        },
        'catalog',
      )
    const shelf = (version: number, published: boolean) =>
      tell(
        'catalog.productChanged',
        {
          ...{ product: 'Product:p', version, seller: 'shop', selfOperated: true, title: 'A shirt' },
          ...{ handle: 'shirt', published },
        },
        'catalog',
      )
    async function page(after: string | null = null, who = acme) {
      const { data, errors } = await hosted.ask({ query: CATALOGUE, variables: { after } }, who)
      expect(errors).toBeUndefined()
      const { edges, pageInfo } = (data as { partnerCatalog: Catalogue }).partnerCatalog
      const goods = edges.map(({ node }) => `${node.variant.id.slice(-1)}${node.onShelf ? '+' : '-'}`)
      return { goods: goods.toSorted(), end: pageInfo.endCursor, hasMore: pageInfo.hasNextPage }
    }
    /** Reads on from a place until what is expected has been heard. */
    const changes = async (after: string | null, goods: readonly string[]): Promise<string | null> => {
      await until(async () => (await page(after)).goods.join() === goods.join(), `${goods.join()} in the catalogue`)
      return (await page(after)).end
    }

    it('holds what we sell ourselves, in pages, and then what changed since', async () => {
      await opened()
      await shelf(1, true)
      await feed('Variant:a', 2)
      await feed('Variant:b', 3)
      await feed('Variant:c', 4, false)
      const end = await changes(null, ['a+', 'b+'])
      await stock(9, 4, 'Variant:a')
      const later = await changes(end, ['a+'])
      await shelf(5, false)
      await changes(later, ['a-', 'b-'])
      expect(await page(null)).toMatchObject({ goods: ['a-', 'b-'], hasMore: false })
    })

    it('tells a change once, however often it changed, and no older shelf after a newer one', async () => {
      await opened()
      await feed('Variant:a', 1)
      await shelf(3, true)
      const end = await changes(null, ['a+'])
      await shelf(2, false)
      await stock(9, 4, 'Variant:a')
      await stock(10, 3, 'Variant:a')
      await changes(end, ['a+'])
    })

    it('S32 is for partners only', async () => {
      await opened()
      const { errors } = await hosted.ask({ query: CATALOGUE, variables: {} }, { ...acme, roles: ['member'] })
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
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
      await opened()
      expect((await set({ url })).data).toMatchObject({
        setPartnerWebhook: { webhook: null, errors: [{ code: 'BAD_USER_INPUT', field: 'url' }] },
      })
    })

    it('is set by partners only', async () => {
      await opened()
      const member: Identity = { ...acme, member: 'Member:m', partner: null, roles: ['member'] }
      expect(await set({ url: `${partner.url}/told` }, member)).toMatchObject({
        errors: [{ extensions: { code: 'FORBIDDEN' } }],
      })
    })
  })
})

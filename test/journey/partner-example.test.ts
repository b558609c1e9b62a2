import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { fields, list, text } from '../../platform/decode.js'
import { serve, type Serving } from '../../platform/http/serve.js'
import { silent } from '../../platform/observe/observer.js'
import { systemClock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import { act, read } from '../../scripts/client/deed.js'
import { PartnerLogin } from '../../scripts/client/partner-login.js'
import { Letters, sellInside } from '../../scripts/client/sell-inside.js'
import { booksOf, compareDay } from '../../scripts/reconcile/compare-day.js'
import { dayOf } from '../../subgraphs/host/books/book-day.js'
import { openHouse, type House } from '../support/house.js'
import { Merchant } from '../support/merchant.js'
import { until } from '../support/until.js'

const ISSUE = `mutation($input: IssuePartnerCredentialInput!) {
  issuePartnerCredential(input: $input) { credential { clientId } secret errors { code message } } }`
const CATALOGUE = '{ partnerCatalog { nodes { variant { id } product { id handle title } } } }'
const STOCK = 'mutation($input: SetStockInput!) { setStock(input: $input) { errors { code message } } }'
const IMPORT = `mutation($input: ImportProductsInput!) { importProducts(input: $input) { results { product { id } } errors { code message } } }`
const EVENTS =
  'subscription { partnerEvents { kind variant { id stock { available } price { current { amountMinor } } } product { id } body } }'

describe("the example of a partner's developer", () => {
  let house: House
  let server: Serving
  let operator: Ask
  const letters = new Letters(systemClock)
  beforeAll(async () => {
    house = await openHouse()
    server = await serve({ doors: [letters.door], port: 0, observer: silent })
    const token = await house.shop.token({ sub: 'Member:merchant', roles: ['member', 'operator', 'merchant'] })
    await new Merchant(house.url, token).opens([5])
    operator = await house.as({ sub: 'Member:merchant', roles: ['member', 'operator', 'merchant'] })
  }, 120_000)
  afterAll(async () => {
    await server.stop()
    await house.stop()
  })

  /** The partner's server, with a credential that the operator issues. */
  async function login(key: string, limits: object = {}): Promise<PartnerLogin> {
    const it = await act(operator, ISSUE, { input: { idempotencyKey: key, partner: 'acme', label: key, ...limits } })
    return new PartnerLogin({
      url: `${house.shop.url}/partners/token`,
      clientId: text(fields(it['credential'], 'credential')['clientId'], 'clientId'),
      secret: text(it['secret'], 'secret'),
      clock: systemClock,
    })
  }

  it('sells our goods inside his app, hears each step in signed letters, and gives the money back', async () => {
    const said: string[] = []
    await sellInside({
      ask: (await login('sells')).ask(house.url),
      ...{ clock: systemClock, regionCode: '330106', partnerOrderId: 'A-1' },
      hook: { url: `${server.url}/told`, letters },
      say: (line) => said.push(line),
    })
    expect(said.filter((line) => line.startsWith('partner'))).toEqual([
      ...['partnerPlaceOrder: RESERVED', 'partnerPlaceOrder: RESERVED'],
      ...['partnerConfirm: PAID', 'partnerRefund: REFUNDED'],
    ])
    expect(said).toContain('the shop told us that the order is REFUNDED')
    expect(said.at(-1)).toBe('we handed in the day: 0 differences')
    const day = { books: booksOf('acme'), day: dayOf(systemClock.now()), clock: systemClock, withinMs: 20_000 }
    expect(await compareDay(operator, day)).toMatchObject({ orders: 1, oursMinor: 0, theirsMinor: 0, open: [] })
  }, 120_000)

  it('hears of each change of price, stock and shelf, by subscription and by letter', async () => {
    const partner = await login('hears')
    const [goods] = list((await read(partner.ask(house.url), CATALOGUE))['nodes'], 'nodes', fields)
    const variantId = text(fields(goods?.['variant'], 'variant')['id'], 'id')
    const events: string[] = []
    const connectionParams = { authorization: `Bearer ${await partner.token()}` }
    const client = createClient({ url: house.socketUrl, webSocketImpl: WebSocket, connectionParams, lazy: true })
    const next = (event: object): void => void events.push(JSON.stringify(event))
    client.subscribe({ query: EVENTS }, { next, error: () => undefined, complete: () => undefined })
    const heard = async (kind: string, words: string): Promise<void> => {
      await until(() => events.some((event) => event.includes(kind) && event.includes(words)), `${kind} ${words}`)
      await until(() => letters.came.some((letter) => letter.kind === kind), `a letter of ${kind}`)
    }
    let counted = 100
    const stock = () => act(operator, STOCK, { input: { variantId, available: ++counted, reason: 'counted' } })
    await until(async () => (await stock(), events.length > 0), 'the line to stand')
    const feed = (priceMinor: number, published: boolean) => ({
      ...{ seller: 'daihuo', selfOperated: true, currency: 'CNY' },
      products: [
        {
          ...{ handle: 'evening-0', title: 'Evening 0', options: ['Title'], published },
          variants: [{ optionValues: ['Default'], priceMinor, quantity: 5 }],
        },
      ],
    })
    letters.came.length = 0
    await stock()
    await heard('stock.changed', `"stock":{"available":${counted}}`)
    await act(operator, IMPORT, { input: feed(2100, true) })
    await heard('price.changed', '"amountMinor":2100')
    await act(operator, IMPORT, { input: feed(2100, false) })
    await heard('shelf.changed', 'onShelf\\":false')
    await client.dispose()
  }, 120_000)

  it('S32 is held to its quota and its networks by the house', async () => {
    const few = (await login('few', { perMinute: 2, scopes: ['CATALOG'] })).ask(house.url)
    const codes = []
    for (let at = 0; at < 3; at++) codes.push((await few({ query: CATALOGUE })).errors[0]?.code ?? null)
    expect(codes).toEqual([null, null, 'QUOTA_EXCEEDED'])
    const elsewhere = await login('elsewhere', { networks: ['203.0.113.0/24'] })
    await expect(elsewhere.token()).rejects.toMatchObject({ code: 'NETWORK_FORBIDDEN' })
  }, 120_000)
})

import { cpus } from 'node:os'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { helpFor, readSettings, wholeBetween } from '../../platform/config/read-settings.js'
import { fields, list, text } from '../../platform/decode.js'
import { serve } from '../../platform/http/serve.js'
import { silent } from '../../platform/observe/observer.js'
import { pause, systemClock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import { askShop } from '../../scripts/client/ask-shop.js'
import { act } from '../../scripts/client/deed.js'
import { PartnerLogin } from '../../scripts/client/partner-login.js'
import { KINDS, NewsTally, type Kind } from './news-tally.js'
import { openPartnerShop, type PartnerShop } from './partner-shop.js'

/**
 * `npm run bench:news`: prices, stock, shelves and offers change at a rate, each by a mutation of its own, in the whole shop on PostgreSQL; a partner
 * with a credential hears of it by subscription and by signed letters. Measured from before the mutation is sent until the partner has
 * the news. Ends with 1 when any took longer than the goal, or never came.
 */
const SETTINGS = {
  rate: { flag: 'rate', read: wholeBetween(1, 1000), default: 50, about: 'changes a second' },
  seconds: { flag: 'seconds', read: wholeBetween(1, 3600), default: 20, about: 'of changes, after three to warm' },
  goods: {
    flag: 'goods',
    read: wholeBetween(4, 200),
    default: 148,
    about: 'products that change, one after the other',
  },
  goal: { flag: 'goal', read: wholeBetween(1, 60_000), default: 2000, about: 'milliseconds that no news may take' },
}
const IMPORT = `mutation ($input: ImportProductsInput!) { importProducts(input: $input) { results { product { id variants { id } } } errors { code message } } }`
const STOCK = 'mutation ($input: SetStockInput!) { setStock(input: $input) { errors { code message } } }'
const OPEN_OFFER = `mutation ($input: OpenPriceOfferInput!) { openPriceOffer(input: $input) { priceOffer { id } errors { code message } } }`
const CLOSE_OFFER =
  'mutation ($input: ClosePriceOfferInput!) { closePriceOffer(input: $input) { errors { code message } } }'
const ISSUE = `mutation ($input: IssuePartnerCredentialInput!) { issuePartnerCredential(input: $input) { credential { clientId } secret errors { code message } } }`
const HOOK =
  'mutation ($input: SetPartnerWebhookInput!) { setPartnerWebhook(input: $input) { secret errors { code message } } }'

interface Goods {
  readonly handle: string
  readonly product: string
  readonly variant: string
  priceMinor: number
  onShelf: boolean
  /** The offer that stands; null while none does. */
  offer: Promise<string> | null
}

let stocked = 1000

if (process.argv.includes('--help')) console.log(`npm run bench:news -- [settings]\n\n${helpFor(SETTINGS)}`)
else process.exit(await run())

async function run(): Promise<number> {
  const size = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
  const shop = await openPartnerShop({ KUAISHOU_POLL_MS: '3600000', WEIBO_POLL_MS: '3600000' })
  const tally = new NewsTally(() => performance.now())
  const letters = await serve({ doors: [hook(tally)], port: 0, observer: silent })
  try {
    const token = await shop.token({ sub: 'Member:merchant', roles: ['member', 'operator', 'merchant'] })
    const operator = askShop({ url: `${shop.url}/graphql`, token })
    const goods = await imported(operator, size.goods - (size.goods % KINDS.length))
    const stop = await partnerHears(shop, operator, { tally, hookUrl: `${letters.url}/told` })
    await changes(operator, { goods, tally: null, rate: size.rate, seconds: 3 })
    await pause(systemClock, 2_000)
    await changes(operator, { goods, tally, rate: size.rate, seconds: size.seconds })
    await tally.settled(10_000)
    stop()
    console.log(
      `| ${size.rate} changes a second for ${size.seconds} s | by | news | p50 ms | p99 ms | longest ms | never came |`,
    )
    console.log('| --- | --- | --- | --- | --- | --- | --- |')
    const rows = tally.rows()
    for (const it of rows)
      console.log(`| ${it.kind} | ${it.way} | ${it.count} | ${it.p50} | ${it.p99} | ${it.longest} | ${it.missing} |`)
    console.log(`\nnode ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? ''})`)
    return rows.every(({ longest, missing }) => longest <= size.goal && missing === 0) ? 0 : 1
  } finally {
    await letters.stop()
    await shop.stop()
  }
}

/** Products of one variant each, all shown. */
async function imported(ask: Ask, count: number): Promise<readonly Goods[]> {
  const named = Array.from({ length: count }, (_, at) => ({ handle: `news-${at}`, priceMinor: 1000, onShelf: true }))
  const { results } = await act(ask, IMPORT, { input: feed(named) })
  return list(results, 'results', fields).map((result, at) => {
    const product = fields(result['product'], 'product')
    const [variant] = list(product['variants'], 'variants', fields)
    const ids = { product: text(product['id'], 'id'), variant: text(variant?.['id'], 'id') }
    return { ...(named[at] ?? { handle: '', priceMinor: 0, onShelf: true }), ...ids, offer: null }
  })
}

function feed(goods: readonly Pick<Goods, 'handle' | 'priceMinor' | 'onShelf'>[]) {
  const products = goods.map(({ handle, priceMinor, onShelf: published }) => ({
    ...{ handle, title: handle, options: ['Title'], published },
    variants: [{ optionValues: ['Default'], priceMinor, quantity: 1000 }],
  }))
  return { seller: 'daihuo', selfOperated: true, currency: 'CNY', products }
}

/** The partner exchanges its credential, names an address and opens a line. */
async function partnerHears(
  shop: PartnerShop,
  operator: Ask,
  { tally, hookUrl }: { readonly tally: NewsTally; readonly hookUrl: string },
): Promise<() => void> {
  const wish = { idempotencyKey: 'bench', partner: 'bench', label: 'bench' }
  const issued = await act(operator, ISSUE, { input: wish })
  const login = new PartnerLogin({
    url: `${shop.url}/partners/token`,
    clientId: text(fields(issued['credential'], 'credential')['clientId'], 'clientId'),
    secret: text(issued['secret'], 'secret'),
    clock: systemClock,
  })
  await act(login.ask(`${shop.url}/graphql`), HOOK, { input: { url: hookUrl } })
  const authorization = `Bearer ${await login.token()}`
  const url = `${shop.url.replace('http', 'ws')}/graphql`
  const client = createClient({ url, webSocketImpl: WebSocket, connectionParams: { authorization } })
  const begun = new Promise<void>((resolve) => client.on('connected', () => resolve()))
  client.subscribe(
    { query: 'subscription { partnerEvents { body } }' },
    {
      next: ({ data }) =>
        tally.heard('subscription', text(fields(fields(data, 'data')['partnerEvents'], 'e')['body'], 'body')),
      error: (error) => console.error(error),
      complete: () => undefined,
    },
  )
  await begun
  return () => void client.dispose()
}

function hook(tally: NewsTally) {
  return {
    ...{ method: 'POST' as const, path: '/told' },
    answer: ({ body }: { readonly body: Uint8Array }) => {
      tally.heard('letter', Buffer.from(body).toString('utf8'))
      return Promise.resolve({ status: 204, headers: {}, body: '' })
    },
  }
}

interface Changes {
  readonly goods: readonly Goods[]
  /** Null while it warms up. */
  readonly tally: NewsTally | null
  readonly rate: number
  readonly seconds: number
}

/** One change after the other at a rate that does not care how long they take. */
async function changes(ask: Ask, { goods, tally, rate, seconds }: Changes): Promise<void> {
  const begun = performance.now()
  const running: Promise<void>[] = []
  for (let at = 0; at < rate * seconds; at++) {
    const late = begun + (at * 1000) / rate - performance.now()
    if (late > 1) await pause(systemClock, late)
    const it = goods[at % goods.length] // of a number that the kinds divide: each is changed in one way only
    const kind = KINDS[at % KINDS.length]
    if (it !== undefined && kind !== undefined) running.push(change(ask, { it, kind, tally }))
  }
  await Promise.all(running)
}

async function change(
  ask: Ask,
  { it, kind, tally }: { readonly it: Goods; readonly kind: Kind; readonly tally: NewsTally | null },
): Promise<void> {
  switch (kind) {
    case 'price':
      it.priceMinor += 1
      tally?.begun({ kind, thing: it.variant, value: it.priceMinor })
      await act(ask, IMPORT, { input: feed([it]) })
      return
    case 'stock':
      stocked += 1
      tally?.begun({ kind, thing: it.variant, value: stocked })
      await act(ask, STOCK, { input: { variantId: it.variant, available: stocked, reason: 'counted' } })
      return
    case 'shelf':
      it.onShelf = !it.onShelf
      tally?.begun({ kind, thing: it.product, value: it.onShelf ? 1 : 0 })
      await act(ask, IMPORT, { input: feed([it]) })
      return
    case 'offer':
      await (it.offer === null ? openOffer(ask, it, tally) : closeOffer(ask, it, tally))
  }
}

/** An offer for everybody: members' offers change what a partner's buyer pays. */
async function openOffer(ask: Ask, it: Goods, tally: NewsTally | null): Promise<void> {
  const offer = { kind: 'PLATFORM_SUBSIDY', label: 'bench', currency: 'CNY', reduction: { byMinor: 1 } }
  tally?.begun({ kind: 'offer', thing: it.variant, value: 1 })
  it.offer = act(ask, OPEN_OFFER, { input: { ...offer, variantId: it.variant } }).then(({ priceOffer }) =>
    text(fields(priceOffer, 'priceOffer')['id'], 'id'),
  )
  await it.offer
}

async function closeOffer(ask: Ask, it: Goods, tally: NewsTally | null): Promise<void> {
  const opened = it.offer
  it.offer = null
  const priceOfferId = await opened
  tally?.begun({ kind: 'offer', thing: it.variant, value: 0 })
  await act(ask, CLOSE_OFFER, { input: { priceOfferId } })
}

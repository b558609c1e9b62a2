import { join } from 'node:path'
import { projectRoot } from '../../platform/config/project-root.js'
import { fields, list, text, type Fields } from '../../platform/decode.js'
import { call } from '../../platform/http/call.js'
import type { Ask } from '../../schema/ask.js'
import { act, nodesOf, read } from '../../scripts/client/deed.js'
import { importFile } from '../../scripts/import/import-file.js'
import type { TokenClaims } from '../../scripts/start/shop.js'
import type { House } from './house.js'
import { until } from './until.js'

/** Who acts in a scene. */
export const PEOPLE = {
  shopper: { sub: 'Member:shopper', roles: ['member'] },
  host: { sub: 'Member:host', roles: ['member', 'host'] },
  operator: { sub: 'Member:operator', roles: ['member', 'operator', 'merchant'] },
  manager: { sub: 'Member:manager', roles: ['member', 'campaign-manager'] },
  star: { sub: 'Member:star', roles: ['member', 'influencer'] },
  partner: { partner: 'acme', roles: ['partner'] },
} as const satisfies Readonly<Record<string, TokenClaims>>

export type Person = keyof typeof PEOPLE

/** A house in which something has happened: one id of everything that can be asked for. */
export interface Scene {
  /** Somebody's voice; null is an anonymous visitor. */
  readonly voice: (who: Person | null) => Ask
  /** Does a mutation of one input and gives its payload; a refusal is thrown. `gives` is what is asked of the payload. */
  readonly deed: (who: Person, name: string, input: object, gives?: string) => Promise<Fields>
  readonly seller: string
  readonly handle: string
  readonly product: string
  readonly brand: string
  readonly category: string
  /** All with price and stock; the first six stand on the room's shelf. */
  readonly variants: readonly string[]
  readonly variant: string
  readonly room: string
  readonly comment: string
  readonly draw: string
  readonly flashSale: string
  readonly priceOffer: string
  readonly couponIssue: string
  /** The star's, unused. */
  readonly coupon: string
  readonly campaign: string
  readonly link: string
  readonly post: string
  readonly listing: string
  /** The shopper's, paid, and attributed to the star. */
  readonly order: string
  readonly orderLine: string
  /** The partner's own number of its order. */
  readonly partnerOrder: string
  readonly partnerOrderId: string
}

const SELLER = 'daihuo'
const MONEY = { amountMinor: 1_900, currency: 'CNY' }

/** Sample products -> a live room with shelf, comments, flash sale and draw -> a contest with a link and its post -> orders. */
export async function openScene(house: House): Promise<Scene> {
  const voices = new Map<Person | null, Ask>([[null, await house.as(null)]])
  for (const who of Object.keys(PEOPLE) as Person[]) voices.set(who, await house.as(PEOPLE[who])) // its own keys
  const stage = stageOf(voices)
  const members = Object.values(PEOPLE).flatMap((who) => ('sub' in who ? [{ id: who.sub, nickname: who.sub }] : []))
  await stage.deed('operator', 'ensureMembers', { members })
  const goods = await importedGoods(stage)
  const category = await savedCategory(stage)
  const room = await liveRoom(stage, goods)
  const offers = await openOffers(stage, goods)
  const contest = await openContest(stage, goods.product)
  const listing = await listed(stage, goods.variants.slice(0, 2))
  const shopping = await orders(stage, { ...goods, ...room, url: contest.url })
  return { ...stage, seller: SELLER, category, ...goods, ...room, ...offers, ...contest, listing, ...shopping }
}

type Stage = Pick<Scene, 'voice' | 'deed'>

/** Mutations that share their input with others; all others have one of their own name. */
const INPUTS: ReadonlyMap<string, string> = new Map([
  ...['goLive', 'endRoom', 'watchRoom'].map((name) => [name, 'RoomInput'] as const),
  ...['joinDraw', 'closeDraw'].map((name) => [name, 'DrawInput'] as const),
])

function stageOf(voices: ReadonlyMap<Person | null, Ask>): Stage {
  function voice(who: Person | null): Ask {
    const ask = voices.get(who)
    if (ask === undefined) throw new Error(`nobody is called ${String(who)}`)
    return ask
  }
  return {
    voice,
    async deed(who, name, input, gives = '') {
      const type = INPUTS.get(name) ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
      const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${gives} errors { code message } } }`
      return await act(voice(who), document, { input })
    },
  }
}

type Goods = Pick<Scene, 'handle' | 'product' | 'brand' | 'variant' | 'variants'>

/** The sample CSV through the import that everybody uses; price and stock arrive a moment later. */
async function importedGoods({ voice }: Stage): Promise<Goods> {
  const watcher = { begin: () => undefined, add: () => undefined }
  const consignment = { seller: SELLER, selfOperated: true, currency: 'CNY' }
  const file = join(projectRoot(), 'scripts/sample/products.csv')
  await importFile(file, { ask: voice('operator'), consignment, watcher })
  const query = `{ products(first: 50) { edges { node { id handle brand { id } variants { id price { current { currency } } stock { available } } } } } }`
  let products: readonly Stocked[] = []
  await until(async () => {
    products = nodesOf(await read(voice(null), query), 'products').map(stocked)
    return products.filter(({ variants }) => variants.length > 0).length >= 6
  }, 'the stock of the imported products')
  const first = products.find(({ variants }) => variants.length > 0)
  const variants = products.flatMap((one) => one.variants)
  if (first === undefined) throw new Error('nothing is in stock')
  const [variant = ''] = first.variants
  const { handle, id: product, brand } = first
  return { ...{ handle, product, brand }, variant, variants: [...new Set([variant, ...variants])] }
}

async function savedCategory({ deed }: Stage): Promise<string> {
  const { category } = await deed('operator', 'saveCategory', { name: 'Tea' }, 'category { id }')
  return text(fields(category, 'category')['id'], 'category.id')
}

/** A product, and those of its variants that can be sold. */
interface Stocked {
  readonly id: string
  readonly handle: string
  readonly brand: string
  readonly variants: readonly string[]
}

function stocked(product: Fields): Stocked {
  const sold = list(product['variants'], 'variants', fields).filter(
    ({ price, stock }) => price !== null && stock !== null && Number(fields(stock, 'stock')['available']) >= 10,
  )
  return {
    id: text(product['id'], 'id'),
    handle: text(product['handle'], 'handle'),
    brand: text(fields(product['brand'], 'brand')['id'], 'brand.id'),
    variants: sold.map(({ id }) => text(id, 'id')),
  }
}

async function liveRoom(
  { deed }: Stage,
  { product, variants, variant: variantId }: Goods,
): Promise<Pick<Scene, 'room' | 'comment' | 'draw' | 'flashSale'>> {
  const rates = { commentsPerMemberPerMinute: 10_000, commentsPerMinute: 1_000_000 }
  const room = idIn(await deed('host', 'scheduleRoom', { title: '小夏的晚八点', ...rates }, 'room { id }'), 'room')
  await deed('host', 'goLive', { roomId: room })
  for (const shelved of variants.slice(0, 6))
    await deed('host', 'putOnShelf', { roomId: room, productId: product, variantId: shelved, roomPrice: MONEY })
  await deed('host', 'setTalkingPoint', { roomId: room, variantId })
  const said = await deed('shopper', 'postComment', { roomId: room, text: '来了来了' }, 'comment { id }')
  const comment = idIn(said, 'comment')
  await deed('host', 'pinComment', { roomId: room, commentId: comment })
  const prize = { roomId: room, prize: '福袋', winners: 1, beacon: 'tomorrow’s first number' }
  const draw = idIn(await deed('host', 'openDraw', prize, 'draw { id }'), 'draw')
  await deed('star', 'joinDraw', { drawId: draw })
  const sale = { roomId: room, variantId, price: { amountMinor: 100, currency: 'CNY' }, quota: 3, perMember: 1 }
  const flashSale = idIn(await deed('host', 'openFlashSale', sale, 'flashSale { id }'), 'flashSale')
  return { room, comment, draw, flashSale }
}

async function openOffers(
  { deed }: Stage,
  { variants }: Goods,
): Promise<Pick<Scene, 'priceOffer' | 'couponIssue' | 'coupon'>> {
  const offer = { ...aSubsidy(variants), reduction: { byMinor: 1 } }
  const priceOffer = idIn(await deed('operator', 'openPriceOffer', offer, 'priceOffer { id }'), 'priceOffer')
  const issued = await deed('operator', 'issueCoupons', SOME_COUPONS, 'couponIssue { id }')
  const couponIssue = idIn(issued, 'couponIssue')
  const claim = { idempotencyKey: 'scene', couponIssueId: couponIssue }
  return { priceOffer, couponIssue, coupon: idIn(await deed('star', 'claimCoupon', claim, 'coupon { id }'), 'coupon') }
}

/** A subsidy of a variant that nothing else happens to. */
export function aSubsidy(variants: readonly string[]): object {
  const reduction = { byMinor: 2 }
  return { kind: 'PLATFORM_SUBSIDY', variantId: variants.at(-1), label: 'subsidy', currency: 'CNY', reduction }
}

/** Coupons of the platform for any order. */
export const SOME_COUPONS = {
  kind: 'PLATFORM_COUPON',
  label: '1 off',
  from: { amountMinor: 100, currency: 'CNY' },
  reduction: { byMinor: 100 },
  quota: 1000,
  perMember: 999,
}

async function openContest(
  { deed }: Stage,
  productId: string,
): Promise<Pick<Scene, 'campaign' | 'link' | 'post'> & { url: string }> {
  const prizes = [{ rank: 1, plusYears: 100, eCard: { amountMinor: 100_000_000, currency: 'CNY' } }]
  const draft = { title: 'Who is the Daihuo King', closesAt: '2099-01-01T00:00:00.000Z', prizes }
  const campaign = idIn(await deed('manager', 'draftCampaign', draft, 'campaign { id }'), 'campaign')
  await deed('manager', 'openCampaign', { campaignId: campaign })
  await deed('star', 'enrol', { campaignId: campaign })
  const taken = await deed('star', 'takeLink', { campaignId: campaign, productId }, 'link { id url }')
  const link = idIn(taken, 'link')
  await deed('star', 'bindWeibo', { code: 'abc' })
  const post = idIn(await deed('star', 'postLink', { linkId: link, text: 'Look' }, 'post { id }'), 'post')
  return { campaign, link, post, url: text(fields(taken['link'], 'link')['url'], 'url') }
}

/** The connector learns of goods by events, so it is asked until it knows them. */
async function listed({ deed, voice }: Stage, variantIds: readonly string[]): Promise<string> {
  let listing = ''
  await until(async () => {
    const asked = deed('operator', 'listOnKuaishou', { variantIds }, 'listings { id }')
    const payload = await asked.catch(() => null)
    listing = payload === null ? '' : text(list(payload['listings'], 'listings', fields)[0]?.['id'], 'id')
    return listing !== ''
  }, 'the connector to know the goods')
  await until(async () => {
    const page = await read(voice('operator'), '{ kuaishouListings { edges { node { state stock } } } }')
    return nodesOf(page, 'listings').every(({ state, stock }) => state === 'LISTED' && stock !== null)
  }, 'the listings')
  return listing
}

async function orders(
  { deed, voice }: Stage,
  { variant: variantId, room: roomId, url }: { variant: string; room: string; url: string },
): Promise<Pick<Scene, 'order' | 'orderLine' | 'partnerOrder' | 'partnerOrderId'>> {
  const lines = [{ variantId, quantity: 1, roomId, outlet: 'app', clickId: await clicked(url) }]
  const placed = await deed('shopper', 'placeOrder', { idempotencyKey: 'scene', lines }, 'order { id lines { id } }')
  const order = idIn(placed, 'order')
  await deed('shopper', 'payOrder', { idempotencyKey: 'scene-pay', orderId: order, method: 'card' })
  await deed('shopper', 'placeOrder', { idempotencyKey: 'left-open', lines: [{ variantId, quantity: 1 }] })
  const partnerOrder = 'scene-1'
  const bought = await deed(
    'partner',
    'partnerPlaceOrder',
    { idempotencyKey: 'scene', partnerOrderId: partnerOrder, lines: [{ variantId, quantity: 1 }] },
    'order { id }',
  )
  const query = 'query ($id: ID!) { order(id: $id) { state lines { attribution { rule } } } }'
  await until(async () => {
    const it = await read(voice('shopper'), query, { id: order })
    return it['state'] === 'PAID' && list(it['lines'], 'lines', fields)[0]?.['attribution'] !== null
  }, 'the paid and attributed order')
  const [line] = list(fields(placed['order'], 'order')['lines'], 'lines', fields)
  return { order, orderLine: text(line?.['id'], 'id'), partnerOrder, partnerOrderId: idIn(bought, 'order') }
}

/** Follows a link as a browser does; gives its click. */
async function clicked(url: string): Promise<string> {
  const headers = { 'user-agent': 'Mozilla/5.0 (iPhone)' }
  const answer = await call({ url, method: 'GET', headers, timeoutMs: 10_000, mostBytes: 10_000 })
  return text(new URL(answer.headers.get('location') ?? '', url).searchParams.get('click'), 'click')
}

/** The id of what a payload gives. */
export function idIn(payload: Fields, place: string): string {
  return text(fields(payload[place], place)['id'], `${place}.id`)
}

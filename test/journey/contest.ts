import { fields, list, text, whole, type Fields } from '../../platform/decode.js'
import { call } from '../../platform/http/call.js'
import { seededChance } from '../../platform/time/chance.js'
import { pause, systemClock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import { proofOf, type Standing } from '../../subgraphs/campaigns/domain/rank.js'
import { act, nodesOf, read } from '../../scripts/client/deed.js'
import type { House } from '../support/house.js'

const ERRORS = 'errors { code message }'
const AT_ONCE = 48
const IN_ONE = 5

/** What is sold in the contest. */
export interface Goods {
  readonly product: string
  readonly variant: string
}

/** A contest that is open, and everybody's link in it. */
export interface OpenContest {
  readonly campaign: string
  readonly goods: readonly Goods[]
  /** By the number of the influencer. */
  readonly links: readonly string[]
}

export const influencerId = (at: number): string => `Member:star-${at}`
const buyerId = (at: number): string => `Member:buyer-${at}`
export const manager = { sub: 'Member:boss', roles: ['member', 'campaign-manager'] } as const

/** Does all of them, some beside each other. */
export async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at]
      if (item !== undefined) done[at] = await work(item)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return done
}

/** Goods imported, everybody known, the contest drafted and opened, all enrolled, each with a link to one of the goods. */
export async function openContest(
  house: House,
  { influencers, buyers }: { influencers: number; buyers: number },
): Promise<OpenContest> {
  const operator = await house.as({ sub: 'Member:operator', roles: ['operator', 'merchant'] })
  const goods = await importedGoods(operator)
  const stars = Array.from({ length: influencers }, (_, at) => influencerId(at))
  await known(operator, ['Member:boss', ...stars, ...Array.from({ length: buyers }, (_, at) => buyerId(at))])
  const boss = await house.as(manager)
  const campaign = await opened(boss)
  await act(boss, `mutation ($i: EnrolInfluencersInput!) { enrolInfluencers(input: $i) { ${ERRORS} } }`, {
    i: { campaignId: campaign, influencers: stars },
  })
  const links = await inTurns(stars, async (star) => {
    const ask = await house.as({ sub: star, roles: ['member', 'influencer'] })
    const { product: productId } = one(goods, stars.indexOf(star))
    const take = `mutation ($i: TakeLinkInput!) { takeLink(input: $i) { link { url } ${ERRORS} } }`
    const taken = await act(ask, take, { i: { campaignId: campaign, productId } })
    return text(fields(taken['link'], 'link')['url'], 'link.url')
  })
  return { campaign, goods, links }
}

async function importedGoods(operator: Ask): Promise<readonly Goods[]> {
  const products = Array.from({ length: 3 }, (_, at) => ({
    handle: `contest-${at}`,
    title: `Contest ${at}`,
    variants: [{ optionValues: [], priceMinor: 1_000 + at, quantity: 1_000_000 }],
  }))
  const input = { seller: 'daihuo', selfOperated: true, currency: 'CNY', products }
  await act(operator, `mutation ($i: ImportProductsInput!) { importProducts(input: $i) { ${ERRORS} } }`, { i: input })
  const query = '{ products(first: 10) { edges { node { id variants { id stock { available } } } } } }'
  for (;;) {
    const goods = nodesOf(await read(operator, query), 'products').flatMap(goodsIn)
    if (goods.length === products.length) return goods
    await pause(systemClock, 50)
  }
}

function goodsIn(product: Fields): readonly Goods[] {
  return list(product['variants'], 'variants', fields)
    .filter(({ stock }) => stock !== null)
    .map((variant) => ({ product: text(product['id'], 'id'), variant: text(variant['id'], 'id') }))
}

async function known(operator: Ask, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += 500) {
    const members = ids.slice(at, at + 500).map((id) => ({ id, nickname: id.slice('Member:'.length) }))
    await act(operator, `mutation ($i: EnsureMembersInput!) { ensureMembers(input: $i) { ${ERRORS} } }`, {
      i: { members },
    })
  }
}

async function opened(boss: Ask): Promise<string> {
  const input = {
    title: 'Who is the Daihuo King',
    closesAt: '2099-01-01T00:00:00.000Z',
    prizes: [{ rank: 1, plusYears: 100, eCard: { amountMinor: 100_000_000, currency: 'CNY' } }],
  }
  const draft = `mutation ($i: DraftCampaignInput!) { draftCampaign(input: $i) { campaign { id } ${ERRORS} } }`
  const drafted = await act(boss, draft, { i: input })
  const campaignId = text(fields(drafted['campaign'], 'campaign')['id'], 'campaign.id')
  await act(boss, `mutation ($i: OpenCampaignInput!) { openCampaign(input: $i) { ${ERRORS} } }`, { i: { campaignId } })
  return campaignId
}

/** What somebody does in the contest, and for whom it should count. */
export interface Plan {
  readonly key: string
  readonly buyer: string
  readonly good: Goods
  /** The links that the buyer follows, in order; the order bears the first one's click. */
  readonly follows: readonly string[]
  readonly then: 'keeps' | 'cancels' | 'refunds'
  /** Null where it must not count. */
  readonly countsFor: string | null
}

/** A day of the contest, the same for the same seed: few influencers sell most, some buyers think better of it, some cheat. */
export function plansOf(
  { goods, links }: OpenContest,
  { orders, buyers }: { orders: number; buyers: number },
): readonly Plan[] {
  const chance = seededChance(618)
  return Array.from({ length: orders }, (_, at): Plan => {
    const star = Math.floor(chance.fraction() ** 2 * links.length)
    const rival = (star + goods.length) % links.length
    const own = at % 50 === 2
    const then = at % 4 === 0 ? 'cancels' : at % 20 === 1 ? 'refunds' : 'keeps'
    const switches = at % 25 === 3 && rival % goods.length === star % goods.length
    const winner = switches ? rival : star
    return {
      key: `order-${at}`,
      buyer: own ? influencerId(star) : buyerId(at % buyers),
      good: one(goods, star),
      follows: switches ? [one(links, star), one(links, rival)] : [one(links, star)],
      then,
      countsFor: own || then !== 'keeps' ? null : influencerId(winner),
    }
  })
}

/** clicks -> orders -> paid or cancelled -> some given back, each step for everybody before the next. */
export async function carryOut(house: House, plans: readonly Plan[]): Promise<void> {
  const carts = cartsOf(plans)
  const placed = await inTurns(carts, (cart) => placeAll(house, cart))
  await inTurns(placed, (orders) => payOrCancelAll(house, orders))
  await until(house, `select count(*)::int as open from orders.purchase where state in ('RESERVED', 'PAYING')`)
  await inTurns(placed, (orders) => refundAll(house, orders))
}

interface Placed {
  readonly plan: Plan
  readonly orderId: string
}

/** A buyer's plans, a few to a request: five thousand orders need not be five thousand requests. */
function cartsOf(plans: readonly Plan[]): readonly (readonly Plan[])[] {
  const byBuyer = new Map<string, Plan[]>()
  for (const plan of plans) byBuyer.set(plan.buyer, [...(byBuyer.get(plan.buyer) ?? []), plan])
  return [...byBuyer.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / IN_ONE) }, (_, at) => all.slice(at * IN_ONE, (at + 1) * IN_ONE)),
  )
}

async function placeAll(house: House, cart: readonly Plan[]): Promise<readonly Placed[]> {
  const deeds = await Promise.all(
    cart.map(async ({ key, good, follows }) => {
      const lines = [{ variantId: good.variant, quantity: 1, clickId: await followed(follows) }]
      return { name: 'placeOrder', gives: 'order { id }', input: { idempotencyKey: key, lines } }
    }),
  )
  const payloads = await doAll(house, one(cart, 0).buyer, deeds)
  return payloads.map((payload, at) => ({
    plan: one(cart, at),
    orderId: text(fields(payload['order'], 'order')['id'], 'order.id'),
  }))
}

async function payOrCancelAll(house: House, orders: readonly Placed[]): Promise<void> {
  const deeds = orders.map(({ plan, orderId }) =>
    plan.then === 'cancels'
      ? { name: 'cancelOrder', gives: '', input: { orderId } }
      : { name: 'payOrder', gives: '', input: { idempotencyKey: plan.key, orderId, method: 'card' } },
  )
  await doAll(house, one(orders, 0).plan.buyer, deeds)
}

async function refundAll(house: House, orders: readonly Placed[]): Promise<void> {
  const deeds = orders
    .filter(({ plan }) => plan.then === 'refunds')
    .map(({ plan, orderId }) => {
      const input = { idempotencyKey: `back-${plan.key}`, orderId, reason: 'too small' }
      return { name: 'refundOrder', gives: '', input }
    })
  if (deeds.length > 0) await doAll(house, one(orders, 0).plan.buyer, deeds)
}

interface Deed {
  readonly name: string
  readonly gives: string
  readonly input: Readonly<Record<string, unknown>>
}

/** Several mutations in one request; none may be refused. */
async function doAll(house: House, buyer: string, deeds: readonly Deed[]): Promise<readonly Fields[]> {
  const ask = await house.as({ sub: buyer, roles: ['member'] })
  const typed = deeds.map(({ name }, at) => `$i${at}: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`)
  const asked = deeds.map(({ name, gives }, at) => `d${at}: ${name}(input: $i${at}) { ${gives} ${ERRORS} }`)
  const variables = Object.fromEntries(deeds.map(({ input }, at) => [`i${at}`, input]))
  const { data, errors } = await ask({ query: `mutation (${typed.join(', ')}) { ${asked.join(' ')} }`, variables })
  const payloads = Object.values(fields(data, 'data')).map((payload) => fields(payload, 'payload'))
  const refused = payloads.flatMap((payload) => list(payload['errors'], 'errors', fields))
  if (errors.length > 0 || refused.length > 0) throw new Error(JSON.stringify([...errors, ...refused]))
  return payloads
}

/** Waits until a count is zero. */
export async function until(house: House, count: string): Promise<void> {
  for (;;) {
    const { rows } = await house.db.query<{ open: number }>(count)
    if (rows[0]?.open === 0) return
    await pause(systemClock, 200)
  }
}

/** Follows links in one browser; gives the first one's click id. */
async function followed(links: readonly string[]): Promise<string> {
  const clicks: string[] = []
  let cookie = ''
  for (const url of links) {
    const headers = { 'user-agent': 'Mozilla/5.0 (iPhone)', cookie }
    const answer = await call({ url, method: 'GET', headers, timeoutMs: 30_000, mostBytes: 10_000 })
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    const sale = new URL(answer.headers.get('location') ?? '', url)
    clicks.push(text(sale.searchParams.get('click'), 'click'))
  }
  return one(clicks, 0)
}

/** The recount by hand: how often each influencer is the one that a plan counts for. */
export function recount(plans: readonly Plan[]): ReadonlyMap<string, number> {
  const scores = new Map<string, number>()
  for (const { countsFor } of plans) if (countsFor !== null) scores.set(countsFor, (scores.get(countsFor) ?? 0) + 1)
  return scores
}

/** The whole frozen order of ranks, page by page, as anybody can read it. */
export async function frozen(anybody: Ask, campaign: string): Promise<readonly Standing[]> {
  const query = `query ($id: ID!, $after: String) { campaign(id: $id) { standings(first: 100, after: $after) {
    edges { node { rank influencer { id } score orders reachedAt } } pageInfo { hasNextPage endCursor } } } }`
  const standings: Standing[] = []
  for (let after: unknown = null; ;) {
    const page = fields((await read(anybody, query, { id: campaign, after }))['standings'], 'standings')
    standings.push(...nodesOf(page, 'standings').map(standing))
    const { hasNextPage, endCursor } = fields(page['pageInfo'], 'pageInfo')
    if (hasNextPage !== true) return standings
    after = endCursor
  }
}

/** What the proof of these standings would be. */
export { proofOf }

function standing(node: Fields): Standing {
  return {
    rank: whole(node['rank'], 'rank'),
    influencer: text(fields(node['influencer'], 'influencer')['id'], 'influencer.id'),
    score: whole(node['score'], 'score'),
    orders: whole(node['orders'], 'orders'),
    reachedAt: new Date(text(node['reachedAt'], 'reachedAt')),
  }
}

/** Goes round a list. */
function one<T>(items: readonly T[], at: number): T {
  const item = items[at % items.length]
  if (item === undefined) throw new Error('an empty list has no items')
  return item
}

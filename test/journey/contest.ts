import { fields, list, text, whole, type Fields } from '../../platform/decode.js'
import { pause, systemClock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import type { Standing } from '../../subgraphs/campaigns/domain/rank.js'
import { act, nodesOf, read } from '../../scripts/client/deed.js'
import type { House } from '../support/house.js'
import { inTurns } from '../support/in-turns.js'
import { buyerId, influencerId, one, type Goods, type OpenContest } from './contest-plans.js'

const ERRORS = 'errors { code message }'

/** Who runs the contest. */
export const manager = { sub: 'Member:boss', roles: ['member', 'campaign-manager'] } as const

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

function standing(node: Fields): Standing {
  return {
    rank: whole(node['rank'], 'rank'),
    influencer: text(fields(node['influencer'], 'influencer')['id'], 'influencer.id'),
    score: whole(node['score'], 'score'),
    orders: whole(node['orders'], 'orders'),
    reachedAt: new Date(text(node['reachedAt'], 'reachedAt')),
  }
}

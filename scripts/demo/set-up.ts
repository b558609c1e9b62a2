import { fields, list, maybe, text, whole } from '../../platform/decode.js'
import type { Clock } from '../../platform/time/clock.js'
import { act, nodesOf, read } from '../client/deed.js'
import { everybody, type Cast } from './cast.js'
import { DOCUMENTS } from './documents.js'

/** What can be bought in the demo. */
export interface Goods {
  readonly product: string
  readonly variant: string
  readonly title: string
  readonly priceMinor: number
  readonly currency: string
}

/** What the demo plays in; kept beside the data, so that a second start goes on in the same room. */
export interface Stage {
  readonly room: string
  readonly campaign: string
  /** Exclusive links of the influencers. */
  readonly links: readonly string[]
}

const SHELF = 8
const CONTEST_DAYS = 30

/** What the setting up needs beside the shop. */
export interface SetUpParts {
  readonly clock: Clock
  /** A code with which an influencer's account at the social network agrees to be bound. */
  readonly consent: (account: string) => string
}

/** members -> room live, shelf full -> contest open, links taken. The samples are imported already. */
export async function setUp(cast: Cast, goods: readonly Goods[], { clock, consent }: SetUpParts): Promise<Stage> {
  const members = everybody(cast).map(({ id, nickname }) => ({ id, nickname }))
  await act(cast.operator.ask, DOCUMENTS.ensureMembers, { input: { members } })
  const room = await openRoom(cast, goods)
  const { campaign, links } = await openContest(cast, goods, { clock, consent })
  await act(cast.operator.ask, DOCUMENTS.listOnKuaishou, {
    input: { variantIds: goods.slice(0, SHELF).map((one) => one.variant) },
  })
  return { room, campaign, links }
}

/** What is there to be sold: the first variant of each self-operated product that has a price and stock. */
export async function goodsOf(cast: Cast): Promise<readonly Goods[]> {
  const page = await read(cast.host.ask, DOCUMENTS.shelfGoods)
  return nodesOf(page, 'products').flatMap((product) => {
    const variants = list(product['variants'], 'variants', fields)
    const sold = variants.find(
      (variant) => (maybe(variant['stock'], 'stock', fields)?.['available'] ?? 0) !== 0 && variant['price'] !== null,
    )
    if (sold === undefined) return []
    const current = fields(fields(sold['price'], 'price')['current'], 'current')
    return [
      {
        product: text(product['id'], 'product.id'),
        variant: text(sold['id'], 'variant.id'),
        title: text(product['title'], 'title'),
        priceMinor: whole(current['amountMinor'], 'amountMinor'),
        currency: text(current['currency'], 'currency'),
      },
    ]
  })
}

async function openRoom({ host }: Cast, goods: readonly Goods[]): Promise<string> {
  const scheduled = await act(host.ask, DOCUMENTS.scheduleRoom, {
    input: { title: '小夏的晚八点 · Demo evening', kind: 'STORE' },
  })
  const roomId = text(fields(scheduled['room'], 'room')['id'], 'room.id')
  await act(host.ask, DOCUMENTS.goLive, { input: { roomId } })
  for (const [at, { variant, product, priceMinor, currency }] of goods.slice(0, SHELF).entries()) {
    const roomPrice = at % 2 === 0 ? { amountMinor: Math.floor(priceMinor * 0.9), currency } : null
    await act(host.ask, DOCUMENTS.putOnShelf, { input: { roomId, variantId: variant, productId: product, roomPrice } })
  }
  await act(host.ask, DOCUMENTS.setTalkingPoint, { input: { roomId, variantId: goods[0]?.variant } })
  return roomId
}

async function openContest(
  { manager, influencers }: Cast,
  goods: readonly Goods[],
  { clock, consent }: SetUpParts,
): Promise<Omit<Stage, 'room'>> {
  const closesAt = new Date(clock.now().getTime() + CONTEST_DAYS * 86_400_000).toISOString()
  const prizes = [{ rank: 1, plusYears: 100, eCard: { amountMinor: 100_000_000, currency: 'CNY' } }]
  const drafted = await act(manager.ask, DOCUMENTS.draftCampaign, {
    input: { title: 'Who is the Daihuo King', closesAt, prizes },
  })
  const campaignId = text(fields(drafted['campaign'], 'campaign')['id'], 'campaign.id')
  await act(manager.ask, DOCUMENTS.openCampaign, { input: { campaignId } })
  const links: string[] = []
  for (const [at, influencer] of influencers.entries()) {
    await act(influencer.ask, DOCUMENTS.enrol, { input: { campaignId } })
    const product = goods[at % goods.length]
    if (product === undefined) continue
    const taken = await act(influencer.ask, DOCUMENTS.takeLink, { input: { campaignId, productId: product.product } })
    const link = fields(taken['link'], 'link')
    links.push(text(link['url'], 'link.url'))
    await act(influencer.ask, DOCUMENTS.bindWeibo, { input: { code: consent(`${1_404_376_560 + at}`) } })
    const words = `我在带货：${product.title.slice(0, 40)}`
    await act(influencer.ask, DOCUMENTS.postLink, { input: { linkId: text(link['id'], 'link.id'), text: words } })
  }
  return { campaign: campaignId, links }
}

import { fields, instant, oneOf, text, whole, type Fields } from '../../platform/decode.js'
import { idOf } from '../ids.js'
import { currency } from '../money.js'

/** The topic on which campaigns tells. */
export const CAMPAIGNS = 'campaigns'

/** The way of a campaign: drafted, open, its order of ranks frozen, its prizes granted. */
export const CAMPAIGN_STATES = ['DRAFT', 'OPEN', 'FROZEN', 'CLOSED'] as const
export type CampaignState = (typeof CAMPAIGN_STATES)[number]

interface Told {
  /** Made from the fact, so that telling it twice is telling it once. */
  readonly id: string
  /** ISO text. */
  readonly at: string
}

/** A campaign was drafted, opened, frozen or closed; the highest version is the newest. */
export interface CampaignChanged extends Told {
  readonly kind: 'campaigns.campaignChanged'
  readonly campaign: string
  readonly version: number
  readonly state: CampaignState
  readonly title: string
}

/** An influencer took an exclusive link; what connectors may post for him. */
export interface LinkTaken extends Told {
  readonly kind: 'campaigns.linkTaken'
  readonly link: string
  readonly campaign: string
  readonly influencer: string
  readonly product: string
  readonly url: string
}

/** An influencer's score has moved; told once for each batch of orders, the highest version is the newest. */
export interface ScoreChanged extends Told {
  readonly kind: 'campaigns.scoreChanged'
  readonly campaign: string
  readonly influencer: string
  readonly version: number
  readonly score: number
  readonly orders: number
}

/** A prize was granted, once; members puts it into the winner's account. An amount of 0 and 0 years are no grant of that kind. */
export interface PrizeGranted extends Told {
  readonly kind: 'campaigns.prizeGranted'
  /** The grant's own name: the same for every telling of it. */
  readonly grant: string
  readonly campaign: string
  readonly member: string
  readonly rank: number
  readonly plusYears: number
  readonly eCardMinor: number
  readonly currency: string
}

export type CampaignsEvent = CampaignChanged | LinkTaken | ScoreChanged | PrizeGranted

/** Reads an event of this topic; null when its kind is not one that this version knows. */
export function campaignsEvent(value: unknown): CampaignsEvent | null {
  const it = fields(value, 'event')
  const told = { id: text(it['id'], 'event.id'), at: instant(it['at'], 'event.at').toISOString() }
  switch (it['kind']) {
    case 'campaigns.campaignChanged':
      return { kind: it['kind'], ...told, ...campaignChanged(it) }
    case 'campaigns.linkTaken':
      return { kind: it['kind'], ...told, ...linkTaken(it) }
    case 'campaigns.scoreChanged':
      return { kind: it['kind'], ...told, ...scoreChanged(it) }
    case 'campaigns.prizeGranted':
      return { kind: it['kind'], ...told, ...prizeGranted(it) }
    default:
      return null
  }
}

function campaignChanged(it: Fields): Omit<CampaignChanged, keyof Told | 'kind'> {
  return {
    campaign: idOf('Campaign')(it['campaign'], 'event.campaign'),
    version: whole(it['version'], 'event.version', { least: 1 }),
    state: oneOf(it['state'], 'event.state', CAMPAIGN_STATES),
    title: text(it['title'], 'event.title'),
  }
}

function linkTaken(it: Fields): Omit<LinkTaken, keyof Told | 'kind'> {
  return {
    link: idOf('TrackedLink')(it['link'], 'event.link'),
    campaign: idOf('Campaign')(it['campaign'], 'event.campaign'),
    influencer: idOf('Member')(it['influencer'], 'event.influencer'),
    product: idOf('Product')(it['product'], 'event.product'),
    url: text(it['url'], 'event.url', { most: 2000 }),
  }
}

function scoreChanged(it: Fields): Omit<ScoreChanged, keyof Told | 'kind'> {
  return {
    campaign: idOf('Campaign')(it['campaign'], 'event.campaign'),
    influencer: idOf('Member')(it['influencer'], 'event.influencer'),
    version: whole(it['version'], 'event.version', { least: 1 }),
    score: whole(it['score'], 'event.score', { least: 0 }),
    orders: whole(it['orders'], 'event.orders', { least: 0 }),
  }
}

function prizeGranted(it: Fields): Omit<PrizeGranted, keyof Told | 'kind'> {
  return {
    grant: text(it['grant'], 'event.grant', { most: 200 }),
    campaign: idOf('Campaign')(it['campaign'], 'event.campaign'),
    member: idOf('Member')(it['member'], 'event.member'),
    rank: whole(it['rank'], 'event.rank', { least: 1 }),
    plusYears: whole(it['plusYears'], 'event.plusYears', { least: 0, most: 1000 }),
    eCardMinor: whole(it['eCardMinor'], 'event.eCardMinor', { least: 0 }),
    currency: currency(it['currency'], 'event.currency'),
  }
}

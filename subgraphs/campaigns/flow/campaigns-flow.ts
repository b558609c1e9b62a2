import type { CampaignRow } from '../store/campaign-rows.js'
import { pageOfCampaigns } from '../store/campaign-rows.js'
import type { LinkRow } from '../store/links.js'
import { findPlaces } from '../store/places.js'
import { closeCampaign } from './close-campaign.js'
import { draftCampaign, openCampaign, type DraftWanted } from './draft-campaign.js'
import { enrol } from './enrol.js'
import type { Parts } from './parts.js'
import { linkUrl, takeLink, type LinkWanted } from './take-link.js'
import type { BoardMoved, BoardWatch } from './watch-boards.js'

/** What resolvers may ask to be done. Who may ask is checked where it is asked. */
export interface CampaignsFlow {
  draft(wanted: DraftWanted): Promise<CampaignRow>
  open(campaign: string): Promise<CampaignRow>
  enrol(campaign: string, influencers: readonly string[]): Promise<number>
  takeLink(wanted: LinkWanted): Promise<LinkRow>
  close(campaign: string): Promise<CampaignRow>
  campaigns(page: Parameters<typeof pageOfCampaigns>[1]): Promise<readonly CampaignRow[]>
  /** Where many influencers stand, by campaign. */
  places(asked: Parameters<typeof findPlaces>[1]): ReturnType<typeof findPlaces>
  linkUrl(link: LinkRow): string
  watchBoard(campaign: string): AsyncIterableIterator<BoardMoved>
}

export function campaignsFlow(parts: Parts, boards: BoardWatch): CampaignsFlow {
  return {
    draft: (wanted) => draftCampaign(parts, wanted),
    open: (campaign) => openCampaign(parts, campaign),
    enrol: (campaign, influencers) => enrol(parts, campaign, influencers),
    takeLink: (wanted) => takeLink(parts, wanted),
    close: (campaign) => closeCampaign(parts, campaign),
    campaigns: (page) => pageOfCampaigns(parts.db, page),
    places: (asked) => findPlaces(parts.db, asked),
    linkUrl: (link) => linkUrl(parts, link),
    watchBoard: (campaign) => boards.watch(campaign),
  }
}

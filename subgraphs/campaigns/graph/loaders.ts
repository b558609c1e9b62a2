import DataLoader from 'dataloader'
import type { Database } from '../../../platform/db/database.js'
import type { Identity } from '../../../schema/identity.js'
import type { Standing } from '../domain/rank.js'
import type { DecidedPurchase } from '../domain/score-change.js'
import { countEntries, findRanks, findTops } from '../store/board.js'
import { findCampaigns, findPrizes, type CampaignRow, type PrizeRow } from '../store/campaign-rows.js'
import { findEvidence, type Evidence } from '../store/clicks.js'
import { pagesOfStandings, type StandingsPage } from '../store/closing.js'
import { findLinks, linksOf, type LinkRow } from '../store/links.js'
import { findPurchases } from '../store/purchases.js'

/** The first so many of a campaign's board. */
export interface TopAsked {
  readonly campaign: string
  readonly first: number
}

/** What one request has read; each loader asks its store once for all that was wanted together. */
export interface Loaders {
  readonly campaign: DataLoader<string, CampaignRow | null>
  readonly prizes: DataLoader<string, readonly PrizeRow[]>
  readonly top: DataLoader<TopAsked, readonly Standing[], string>
  readonly standings: DataLoader<StandingsPage, readonly Standing[], string>
  readonly total: DataLoader<string, number>
  /** The place of who asks, by campaign. */
  readonly rank: DataLoader<string, Standing | null>
  readonly link: DataLoader<string, LinkRow | null>
  /** The links of who asks, by campaign. */
  readonly myLinks: DataLoader<string, readonly LinkRow[]>
  readonly purchase: DataLoader<string, DecidedPurchase | null>
  readonly evidence: DataLoader<string, Evidence | null>
}

/** Loaders of one request. */
export function makeLoaders(db: Database, { member }: Identity): Loaders {
  return {
    campaign: new DataLoader((ids) => findCampaigns(db, ids)),
    prizes: new DataLoader((ids) => findPrizes(db, ids)),
    top: new DataLoader((asked) => tops(db, asked), { cacheKeyFn: ({ campaign, first }) => `${campaign} ${first}` }),
    standings: new DataLoader((pages) => pagesOfStandings(db, pages), { cacheKeyFn: (page) => JSON.stringify(page) }),
    total: new DataLoader((ids) => countEntries(db, ids)),
    rank: new DataLoader(async (campaigns) =>
      member === null ? campaigns.map(() => null) : await findRanks(db, { campaigns, influencer: member }),
    ),
    link: new DataLoader((ids) => findLinks(db, ids)),
    myLinks: new DataLoader(async (campaigns) =>
      member === null
        ? campaigns.map(() => [])
        : await linksOf(
            db,
            campaigns.map((campaign) => ({ campaign, influencer: member })),
          ),
    ),
    purchase: new DataLoader(async (lines) => {
      const byLine = new Map((await findPurchases(db, lines)).map((purchase) => [purchase.line, purchase]))
      return lines.map((line) => byLine.get(line) ?? null)
    }),
    evidence: new DataLoader((keys) => findEvidence(db, keys)),
  }
}

/** One statement for the longest of the lists asked for; the shorter ones are its beginnings. */
async function tops(db: Database, asked: readonly TopAsked[]): Promise<readonly (readonly Standing[])[]> {
  const campaigns = [...new Set(asked.map(({ campaign }) => campaign))]
  const longest = await findTops(db, { campaigns, first: Math.max(...asked.map(({ first }) => first)) })
  const byCampaign = new Map(campaigns.map((campaign, at) => [campaign, longest[at] ?? []]))
  return asked.map(({ campaign, first }) => (byCampaign.get(campaign) ?? []).slice(0, first))
}

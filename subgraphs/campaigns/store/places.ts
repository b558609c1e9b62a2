import type { Database } from '../../../platform/db/database.js'
import type { Standing } from '../domain/rank.js'

/** Where an influencer stands. */
export type Place = Pick<Standing, 'rank' | 'score'>

/**
 * The places of many influencers in campaigns, by campaign and influencer; who does not take part has none. A board is
 * numbered once along its index however many are asked for: one count for each would be a board's length for each.
 */
export async function findPlaces(
  db: Database,
  { campaigns, influencers }: { readonly campaigns: readonly string[]; readonly influencers: readonly string[] },
): Promise<ReadonlyMap<string, ReadonlyMap<string, Place>>> {
  const { rows } = await db.query<Place & { campaign: string; influencer: string }>(
    `select c.id as campaign, place.* from campaigns.campaign c cross join lateral (
       (select s.influencer, s.rank, s.score from campaigns.standing s
        where c.frozen_at is not null and s.campaign = c.id)
       union all
       (select e.influencer, (row_number() over (order by e.score desc, e.reached_at, e.influencer))::int, e.score
        from campaigns.entry e where c.frozen_at is null and e.campaign = c.id)) place
     where c.id = any($1) and place.influencer = any($2)`,
    [campaigns, influencers],
  )
  const places = new Map(campaigns.map((campaign) => [campaign, new Map<string, Place>()]))
  for (const { campaign, influencer, rank, score } of rows) places.get(campaign)?.set(influencer, { rank, score })
  return places
}

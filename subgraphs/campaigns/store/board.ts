import type { Database } from '../../../platform/db/database.js'
import { byRank, ranked, type Standing } from '../domain/rank.js'

type Row = Omit<Standing, 'rank'> & { readonly campaign: string }

/** The first of each campaign, in the order of the ids: what was frozen, or else the figures of now, read along the board's index. */
export async function findTops(
  db: Database,
  { campaigns, first }: { campaigns: readonly string[]; first: number },
): Promise<readonly (readonly Standing[])[]> {
  const { rows } = await db.query<Row>(
    `select c.id as campaign, place.* from campaigns.campaign c cross join lateral (
       (select s.influencer, s.score, s.orders, s.reached_at as "reachedAt" from campaigns.standing s
        where c.frozen_at is not null and s.campaign = c.id order by s.rank limit $2)
       union all
       (select e.influencer, e.score, e.orders, e.reached_at from campaigns.entry e
        where c.frozen_at is null and e.campaign = c.id
        order by e.score desc, e.reached_at, e.influencer limit $2)) place
     where c.id = any($1)`,
    [campaigns, first],
  )
  return campaigns.map((id) => {
    const places = rows.filter((row) => row.campaign === id).map(plain)
    return ranked(places.sort(byRank))
  })
}

/** How many take part in each campaign, in the order of the ids. */
export async function countEntries(db: Database, campaigns: readonly string[]): Promise<readonly number[]> {
  const { rows } = await db.query<{ campaign: string; entries: number }>(
    `select campaign, count(*)::int as entries from campaigns.entry where campaign = any($1) group by campaign`,
    [campaigns],
  )
  const byId = new Map(rows.map((row) => [row.campaign, row.entries]))
  return campaigns.map((id) => byId.get(id) ?? 0)
}

/** One influencer's place in each campaign, or null where he has none: frozen, or one more than stand before him in the index. */
export async function findRanks(
  db: Database,
  { campaigns, influencer }: { campaigns: readonly string[]; influencer: string },
): Promise<readonly (Standing | null)[]> {
  const { rows } = await db.query<Row & { rank: number }>(
    `select e.campaign, e.influencer, coalesce(s.score, e.score) as score, coalesce(s.orders, e.orders) as orders,
       coalesce(s.reached_at, e.reached_at) as "reachedAt",
       coalesce(s.rank, 1 + (
         select count(*)::int from campaigns.entry a where a.campaign = e.campaign and a.score > e.score) + (
         select count(*)::int from campaigns.entry a where a.campaign = e.campaign and a.score = e.score
           and (a.reached_at, a.influencer) < (e.reached_at, e.influencer))) as rank
     from campaigns.entry e left join campaigns.standing s using (campaign, influencer)
     where e.campaign = any($1) and e.influencer = $2`,
    [campaigns, influencer],
  )
  const byId = new Map(rows.map((row) => [row.campaign, { ...plain(row), rank: row.rank }]))
  return campaigns.map((id) => byId.get(id) ?? null)
}

function plain({ influencer, score, orders, reachedAt }: Row): Omit<Standing, 'rank'> {
  return { influencer, score, orders, reachedAt }
}

import type { Database } from '../../../platform/db/database.js'
import type { Standing } from '../domain/rank.js'

/** A prize that was granted just now. */
export interface GrantRow {
  readonly id: string
  readonly rank: number
  readonly influencer: string
  readonly plusYears: number
  readonly eCardMinor: number
  readonly currency: string
  readonly grantedAt: Date
}

/** The order of ranks as it is at this moment, into rows that never change. */
export async function freezeStandings(tx: Database, campaign: string): Promise<void> {
  await tx.query(
    `insert into campaigns.standing (campaign, rank, influencer, score, orders, reached_at)
     select campaign, row_number() over (order by score desc, reached_at, influencer), influencer, score, orders, reached_at
     from campaigns.entry where campaign = $1`,
    [campaign],
  )
}

/** `proofOf` of `domain/rank.ts` in SQL, so that 200,000 rows need not travel to be hashed. */
export async function sealStandings(tx: Database, campaign: string): Promise<string> {
  const { rows } = await tx.query<{ proof: string }>(
    `select encode(sha256(convert_to(coalesce(string_agg(
       concat_ws('|', rank, influencer, score, orders,
         to_char(reached_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
       e'\\n' order by rank), ''), 'UTF8')), 'hex') as proof
     from campaigns.standing where campaign = $1`,
    [campaign],
  )
  return rows[0]?.proof ?? ''
}

/** Freezes the campaign itself; one that closes before its time ends now. */
export async function markFrozen(tx: Database, campaign: string, proof: string): Promise<void> {
  await tx.query(
    `update campaigns.campaign set state = 'FROZEN', version = version + 1, frozen_at = now(), proof = $2,
       closes_at = least(closes_at, now()) where id = $1`,
    [campaign, proof],
  )
}

export async function markClosed(tx: Database, campaign: string): Promise<void> {
  await tx.query(`update campaigns.campaign set state = 'CLOSED', version = version + 1 where id = $1`, [campaign])
}

/** Each prize to who stands on its rank with a score, if it was not granted before; gives those granted now. */
export async function grantPrizes(tx: Database, campaign: string): Promise<readonly GrantRow[]> {
  const { rows } = await tx.query<GrantRow>(
    `with granted as (
       insert into campaigns.prize_grant (id, campaign, rank, influencer)
       select p.campaign || ':prize:' || p.rank, p.campaign, p.rank, s.influencer
       from campaigns.prize p join campaigns.standing s using (campaign, rank)
       where p.campaign = $1 and s.score > 0
       on conflict do nothing returning id, campaign, rank, influencer, granted_at)
     select g.id, g.rank, g.influencer, p.plus_years as "plusYears", p.e_card_minor as "eCardMinor", p.currency,
       g.granted_at as "grantedAt"
     from granted g join campaigns.prize p using (campaign, rank) order by g.rank`,
    [campaign],
  )
  return rows
}

/** A page of a campaign's frozen rows. */
export interface StandingsPage {
  readonly campaign: string
  readonly afterRank: number
  readonly limit: number
}

/** The frozen rows of each page asked for, in the order of the pages. */
export async function pagesOfStandings(
  db: Database,
  pages: readonly StandingsPage[],
): Promise<readonly (readonly Standing[])[]> {
  const { rows } = await db.query<Standing & { page: number }>(
    `select asked.page::int as page, s.* from unnest($1::text[], $2::int[], $3::int[]) with ordinality
       as asked (campaign, after_rank, size, page)
     cross join lateral (
       select rank, influencer, score, orders, reached_at as "reachedAt" from campaigns.standing
       where campaign = asked.campaign and rank > asked.after_rank order by rank limit asked.size) s
     order by asked.page, s.rank`,
    [pages.map((page) => page.campaign), pages.map((page) => page.afterRank), pages.map((page) => page.limit)],
  )
  return pages.map((_, at) => rows.filter(({ page }) => page === at + 1))
}

import type { Database } from '../../../platform/db/database.js'
import type { ScoreChange } from '../domain/score-change.js'

/** An influencer in a campaign, with the figures of now. */
export interface EntryRow {
  readonly campaign: string
  readonly influencer: string
  readonly score: number
  readonly orders: number
  readonly reachedAt: Date
  readonly version: number
}

const COLUMNS = 'e.campaign, e.influencer, e.score, e.orders, e.reached_at as "reachedAt", e.version'

/** Enrols any number at once; who takes part already stays as he is. Gives how many are new. */
export async function insertEntries(db: Database, campaign: string, influencers: readonly string[]): Promise<number> {
  const { count } = await db.query(
    `insert into campaigns.entry (campaign, influencer) select $1::text, influencer from unnest($2::text[]) as influencer
     on conflict do nothing`,
    [campaign, influencers],
  )
  return count
}

/** Whether each pair takes part, in the order of the pairs. */
export async function findEntries(
  db: Database,
  pairs: readonly { readonly campaign: string; readonly influencer: string }[],
): Promise<readonly (EntryRow | null)[]> {
  const { rows } = await db.query<EntryRow>(
    `select ${COLUMNS} from unnest($1::text[], $2::text[]) as asked (campaign, influencer)
     join campaigns.entry e using (campaign, influencer)`,
    [pairs.map((pair) => pair.campaign), pairs.map((pair) => pair.influencer)],
  )
  const byPair = new Map(rows.map((row) => [`${row.campaign} ${row.influencer}`, row]))
  return pairs.map((pair) => byPair.get(`${pair.campaign} ${pair.influencer}`) ?? null)
}

/**
 * Moves figures by what a batch changed. A score was reached when its last counted purchase was paid: this does not depend
 * on the order of events, and it goes back when a purchase is taken back.
 */
export async function moveScores(tx: Database, changes: readonly ScoreChange[]): Promise<readonly EntryRow[]> {
  if (changes.length === 0) return []
  const { rows } = await tx.query<EntryRow>(
    `update campaigns.entry e set
       score = e.score + moved.score, orders = e.orders + moved.orders, version = e.version + 1,
       reached_at = coalesce(
         (select max(p.paid_at) from campaigns.purchase p
          where p.counted and p.campaign = e.campaign and p.influencer = e.influencer), e.enrolled_at)
     from unnest($1::text[], $2::text[], $3::int[], $4::int[]) as moved (campaign, influencer, score, orders)
     where e.campaign = moved.campaign and e.influencer = moved.influencer
     returning ${COLUMNS}`,
    [
      changes.map((change) => change.campaign),
      changes.map((change) => change.influencer),
      changes.map((change) => change.score),
      changes.map((change) => change.orders),
    ],
  )
  return rows
}

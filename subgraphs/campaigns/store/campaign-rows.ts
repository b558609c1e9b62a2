import type { Database } from '../../../platform/db/database.js'
import type { CampaignState } from '../../../schema/events/campaigns.js'
import type { Draft, Prize } from '../domain/campaign.js'

/** A campaign as it is kept. */
export interface CampaignRow {
  readonly id: string
  readonly title: string
  readonly rule: string
  readonly state: CampaignState
  readonly version: number
  /** Null until it is opened, when the draft named no time. */
  readonly opensAt: Date | null
  readonly closesAt: Date
  readonly windowHours: number
  readonly createdAt: Date
  readonly frozenAt: Date | null
  readonly proof: string | null
}

/** A prize, and once it is granted, to whom. */
export interface PrizeRow extends Prize {
  readonly campaign: string
  readonly winner: string | null
}

const COLUMNS = `id, title, rule, state, version, opens_at as "opensAt", closes_at as "closesAt", window_hours as "windowHours",
  created_at as "createdAt", frozen_at as "frozenAt", proof`

export async function insertCampaign(
  tx: Database,
  { id, draftedBy, draft }: { id: string; draftedBy: string; draft: Draft },
): Promise<CampaignRow> {
  const { rows } = await tx.query<CampaignRow>(
    `insert into campaigns.campaign (id, title, rule, state, version, opens_at, closes_at, window_hours, drafted_by)
     values ($1, $2, $3, 'DRAFT', 1, $4, $5, $6, $7) returning ${COLUMNS}`,
    [id, draft.title, draft.rule, draft.opensAt, draft.closesAt, draft.windowHours, draftedBy],
  )
  return onlyRow(rows)
}

export async function insertPrizes(tx: Database, campaign: string, prizes: readonly Prize[]): Promise<void> {
  await tx.query(
    `insert into campaigns.prize (campaign, rank, plus_years, e_card_minor, currency)
     select $1::text, * from unnest($2::int[], $3::int[], $4::bigint[], $5::text[])`,
    [
      campaign,
      prizes.map((prize) => prize.rank),
      prizes.map((prize) => prize.plusYears),
      prizes.map((prize) => prize.eCard.amountMinor),
      prizes.map((prize) => prize.eCard.currency),
    ],
  )
}

/** One row or null for each id, in the order of the ids. */
export async function findCampaigns(db: Database, ids: readonly string[]): Promise<readonly (CampaignRow | null)[]> {
  const { rows } = await db.query<CampaignRow>(`select ${COLUMNS} from campaigns.campaign where id = any($1)`, [ids])
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** The newest first, after a place in that order; drafts only for those who make them. */
export async function pageOfCampaigns(
  db: Database,
  { limit, after, drafts }: { limit: number; after: { createdAt: string; id: string } | null; drafts: boolean },
): Promise<readonly CampaignRow[]> {
  const { rows } = await db.query<CampaignRow>(
    `select ${COLUMNS} from campaigns.campaign
     where ($1::boolean or state <> 'DRAFT') and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::text))
     order by created_at desc, id desc limit $4`,
    [drafts, after?.createdAt ?? null, after?.id ?? '', limit],
  )
  return rows
}

/** The prizes of each campaign, best rank first, in the order of the ids. */
export async function findPrizes(
  db: Database,
  campaigns: readonly string[],
): Promise<readonly (readonly PrizeRow[])[]> {
  const { rows } = await db.query<Omit<PrizeRow, 'eCard'> & { amountMinor: number; currency: string }>(
    `select p.campaign, p.rank, p.plus_years as "plusYears", p.e_card_minor as "amountMinor", p.currency, g.influencer as winner
     from campaigns.prize p left join campaigns.prize_grant g using (campaign, rank)
     where p.campaign = any($1) order by p.rank`,
    [campaigns],
  )
  const all = rows.map(({ amountMinor, currency, ...row }) => ({ ...row, eCard: { amountMinor, currency } }))
  return campaigns.map((id) => all.filter((prize) => prize.campaign === id))
}

/** The campaign, held until the transaction ends, so that two who move it go one after the other. */
export async function holdCampaign(tx: Database, id: string): Promise<CampaignRow | null> {
  const { rows } = await tx.query<CampaignRow>(`select ${COLUMNS} from campaigns.campaign where id = $1 for update`, [
    id,
  ])
  return rows[0] ?? null
}

/** By the database's clock; a draft that named no time begins now. Null when its end is past already. */
export async function openDraft(tx: Database, id: string): Promise<CampaignRow | null> {
  const { rows } = await tx.query<CampaignRow>(
    `update campaigns.campaign set state = 'OPEN', version = version + 1, opens_at = coalesce(opens_at, now())
     where id = $1 and state = 'DRAFT' and closes_at > now() returning ${COLUMNS}`,
    [id],
  )
  return rows[0] ?? null
}

/** Whether people may enrol and take links now, by the database's clock; null for an unknown campaign. */
export async function takesPart(db: Database, id: string): Promise<boolean | null> {
  const { rows } = await db.query<{ open: boolean }>(
    `select state = 'OPEN' and now() < closes_at as open from campaigns.campaign where id = $1 and state <> 'DRAFT'`,
    [id],
  )
  return rows[0]?.open ?? null
}

function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('a statement that always gives a row gave none')
  return row
}

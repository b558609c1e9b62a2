import type { Database } from '../../../platform/db/database.js'
import type { OrderState } from '../../../schema/events/orders.js'
import type { Rule } from '../domain/attribution.js'
import type { DecidedPurchase } from '../domain/score-change.js'

interface PurchaseRow {
  readonly line: string
  readonly order: string
  readonly product: string
  readonly buyer: string | null
  readonly click: string
  readonly version: number
  readonly state: OrderState
  readonly placedAt: Date
  readonly paidAt: Date | null
  readonly campaign: string | null
  readonly influencer: string | null
  readonly link: string | null
  readonly decidingClick: string | null
  readonly rule: Rule | null
  readonly counted: boolean
}

/** What is kept of each line; lines never heard of are left out. */
export async function findPurchases(db: Database, lines: readonly string[]): Promise<readonly DecidedPurchase[]> {
  const { rows } = await db.query<PurchaseRow>(
    `select line, order_id as "order", product, buyer, click, version, state, placed_at as "placedAt", paid_at as "paidAt",
       campaign, influencer, link, deciding_click as "decidingClick", rule, counted
     from campaigns.purchase where line = any($1)`,
    [lines],
  )
  return rows.map(decided)
}

/** Writes purchases as they are now known to be. */
export async function savePurchases(tx: Database, purchases: readonly DecidedPurchase[]): Promise<void> {
  await tx.query(
    `insert into campaigns.purchase (line, order_id, product, buyer, click, version, state, placed_at, paid_at,
       campaign, influencer, link, deciding_click, rule, counted)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[],
       $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::boolean[])
     on conflict (line) do update set version = excluded.version, state = excluded.state, buyer = excluded.buyer,
       placed_at = excluded.placed_at, paid_at = excluded.paid_at, campaign = excluded.campaign,
       influencer = excluded.influencer, link = excluded.link, deciding_click = excluded.deciding_click,
       rule = excluded.rule, counted = excluded.counted`,
    [
      purchases.map((it) => it.line),
      purchases.map((it) => it.order),
      purchases.map((it) => it.product),
      purchases.map((it) => it.buyer),
      purchases.map((it) => it.click),
      purchases.map((it) => it.version),
      purchases.map((it) => it.state),
      purchases.map((it) => it.placedAt),
      purchases.map((it) => it.paidAt),
      purchases.map((it) => it.attributed?.campaign ?? null),
      purchases.map((it) => it.attributed?.influencer ?? null),
      purchases.map((it) => it.attributed?.link ?? null),
      purchases.map((it) => it.attributed?.decidingClick ?? null),
      purchases.map((it) => it.attributed?.rule ?? null),
      purchases.map((it) => it.counted),
    ],
  )
}

function decided({ campaign, influencer, link, decidingClick, rule, ...purchase }: PurchaseRow): DecidedPurchase {
  const attributed =
    campaign === null || influencer === null || link === null || decidingClick === null || rule === null
      ? null
      : { campaign, influencer, link, decidingClick, rule }
  return { ...purchase, attributed }
}

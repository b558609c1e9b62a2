import type { Database } from '../../../../platform/db/database.js'

/** Where a partner wants to be told. */
export interface WebhookRow {
  readonly partner: string
  readonly url: string
  readonly secret_version: number
  readonly set_at: Date
}

/** Sets where a partner is told; with `renew` its old secret ends. */
export async function setWebhook(
  db: Database,
  it: { readonly partner: string; readonly url: string; readonly renew: boolean; readonly at: Date },
): Promise<WebhookRow> {
  const { rows } = await db.query<WebhookRow>(
    `insert into webhooks.webhook as known (partner, url, set_at) values ($1, $2, $3)
     on conflict (partner) do update set url = excluded.url, set_at = excluded.set_at,
       secret_version = known.secret_version + case when $4 then 1 else 0 end
     returning *`,
    [it.partner, it.url, it.at, it.renew],
  )
  const [row] = rows
  if (row === undefined) throw new Error('a row that was written was not given')
  return row
}

/** Where a partner is told; null when nowhere. */
export async function readWebhook(db: Database, partner: string): Promise<WebhookRow | null> {
  const { rows } = await db.query<WebhookRow>('select * from webhooks.webhook where partner = $1', [partner])
  return rows[0] ?? null
}

/** Every partner that is told. */
export async function toldPartners(db: Database): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly partner: string }>('select partner from webhooks.webhook order by partner')
  return rows.map(({ partner }) => partner)
}

/** A letter that could not be delivered. */
export interface DeadRow {
  readonly key: string
  readonly body: unknown
  readonly tries: number
  readonly stuck: string
}

/** A partner's dead letters behind a key, in the order of the keys. */
export async function deadLetters(
  db: Database,
  wanted: { readonly partner: string; readonly after: string; readonly most: number },
): Promise<readonly DeadRow[]> {
  const { rows } = await db.query<DeadRow>(
    `select key, body, tries, stuck from webhooks.errand
     where stuck is not null and body->>'partner' = $1 and key > $2 order by key limit $3`,
    [wanted.partner, wanted.after, wanted.most],
  )
  return rows
}

/** Sends a partner's dead letters again, one or all; gives how many. */
export async function reviveLetters(
  db: Database,
  { partner, key, now }: { readonly partner: string; readonly key: string | null; readonly now: Date },
): Promise<number> {
  const { count } = await db.query(
    `update webhooks.errand set stuck = null, tries = 0, due_at = least(due_at, $3)
     where stuck is not null and body->>'partner' = $1 and ($2::text is null or key = $2)`,
    [partner, key, now],
  )
  return count
}

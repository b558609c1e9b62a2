import type { Database } from '../../../platform/db/database.js'
import type { LinkChange } from '../domain/score-change.js'

/** An exclusive link; all but its figures never changes. */
export interface LinkRow {
  readonly id: string
  readonly campaign: string
  readonly influencer: string
  readonly product: string
  readonly takenAt: Date
  readonly clicks: number
  readonly orders: number
}

const COLUMNS = 'id, campaign, influencer, product, taken_at as "takenAt", clicks, orders'

/** The one link of an influencer for a product in a campaign: made now, or long ago. */
export async function takeLinkRow(
  tx: Database,
  { id, campaign, influencer, product }: Pick<LinkRow, 'id' | 'campaign' | 'influencer' | 'product'>,
): Promise<{ readonly link: LinkRow; readonly isNew: boolean }> {
  const { rows } = await tx.query<LinkRow>(
    `insert into campaigns.link (id, campaign, influencer, product) values ($1, $2, $3, $4)
     on conflict (campaign, influencer, product) do update set product = excluded.product returning ${COLUMNS}`,
    [id, campaign, influencer, product],
  )
  const [link] = rows
  if (link === undefined) throw new Error('taking a link gave no link')
  return { link, isNew: link.id === id }
}

/** One row or null for each id, in the order of the ids. */
export async function findLinks(db: Database, ids: readonly string[]): Promise<readonly (LinkRow | null)[]> {
  const { rows } = await db.query<LinkRow>(`select ${COLUMNS} from campaigns.link where id = any($1)`, [ids])
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id) ?? null)
}

/** The links of an influencer in a campaign, oldest first, for each pair in its order. */
export async function linksOf(
  db: Database,
  pairs: readonly { readonly campaign: string; readonly influencer: string }[],
): Promise<readonly (readonly LinkRow[])[]> {
  const { rows } = await db.query<LinkRow>(
    `select ${COLUMNS} from campaigns.link
     where (campaign, influencer) in (select * from unnest($1::text[], $2::text[])) order by taken_at, id`,
    [pairs.map((pair) => pair.campaign), pairs.map((pair) => pair.influencer)],
  )
  return pairs.map(({ campaign, influencer }) =>
    rows.filter((row) => row.campaign === campaign && row.influencer === influencer),
  )
}

/** Adds what a batch of purchases changed. Rows are taken in the order of ids, as by who counts clicks, so that none waits for ever. */
export async function moveLinkOrders(tx: Database, changes: readonly LinkChange[]): Promise<void> {
  if (changes.length === 0) return
  await tx.query(
    `with held as (select id from campaigns.link where id = any($1) order by id for no key update)
     update campaigns.link l set orders = l.orders + moved.orders
     from unnest($1::text[], $2::int[]) as moved (id, orders) join held using (id) where l.id = moved.id`,
    [changes.map((change) => change.link), changes.map((change) => change.orders)],
  )
}

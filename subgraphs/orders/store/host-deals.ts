import type { Database } from '../../../platform/db/database.js'
import type { DealState } from '../domain/host-deal.js'

/** What a host and a seller negotiate for one product: the host's part of what buyers pay in his rooms. */
export interface HostDealRow {
  readonly id: string
  readonly host: string
  readonly product: string
  readonly seller: string
  readonly state: DealState
  /** The rate that was named last, in hundredths of a percent. */
  readonly rate_bp: number
  readonly note: string | null
  readonly agreed_at: Date | null
  readonly ended_at: Date | null
}

const COLUMNS = 'd.id, d.host, d.product, d.seller, d.state, d.rate_bp, d.note, d.agreed_at, d.ended_at'

/** Writes down a new deal; false when the two have one about this product that is open or agreed. */
export async function insertHostDeal(
  tx: Database,
  deal: Omit<HostDealRow, 'agreed_at' | 'ended_at'>,
): Promise<boolean> {
  const { count } = await tx.query(
    `insert into orders.host_deal (id, host, product, seller, state, rate_bp, note) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict do nothing`,
    [deal.id, deal.host, deal.product, deal.seller, deal.state, deal.rate_bp, deal.note],
  )
  return count > 0
}

/** A deal, locked; null for an unknown one. */
export async function lockHostDeal(tx: Database, id: string): Promise<HostDealRow | null> {
  const { rows } = await tx.query<HostDealRow>(`select ${COLUMNS} from orders.host_deal d where d.id = $1 for update`, [
    id,
  ])
  return rows[0] ?? null
}

/** Writes a step of a locked deal. */
export async function moveHostDeal(
  tx: Database,
  move: {
    readonly id: string
    readonly state: DealState
    readonly rateBp: number | null
    readonly note: string | null
  },
  at: Date,
): Promise<void> {
  await tx.query(
    `update orders.host_deal set state = $2, rate_bp = coalesce($3, rate_bp), note = coalesce($4, note),
       agreed_at = case when $2 = 'AGREED' then $5 else agreed_at end, ended_at = case when $2 = 'ENDED' then $5 else ended_at end
     where id = $1`,
    [move.id, move.state, move.rateBp, move.note, at],
  )
}

/** Deals under these ids, by id. */
export async function findHostDeals(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, HostDealRow>> {
  const { rows } = await db.query<HostDealRow>(
    `select ${COLUMNS} from orders.host_deal d where d.id = any($1::text[])`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Deals of a host (or of everybody), by id behind `after`. */
export async function pageOfHostDeals(
  db: Database,
  { host, after, most }: { readonly host: string | null; readonly after: string | null; readonly most: number },
): Promise<readonly HostDealRow[]> {
  const { rows } = await db.query<HostDealRow>(
    `select ${COLUMNS} from orders.host_deal d where ($1::text is null or d.host = $1) and ($2::text is null or d.id > $2)
     order by d.id limit $3`,
    [host, after, most],
  )
  return rows
}

/** The rates that were agreed for these hosts and products at a moment, by `dealKey`. */
export async function agreedRates(
  db: Database,
  pairs: readonly { readonly host: string; readonly product: string }[],
  at: Date,
): Promise<ReadonlyMap<string, number>> {
  if (pairs.length === 0) return new Map()
  const { rows } = await db.query<Pick<HostDealRow, 'host' | 'product' | 'rate_bp'>>(
    `select d.host, d.product, d.rate_bp from unnest($1::text[], $2::text[]) as x(host, product)
     join orders.host_deal d using (host, product)
     where d.agreed_at <= $3 and (d.ended_at is null or d.ended_at > $3) order by d.agreed_at`,
    [pairs.map(({ host }) => host), pairs.map(({ product }) => product), at],
  )
  return new Map(rows.map((row) => [dealKey(row.host, row.product), row.rate_bp]))
}

/** The key under which `agreedRates` gives a rate. */
export function dealKey(host: string, product: string): string {
  return `${host} ${product}`
}

import type { Database } from '../../../platform/db/database.js'
import type { PoolChanged, PoolPicked } from '../../../schema/events/catalog.js'

/** The copy of what hosts picked from the pool, and on which terms. */
export const POOL_PICKS = `
create table orders.pool_pick (
  product text not null,
  host text not null,
  version bigint not null,
  commission_bp int,
  primary key (product, host)
);
`

/** The copy of what is approved for the pool. */
export const POOL_GOODS = `
create table orders.pool_good (
  product text primary key,
  version bigint not null,
  approved boolean not null
);
`

/** Keeps the newest of each product, the newest version of each in what is told. */
export async function keepPoolGoods(tx: Database, changed: readonly PoolChanged[]): Promise<void> {
  if (changed.length === 0) return
  await tx.query(
    `insert into orders.pool_good as kept (product, version, approved)
     select distinct on (product) product, version, approved from unnest($1::text[], $2::bigint[], $3::boolean[]) as told (product, version, approved)
     order by product, version desc
     on conflict (product) do update set version = excluded.version, approved = excluded.approved where kept.version < excluded.version`,
    [
      changed.map(({ product }) => product),
      changed.map(({ version }) => version),
      changed.map(({ approved }) => approved),
    ],
  )
}

/** Whether a product is approved for the pool, as far as it was told. */
export async function isInPool(db: Database, product: string): Promise<boolean> {
  const { rows } = await db.query<{ readonly approved: boolean }>(
    'select approved from orders.pool_good where product = $1',
    [product],
  )
  return rows[0]?.approved ?? false
}

/** Keeps the newest terms of each host and product. */
export async function keepPicks(tx: Database, picked: readonly PoolPicked[]): Promise<void> {
  for (const { product, host, version, commissionBp } of picked)
    await tx.query(
      `insert into orders.pool_pick as kept (product, host, version, commission_bp) values ($1, $2, $3, $4)
       on conflict (product, host) do update set version = excluded.version, commission_bp = excluded.commission_bp
         where kept.version < excluded.version`,
      [product, host, version, commissionBp],
    )
}

/** A host who sold a product. */
interface Selling {
  readonly product: string
  readonly host: string | null
}

/** What hosts earn by products that they picked, in hundredths of a percent; lines that no host sold cost no statement. */
export async function pickedTerms(tx: Database, selling: readonly Selling[]): Promise<(one: Selling) => number | null> {
  const hosted = selling.filter(({ host }) => host !== null)
  if (hosted.length === 0) return () => null
  const { rows } = await tx.query<{ readonly product: string; readonly host: string; readonly commission_bp: number }>(
    `select distinct p.product, p.host, p.commission_bp from unnest($1::text[], $2::text[]) as x(product, host)
     join orders.pool_pick p using (product, host) where p.commission_bp is not null`,
    [hosted.map(({ product }) => product), hosted.map(({ host }) => host)],
  )
  return ({ product, host }) => rows.find((row) => row.product === product && row.host === host)?.commission_bp ?? null
}

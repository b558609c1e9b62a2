import type { Database } from '../../../platform/db/database.js'
import type { Bucket } from '../domain/buckets.js'

/** One of the rows that a divided sale's quota lies in. */
export interface BucketRow extends Bucket {
  readonly flash_sale: string
  readonly version: number
}

/** What is to be added to a bucket; numbers may be negative. */
export interface BucketChange extends Bucket {
  readonly flashSale: string
}

/** Buckets by sale. */
export type BucketRows = ReadonlyMap<string, readonly BucketRow[]>

const COLUMNS = 'b.flash_sale, b.bucket, b.quota, b.held, b.sold, b.returned, b.version'

/** Writes the buckets of a new sale. */
export async function insertBuckets(tx: Database, flashSale: string, quotas: readonly number[]): Promise<void> {
  await tx.query(
    `insert into orders.sale_bucket (flash_sale, bucket, quota)
     select $1, q.place - 1, q.quota from unnest($2::bigint[]) with ordinality as q(quota, place)`,
    [flashSale, quotas],
  )
}

/** Locks all buckets of these sales, in one order everywhere; the sales' rows are locked before. */
export function lockBuckets(tx: Database, sales: readonly string[]): Promise<BucketRows> {
  return lockWhere(tx, 'b.flash_sale = any($1::text[])', [sales])
}

/** Locks the buckets that these lines took their pieces from. */
export function lockNamedBuckets(
  tx: Database,
  named: readonly { readonly flashSale: string; readonly bucket: number }[],
): Promise<BucketRows> {
  const where = '(b.flash_sale, b.bucket) in (select * from unnest($1::text[], $2::integer[]))'
  return lockWhere(tx, where, [named.map(({ flashSale }) => flashSale), named.map(({ bucket }) => bucket)])
}

/**
 * Locks as many buckets as seem to have what is wanted of each sale, beginning with the lane's own: usually one. How much they have is only
 * seen by the lock, so that it may be less; whoever finds too little asks for all of them. Those of the lane come first.
 */
export async function lockEnoughBuckets(
  tx: Database,
  wanted: readonly { readonly flashSale: string; readonly pieces: number; readonly buckets: number }[],
  lane: number,
): Promise<BucketRows> {
  const rows = await lockWhere(
    tx,
    `(b.flash_sale, b.bucket) in (
       select flash_sale, bucket from (
         select c.flash_sale, c.bucket, w.pieces, sum(c.quota - c.held - c.sold - c.returned) over (partition by c.flash_sale
           order by (c.bucket - $4::integer % w.buckets + w.buckets) % w.buckets rows between unbounded preceding and 1 preceding) as before
         from unnest($1::text[], $2::bigint[], $3::integer[]) as w(flash_sale, pieces, buckets)
         join orders.sale_bucket c using (flash_sale)) s
       where before is null or before < pieces)`,
    [
      wanted.map(({ flashSale }) => flashSale),
      wanted.map(({ pieces }) => pieces),
      wanted.map(({ buckets }) => buckets),
      lane,
    ],
  )
  const counts = new Map(wanted.map(({ flashSale, buckets }) => [flashSale, buckets]))
  return new Map([...rows].map(([sale, all]) => [sale, fromLane(all, counts.get(sale) ?? 1, lane)]))
}

/** Buckets in the order in which a lane empties them. */
function fromLane(rows: readonly BucketRow[], buckets: number, lane: number): readonly BucketRow[] {
  const place = ({ bucket }: BucketRow): number => (bucket - (lane % buckets) + buckets) % buckets
  return rows.toSorted((a, b) => place(a) - place(b))
}

async function lockWhere(tx: Database, where: string, values: readonly unknown[]): Promise<BucketRows> {
  const { rows } = await tx.query<BucketRow>(
    `select ${COLUMNS} from orders.sale_bucket b where ${where} order by b.flash_sale, b.bucket for update of b`,
    values,
    { prepared: true },
  )
  const bySale = new Map<string, BucketRow[]>()
  for (const row of rows) bySale.set(row.flash_sale, [...(bySale.get(row.flash_sale) ?? []), row])
  return bySale
}

/** Changes many buckets in one statement; the table's checks refuse what would fall below nothing. One entry per bucket, each locked. */
export async function moveBuckets(tx: Database, changes: readonly BucketChange[]): Promise<void> {
  if (changes.length === 0) return
  await tx.query(
    `update orders.sale_bucket b set quota = b.quota + c.quota, held = b.held + c.held, sold = b.sold + c.sold,
       returned = b.returned + c.returned, version = b.version + 1
     from jsonb_to_recordset($1::jsonb) as c("flashSale" text, bucket integer, quota bigint, held bigint, sold bigint, returned bigint)
     where b.flash_sale = c."flashSale" and b.bucket = c.bucket`,
    [JSON.stringify(changes)],
    { prepared: true },
  )
}

/** Divided sales of which something was sold or given back since they were told of last. */
export async function untoldSales(db: Database, most: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string }>(
    `select id from orders.sale_now where buckets > 1 and not closed and version > told_version order by id limit $1`,
    [most],
  )
  return rows.map((row) => row.id)
}

/** Keeps others from telling of these sales meanwhile; who takes pieces from their buckets is not held up. */
export async function lockForTelling(tx: Database, ids: readonly string[]): Promise<void> {
  await tx.query('select 1 from orders.flash_sale where id = any($1::text[]) order by id for no key update', [ids])
}

/** Notes what was told of divided sales. */
export async function noteTold(
  tx: Database,
  told: readonly { readonly id: string; readonly version: number; readonly told_state: string }[],
): Promise<void> {
  await tx.query(
    `update orders.flash_sale f set told_version = t.version, told_state = t.state
     from unnest($1::text[], $2::bigint[], $3::text[]) as t(id, version, state) where f.id = t.id`,
    [told.map(({ id }) => id), told.map(({ version }) => version), told.map((sale) => sale.told_state)],
  )
}

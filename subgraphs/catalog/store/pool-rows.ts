import type { Database } from '../../../platform/db/database.js'
import type { Grade, PoolDeed, PoolState } from '../domain/pool.js'

/** Where a product stands in the pool. */
export interface PoolRow {
  readonly id: string
  readonly number: number
  readonly product: string
  readonly seller: string
  readonly category: string
  readonly state: PoolState
  readonly version: number
  readonly commission_bp: number
  readonly margin_bp: number
  readonly grade: Grade | null
  readonly reasons: readonly string[]
  readonly submitted_at: Date
  readonly decided_at: Date | null
}

/** One step of its way. */
export interface PoolStepRow {
  readonly entry: string
  readonly version: number
  readonly deed: PoolDeed
  readonly state: PoolState
  readonly grade: Grade | null
  readonly reasons: readonly string[]
  readonly by: string
  readonly at: Date
}

const COLUMNS =
  'id, number, product, seller, category, state, version, commission_bp, margin_bp, grade, reasons, submitted_at, decided_at'

/** Writes a product down as submitted; nothing happens when it has been before. */
export async function insertPoolEntry(
  tx: Database,
  entry: Pick<PoolRow, 'id' | 'product' | 'seller' | 'category' | 'commission_bp' | 'margin_bp' | 'submitted_at'>,
): Promise<boolean> {
  const { count } = await tx.query(
    `insert into catalog.pool_entry (id, product, seller, category, state, commission_bp, margin_bp, submitted_at)
     values ($1, $2, $3, $4, 'SUBMITTED', $5, $6, $7) on conflict (product) do nothing`,
    [
      ...[entry.id, entry.product, entry.seller, entry.category],
      ...[entry.commission_bp, entry.margin_bp, entry.submitted_at],
    ],
  )
  return count > 0
}

/** An entry, locked; null for an unknown one. */
export async function lockPoolEntry(tx: Database, id: string): Promise<PoolRow | null> {
  const { rows } = await tx.query<PoolRow>(`select ${COLUMNS} from catalog.pool_entry where id = $1 for update`, [id])
  return rows[0] ?? null
}

/** Entries by id, held against steps (and not against others who hold them) until the end of the transaction: a test that begins now waits. */
export async function holdPoolEntries(tx: Database, ids: readonly string[]): Promise<ReadonlyMap<string, PoolRow>> {
  const { rows } = await tx.query<PoolRow>(
    `select ${COLUMNS} from catalog.pool_entry where id = any($1::text[]) order by id for share`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Writes what a step made of an entry. */
export async function movePoolEntry(tx: Database, row: PoolRow): Promise<void> {
  await tx.query(
    `update catalog.pool_entry set state = $2, version = $3, commission_bp = $4, margin_bp = $5, category = $6, grade = $7,
       reasons = $8::text[], submitted_at = $9, decided_at = $10 where id = $1`,
    [
      ...[row.id, row.state, row.version, row.commission_bp, row.margin_bp, row.category, row.grade],
      ...[row.reasons, row.submitted_at, row.decided_at],
    ],
  )
}

/** Writes a step of an entry's way, for ever. */
export async function insertPoolStep(tx: Database, step: PoolStepRow): Promise<void> {
  await tx.query(
    `insert into catalog.pool_step (entry, version, deed, state, grade, reasons, by, at) values ($1, $2, $3, $4, $5, $6::text[], $7, $8)`,
    [step.entry, step.version, step.deed, step.state, step.grade, step.reasons, step.by, step.at],
  )
}

/** The entries under these ids, by id. */
export async function findPoolEntries(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, PoolRow>> {
  const { rows } = await db.query<PoolRow>(`select ${COLUMNS} from catalog.pool_entry where id = any($1::text[])`, [
    ids,
  ])
  return new Map(rows.map((row) => [row.id, row]))
}

/** The steps of these entries, the first first. */
export async function poolStepsOf(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, PoolStepRow[]>> {
  const { rows } = await db.query<PoolStepRow>(
    'select entry, version, deed, state, grade, reasons, by, at from catalog.pool_step where entry = any($1::text[]) order by entry, version',
    [ids],
  )
  const found = new Map<string, PoolStepRow[]>()
  for (const row of rows) found.set(row.entry, [...(found.get(row.entry) ?? []), row])
  return found
}

/** Which entries are looked for; null where it does not matter. */
export interface PoolWanted {
  readonly state: PoolState | null
  readonly category: string | null
  /** A category of the catalog: the product stands in it or below it. */
  readonly categoryId: string | null
  readonly grade: Grade | null
  readonly leastMarginBp: number | null
  readonly leastCommissionBp: number | null
  /** Those of these sellers alone. */
  readonly sellers: readonly string[] | null
  readonly after: number
  readonly most: number
}

/** Entries of the pool in the order in which they came into it. */
export async function pageOfPool(db: Database, wanted: PoolWanted): Promise<readonly PoolRow[]> {
  const { rows } = await db.query<PoolRow>(
    `select ${COLUMNS} from catalog.pool_entry
     where number > $1 and ($2::text is null or state = $2) and ($3::text is null or category = $3) and ($4::text is null or grade = $4)
       and ($5::int is null or margin_bp >= $5) and ($6::int is null or commission_bp >= $6)
       and ($7::text[] is null or seller = any($7))
       and ($9::text is null or exists (
         select 1 from catalog.product_index i join catalog.category c on c.id = i.category where i.id = pool_entry.product and c.lineage @> array[$9]))
     order by number limit $8`,
    [
      ...[wanted.after, wanted.state, wanted.category, wanted.grade, wanted.leastMarginBp, wanted.leastCommissionBp],
      ...[wanted.sellers, wanted.most, wanted.categoryId],
    ],
  )
  return rows
}

/** By what pass rates are told apart. */
export const PASS_RATES_BY = {
  MONTH: `to_char(s.at at time zone 'UTC', 'YYYY-MM')`,
  SELLER: 'e.seller',
  CATEGORY: 'e.category',
}

/** How many tests ended, and how many of them well. */
export interface PassRow {
  readonly of: string
  readonly decided: number
  readonly approved: number
}

/** Ended tests of a period, by month, seller or category. Each test counts: one that was rejected and approved later is one of two. */
export async function passRows(
  db: Database,
  asked: {
    readonly by: keyof typeof PASS_RATES_BY
    readonly from: Date
    readonly to: Date
    readonly sellers: readonly string[] | null
  },
): Promise<readonly PassRow[]> {
  const { rows } = await db.query<PassRow>(
    `select ${PASS_RATES_BY[asked.by]} as of, count(*) as decided, count(*) filter (where s.deed = 'approve') as approved
     from catalog.pool_step s join catalog.pool_entry e on e.id = s.entry
     where s.deed in ('approve', 'reject') and s.at >= $1 and s.at < $2 and ($3::text[] is null or e.seller = any($3))
     group by 1 order by 1 limit 1000`,
    [asked.from, asked.to, asked.sellers],
  )
  return rows
}

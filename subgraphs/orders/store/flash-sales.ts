import type { Database } from '../../../platform/db/database.js'
import type { FlashSaleState } from '../../../schema/events/orders.js'
import { bucketsOf } from '../domain/buckets.js'
import { lockBuckets, lockEnoughBuckets, lockNamedBuckets, type BucketRow, type BucketRows } from './sale-buckets.js'

/** A flash sale. */
export interface FlashSaleRow {
  readonly id: string
  readonly variant: string
  readonly product: string
  /** Where its pieces lie. */
  readonly warehouse: string
  readonly room: string | null
  readonly price_minor: number
  readonly currency: string
  readonly quota: number
  readonly held: number
  readonly sold: number
  /** Pieces given back to the free stock at or after its closing. */
  readonly returned: number
  /** How many wait for a piece, and how many pieces are set aside for the first of them. */
  readonly waiting: number
  readonly aside: number
  readonly per_member: number
  readonly starts_at: Date
  readonly ends_at: Date | null
  readonly closed: boolean
  /** The state that was told last. */
  readonly told_state: FlashSaleState
  readonly version: number
  /** How the line before it admits; null: whoever comes may buy. */
  readonly queue_per_second: number | null
  readonly queue_base: number | null
  readonly queue_since: Date | null
  /** The buckets of a divided sale that are locked: its quota and counters are theirs. Null: it is not divided, or was only looked at. */
  readonly divided: readonly BucketRow[] | null
  /** Whether its own row is locked, too, so that nobody else takes from it meanwhile. */
  readonly isOwn: boolean
}

/** What is to be written on a sale's row. */
export interface FlashSaleChange {
  readonly id: string
  readonly held: number
  readonly sold: number
  readonly returned: number
  readonly waiting: number
  readonly aside: number
  readonly closed: boolean
  readonly toldState: FlashSaleState
}

const COLUMNS = `f.id, f.variant, f.product, f.warehouse, f.room, f.price_minor, f.currency, f.quota, f.held, f.sold, f.returned, f.waiting, f.aside, f.per_member,
  f.starts_at, f.ends_at, f.closed, f.told_state, f.version, q.per_second as queue_per_second, q.base as queue_base, q.since as queue_since`
const QUEUES = 'left join orders.sale_queue q on q.flash_sale = f.id'
/** Every sale with the counters that hold, also of those that are divided. */
const SALES = `orders.sale_now f ${QUEUES}`

type Found = Omit<FlashSaleRow, 'divided' | 'isOwn'>

/** A sale that is to be. */
export type NewFlashSale = Omit<
  FlashSaleRow,
  | 'held'
  | 'sold'
  | 'returned'
  | 'waiting'
  | 'aside'
  | 'closed'
  | 'version'
  | 'queue_per_second'
  | 'queue_base'
  | 'queue_since'
  | 'divided'
  | 'isOwn'
> & { readonly openedBy: string; readonly buckets: number }

/** Writes down a new sale. */
export async function insertFlashSale(tx: Database, sale: NewFlashSale): Promise<void> {
  await tx.query(
    `insert into orders.flash_sale (id, variant, product, room, price_minor, currency, quota, per_member, starts_at, ends_at, told_state, opened_by, warehouse, buckets)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[sale.id, sale.variant, sale.product, sale.room, sale.price_minor, sale.currency, sale.quota],
      ...[sale.per_member, sale.starts_at, sale.ends_at, sale.told_state, sale.openedBy, sale.warehouse, sale.buckets],
    ],
  )
}

/** Locks sales with all that is theirs, in one order everywhere; sales are locked before stock. By id. */
export async function lockFlashSales(tx: Database, ids: readonly string[]): Promise<ReadonlyMap<string, FlashSaleRow>> {
  const divided = ids.filter(isDivided)
  if (divided.length === 0) return lockRows(tx, ids, 'update')
  // The buckets are read by a statement of their own, which sees what was sold while the lock was waited for.
  const [rows, buckets] = await Promise.all([lockRows(tx, ids, 'update'), lockBuckets(tx, divided)])
  return new Map([...rows].map(([id, row]) => [id, isDivided(id) ? inBuckets(row, buckets) : row]))
}

/** What a batch wants of a sale. */
export interface Wanted {
  readonly flashSale: string
  readonly pieces: number
}

/**
 * Locks sales so that pieces can be taken from them: others may take from a divided one at the same time, of which only as many buckets
 * are locked as seem to be enough, beginning with the lane's own. By id.
 */
export async function lockForTaking(
  tx: Database,
  wanted: readonly Wanted[],
  lane: number,
): Promise<ReadonlyMap<string, FlashSaleRow>> {
  const ids = wanted.map(({ flashSale }) => flashSale)
  const divided = wanted.filter(({ flashSale }) => isDivided(flashSale))
  if (divided.length === 0) return lockFlashSales(tx, ids)
  const enough = divided.map((one) => ({ ...one, buckets: bucketsOf(one.flashSale) }))
  return lockBeside(tx, ids, () => lockEnoughBuckets(tx, enough, lane))
}

/** Locks sales so that pieces can move that were taken from these buckets of theirs; null where a sale is not divided. By id. */
export async function lockForMoving(
  tx: Database,
  taken: readonly { readonly flashSale: string; readonly bucket: number | null }[],
): Promise<ReadonlyMap<string, FlashSaleRow>> {
  const ids = [...new Set(taken.map(({ flashSale }) => flashSale))].sort()
  const named = taken.flatMap(({ flashSale, bucket }) => (bucket === null ? [] : [{ flashSale, bucket }]))
  return named.length === 0 ? lockFlashSales(tx, ids) : lockBeside(tx, ids, () => lockNamedBuckets(tx, named))
}

/** Of divided sales the row is only kept from being closed meanwhile, and some buckets are locked. */
async function lockBeside(
  tx: Database,
  ids: readonly string[],
  lock: () => Promise<BucketRows>,
): Promise<ReadonlyMap<string, FlashSaleRow>> {
  const plain = ids.filter((id) => !isDivided(id))
  const [own, shared, buckets] = await Promise.all([
    lockRows(tx, plain, 'update'),
    lockRows(tx, ids.filter(isDivided), 'key share'),
    lock(),
  ])
  return new Map([...own, ...[...shared].map(([id, row]) => [id, inBuckets(row, buckets)] as const)])
}

async function lockRows(
  tx: Database,
  ids: readonly string[],
  strength: 'update' | 'key share',
): Promise<ReadonlyMap<string, FlashSaleRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await tx.query<Found>(
    `select ${COLUMNS} from orders.flash_sale f ${QUEUES} where f.id = any($1::text[]) order by f.buckets > 1, f.id for ${strength} of f`,
    [ids],
    { prepared: true },
  )
  return new Map(rows.map((row) => [row.id, { ...row, divided: null, isOwn: strength === 'update' }]))
}

/** Whether a sale's quota lies in buckets, by its id. */
export const isDivided = (id: string): boolean => bucketsOf(id) > 1

/** A divided sale as far as its locked buckets go. */
function inBuckets(row: FlashSaleRow, all: BucketRows): FlashSaleRow {
  const divided = all.get(row.id) ?? []
  const sum = (of: (bucket: BucketRow) => number): number => divided.reduce((total, bucket) => total + of(bucket), 0)
  return {
    ...row,
    quota: sum(({ quota }) => quota),
    held: sum(({ held }) => held),
    sold: sum(({ sold }) => sold),
    returned: sum(({ returned }) => returned),
    version: row.version + sum(({ version }) => version),
    divided,
  }
}

/** Whether all of a sale is locked, and not only some of its buckets. */
export function isLockedWhole({ id, divided }: FlashSaleRow): boolean {
  return divided === null || divided.length === bucketsOf(id)
}

/** Adds to many sales in one statement (all numbers are differences). */
export async function moveFlashSales(tx: Database, changes: readonly FlashSaleChange[]): Promise<void> {
  if (changes.length === 0) return
  await tx.query(
    `update orders.flash_sale f set held = f.held + c.held, sold = f.sold + c.sold, returned = f.returned + c.returned,
       waiting = f.waiting + c.waiting, aside = f.aside + c.aside,
       closed = c.closed, told_state = c."toldState", version = f.version + 1
     from jsonb_to_recordset($1::jsonb) as c(id text, held bigint, sold bigint, returned bigint, waiting bigint, aside bigint, closed boolean, "toldState" text)
     where f.id = c.id`,
    [JSON.stringify(changes)],
    { prepared: true },
  )
}

/** The sales under these ids, by id. */
export async function findFlashSales(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, FlashSaleRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await db.query<Found>(`select ${COLUMNS} from ${SALES} where f.id = any($1::text[])`, [ids])
  return new Map(rows.map((row) => [row.id, { ...row, divided: null, isOwn: false }]))
}

/** Sales whose time has come: to begin or to end. */
export async function wakingFlashSales(db: Database, at: Date, most: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string }>(
    `select id from orders.flash_sale
     where not closed and (ends_at <= $1 or (told_state = 'SCHEDULED' and starts_at <= $1))
     order by id limit $2`,
    [at, most],
  )
  return rows.map((row) => row.id)
}

/** The sales of these variants, open to everybody, that began before the end of a period and may have gone on in it. */
export async function salesSince(
  db: Database,
  variants: readonly string[],
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<readonly FlashSaleRow[]> {
  const { rows } = await db.query<Found>(
    `select ${COLUMNS} from ${SALES}
     where f.variant = any($1::text[]) and f.room is null and f.starts_at <= $3 and (f.ends_at is null or f.ends_at > $2)
       and (not f.closed or f.ends_at is not null or f.starts_at > $2)`,
    [variants, from, to],
  )
  return rows.map((row) => ({ ...row, divided: null, isOwn: false }))
}

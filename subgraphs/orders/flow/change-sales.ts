import type { SaleChange } from '../domain/ledger.js'
import { isLockedWhole, type FlashSaleChange, type FlashSaleRow } from '../store/flash-sales.js'
import type { BucketChange } from '../store/sale-buckets.js'
import type { SaleNote } from './sale-notes.js'
import { saleRowState } from './tell-orders.js'

/** A change of a sale's counters; several of one sale are added up. */
export interface SaleEntry {
  readonly sale: FlashSaleRow
  readonly change: SaleChange
  /** The bucket of a divided sale whose counters change. */
  readonly bucket?: number | null
  readonly closes?: boolean
}

/** What is written of sales, told of them, and noted for whoever sells them. */
export interface ChangedSales {
  readonly rows: readonly FlashSaleChange[]
  readonly buckets: readonly BucketChange[]
  readonly told: readonly FlashSaleRow[]
  readonly notes: readonly SaleNote[]
}

type Sum = Required<SaleChange> & { readonly sale: FlashSaleRow; readonly closed: boolean }

/**
 * One change for each sale, with the state that it will be told in. Of a divided sale the buckets change; its own row only where it was
 * locked for that. What some of its buckets sell beside others is told a moment later, by a round that sees all of them.
 */
export function saleChanges(entries: readonly SaleEntry[], at: Date): ChangedSales {
  const all = sums(entries).map((sum) => changed(sum, bucketChanges(sum.sale, entries), at))
  return {
    rows: all.flatMap(({ row }) => row),
    buckets: all.flatMap(({ buckets }) => buckets),
    told: all.flatMap(({ told }) => told),
    notes: all.flatMap(({ note }) => note),
  }
}

function sums(entries: readonly SaleEntry[]): readonly Sum[] {
  const sums = new Map<string, Sum>()
  for (const { sale, change, closes } of entries) {
    const sum = sums.get(sale.id) ?? { sale, ...NOTHING, closed: sale.closed }
    sums.set(sale.id, { sale, ...added(sum, change), closed: sum.closed || closes === true })
  }
  return [...sums.values()]
}

const NOTHING = { held: 0, sold: 0, returned: 0, waiting: 0, aside: 0, quota: 0 }

function added(sum: Required<SaleChange>, change: SaleChange): Required<SaleChange> {
  return {
    held: sum.held + change.held,
    sold: sum.sold + change.sold,
    returned: sum.returned + change.returned,
    waiting: sum.waiting + (change.waiting ?? 0),
    aside: sum.aside + (change.aside ?? 0),
    quota: sum.quota + (change.quota ?? 0),
  }
}

function bucketChanges({ id, divided }: FlashSaleRow, entries: readonly SaleEntry[]): readonly BucketChange[] {
  if (divided === null) return []
  const byBucket = new Map<number, Required<SaleChange>>()
  for (const { sale, bucket, change } of entries)
    if (sale.id === id && bucket !== undefined && bucket !== null)
      byBucket.set(bucket, added(byBucket.get(bucket) ?? NOTHING, change))
  return [...byBucket].map(([bucket, { quota, held, sold, returned }]) => {
    return { flashSale: id, bucket, quota, held, sold, returned }
  })
}

function changed({ sale, closed, ...sum }: Sum, buckets: readonly BucketChange[], at: Date) {
  const counted = {
    held: sale.held + sum.held,
    sold: sale.sold + sum.sold,
    returned: sale.returned + sum.returned,
    waiting: sale.waiting + sum.waiting,
    aside: sale.aside + sum.aside,
    closed,
  }
  const toldState = saleRowState({ ...sale, ...counted }, at)
  const own = sale.divided === null || sale.isOwn
  const after = { ...sale, ...counted, version: sale.version + buckets.length + (own ? 1 : 0) }
  const { waiting, aside } = sum
  const { held, sold, returned } = sale.divided === null ? sum : NOTHING
  const row = { id: sale.id, held, sold, returned, waiting, aside, closed, toldState }
  return {
    row: own ? [row] : [],
    buckets,
    told: own ? [{ ...after, told_state: toldState }] : [],
    note: isLockedWhole(sale) ? [noteOf({ ...after, told_state: toldState }, sale)] : [],
  }
}

function noteOf(sale: FlashSaleRow, before: FlashSaleRow): SaleNote {
  const turned = sale.told_state !== before.told_state || sale.aside > 0 !== before.aside > 0
  return { flashSale: sale.id, version: sale.version, state: sale.told_state, aside: sale.aside, turned }
}

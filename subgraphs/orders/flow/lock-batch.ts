import type { Database } from '../../../platform/db/database.js'
import type { AskedLine } from '../domain/draft.js'
import { isDivided, lockFlashSales, lockForTaking, type FlashSaleRow, type Wanted } from '../store/flash-sales.js'
import { findStock, lockStock, type StockRow } from '../store/stock.js'
import { distinct } from './shop-facts.js'

/** Locks the sales of a batch: all that is theirs, or of divided ones as many buckets as seem to be enough. */
export function lockSales(
  tx: Database,
  lines: readonly AskedLine[],
  { lane, whole }: { readonly lane: number; readonly whole: boolean },
): Promise<ReadonlyMap<string, FlashSaleRow>> {
  const wanted = wantedOf(lines)
  if (!whole) return lockForTaking(tx, wanted, lane)
  return lockFlashSales(
    tx,
    wanted.map(({ flashSale }) => flashSale),
  )
}

/** How many pieces are asked for of each sale, in one order everywhere. */
function wantedOf(lines: readonly AskedLine[]): readonly Wanted[] {
  const sums = new Map<string, number>()
  for (const { flashSale, quantity } of lines)
    if (flashSale !== null) sums.set(flashSale, (sums.get(flashSale) ?? 0) + quantity)
  return [...sums]
    .map(([flashSale, pieces]) => ({ flashSale, pieces }))
    .sort((a, b) => (a.flashSale < b.flashSale ? -1 : 1))
}

/** Balances, locked; of what is asked for of divided sales alone they are only read: holding from a sale does not change them. */
export async function stockOf(tx: Database, lines: readonly AskedLine[]): Promise<ReadonlyMap<string, StockRow>> {
  const moving = distinct(lines.map((line) => (isDivided(line.flashSale ?? '') ? null : line.variant)))
  const others = distinct(lines.map((line) => line.variant)).filter((variant) => !moving.includes(variant))
  if (others.length === 0) return lockStock(tx, moving)
  const [read, locked] = await Promise.all([findStock(tx, others), moving.length === 0 ? [] : lockStock(tx, moving)])
  return new Map([...read, ...locked])
}

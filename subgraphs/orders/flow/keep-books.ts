import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import type { OrdersEvent } from '../../../schema/events/orders.js'
import { balanceChanges, type BalanceChange, type Movement } from '../domain/ledger.js'
import { shelvesAfter } from '../domain/warehouses.js'
import { moveFlashSales } from '../store/flash-sales.js'
import { recordMovements } from '../store/movements.js'
import { moveBuckets } from '../store/sale-buckets.js'
import { countTaken, type Taken } from '../store/sale-members.js'
import { moveStock, type StockMove, type StockRow } from '../store/stock.js'
import { saleChanges, type SaleEntry } from './change-sales.js'
import { BeatenToIt } from './retry.js'
import { noteSales } from './sale-notes.js'
import { flashSaleChanged, stockChanged } from './tell-orders.js'

/** What one transaction does to stock and sales. Both must be locked: sales before stock. */
export interface Entries {
  readonly movements: readonly Movement[]
  /** The balances of the variants that move, as they were locked. */
  readonly stock: ReadonlyMap<string, StockRow>
  readonly sales: readonly SaleEntry[]
  /** What buyers took of sales; negative for what they gave back. */
  readonly taken: readonly Taken[]
}

/** The events that tell of what was entered (not told yet), and the statements that write it, which are on their way. */
export interface Books {
  readonly events: readonly OrdersEvent[]
  readonly writing: Promise<unknown>
}

/**
 * movements -> balances, sales and limits, each in one statement. What the rows will be follows from how they were locked, so
 * that nothing is waited for: the statements travel together with whatever the caller sends next.
 */
export function keepBooks(tx: Database, entries: Entries, at: Date): Books {
  const changes = balanceChanges(entries.movements).map((change) => changed(entries.stock, change))
  const sales = saleChanges(entries.sales, at)
  const isDivided = sales.buckets.length > 0
  const writing = Promise.all([
    changes.length === 0
      ? null
      : moveStock(
          tx,
          changes.map(({ move }) => move),
        ),
    moveFlashSales(tx, sales.rows),
    moveBuckets(tx, sales.buckets),
    countTaken(tx, entries.taken).then((isWithin) => {
      if (isDivided && !isWithin) throw new BeatenToIt('a buyer took from two buckets at once')
    }),
    recordMovements(tx, entries.movements),
  ])
  noteSales(tx, sales.notes)
  void writing.catch(() => null) // the caller awaits it too, but may fail before
  const events = [
    ...changes.map(({ after }) => stockChanged(after, at)),
    ...sales.told.map((sale) => flashSaleChanged(sale, at)),
  ]
  return { events, writing }
}

/** Keeps the books and tells of them, and of what else happened before. */
export async function keepAndTell(
  tx: Database,
  { entries, at, told = [] }: { entries: Entries; at: Date; told?: readonly OrdersEvent[] },
): Promise<void> {
  const { events, writing } = keepBooks(tx, entries, at)
  await Promise.all([writing, tell(tx, 'orders', [...told, ...events])])
}

/** What is written on a balance, and the row as it is afterwards. */
function changed(
  stock: ReadonlyMap<string, StockRow>,
  { variant, onHand, reserved, sold, places }: BalanceChange,
): { readonly move: StockMove; readonly after: StockRow } {
  const before = stock.get(variant)
  if (before === undefined) throw new Error(`the balance of ${variant} was not locked`)
  const shelves = shelvesAfter(before.shelves, { ...before, onHand: before.on_hand }, places)
  return {
    move: { variant, onHand, reserved, sold, shelves },
    after: {
      variant,
      on_hand: before.on_hand + onHand,
      reserved: before.reserved + reserved,
      sold: before.sold + sold,
      available: before.available + onHand - reserved - sold,
      version: before.version + 1,
      shelves,
    },
  }
}

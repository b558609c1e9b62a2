import type { Database } from '../../../platform/db/database.js'
import type { OrdersEvent } from '../../../schema/events/orders.js'
import { balanceChanges, type Movement, type SaleChange } from '../domain/ledger.js'
import { countTaken, moveFlashSales, type FlashSaleChange, type FlashSaleRow } from '../store/flash-sales.js'
import { recordMovements } from '../store/movements.js'
import { moveStock } from '../store/stock.js'
import { flashSaleChanged, saleRowState, stockChanged } from './tell-orders.js'

/** What one transaction does to stock and sales. Both must be locked: sales before stock. */
export interface Entries {
  readonly movements: readonly Movement[]
  readonly sales: readonly SaleEntry[]
  /** What buyers took of sales; negative for what they gave back. */
  readonly taken: readonly { readonly flashSale: string; readonly buyer: string; readonly quantity: number }[]
}

/** A change of a sale's counters; several of one sale are added up. */
export interface SaleEntry {
  readonly sale: FlashSaleRow
  readonly change: SaleChange
  readonly closes?: boolean
}

/** movements -> balances, sales and limits, each in one statement -> the events that tell of them (not told yet). */
export async function keepBooks(tx: Database, entries: Entries, at: Date): Promise<readonly OrdersEvent[]> {
  const changes = balanceChanges(entries.movements)
  const stock = changes.length === 0 ? [] : await moveStock(tx, changes)
  const sales = await moveFlashSales(tx, saleChanges(entries.sales, at))
  await countTaken(tx, entries.taken)
  await recordMovements(tx, entries.movements)
  return [...stock.map((row) => stockChanged(row, at)), ...sales.map((row) => flashSaleChanged(row, at))]
}

/** One change per sale, with the state that it will be told in. */
function saleChanges(entries: readonly SaleEntry[], at: Date): readonly FlashSaleChange[] {
  const sums = new Map<string, { sale: FlashSaleRow; held: number; sold: number; returned: number; closed: boolean }>()
  for (const { sale, change, closes } of entries) {
    const sum = sums.get(sale.id) ?? { sale, held: 0, sold: 0, returned: 0, closed: sale.closed }
    sums.set(sale.id, {
      sale,
      held: sum.held + change.held,
      sold: sum.sold + change.sold,
      returned: sum.returned + change.returned,
      closed: sum.closed || closes === true,
    })
  }
  return [...sums.values()].map(({ sale, held, sold, returned, closed }) => {
    const after = { held: sale.held + held, sold: sale.sold + sold, returned: sale.returned + returned, closed }
    return { id: sale.id, held, sold, returned, closed, toldState: saleRowState({ ...sale, ...after }, at) }
  })
}

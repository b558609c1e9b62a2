import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import { refuse } from '../../../schema/refuse.js'
import { lineMovement, saleChange } from '../domain/ledger.js'
import { STOCK_EFFECT, stateAfter, type Deed, type StockEffect } from '../domain/moves.js'
import { lockFlashSales } from '../store/flash-sales.js'
import { linesOf, type LineRow } from '../store/lines.js'
import { movePurchases, type PurchaseMove, type PurchaseRow } from '../store/purchases.js'
import { lockStock } from '../store/stock.js'
import { keepBooks } from './keep-books.js'
import { ownerOf } from './place-request.js'
import { distinct } from './shop-facts.js'
import { orderMoved } from './tell-orders.js'

/** What a step writes on an order's row beside its state. */
export type StepDetails = Partial<Omit<PurchaseMove, 'id' | 'state'>>

/** One step for many orders. Their rows must be locked, and a state that forbids the deed refuses the whole step. */
export interface Step {
  readonly deed: Deed
  readonly orders: readonly PurchaseRow[]
  readonly at: Date
  readonly details?: (order: PurchaseRow) => StepDetails
}

/** states, stock, sales and events of one step, all in the caller's transaction; gives the rows as they are now. */
export async function stepOrders(tx: Database, { deed, orders, at, details }: Step): Promise<readonly PurchaseRow[]> {
  if (orders.length === 0) return []
  const next = new Map(orders.map((order) => [order, stateFor(order, deed)]))
  const lines = await linesOf(
    tx,
    orders.map((order) => order.id),
  )
  const effect = STOCK_EFFECT[deed]
  const books = effect === null ? [] : await moveStockOf(tx, { effect, orders, lines, at })
  const moved = await movePurchases(
    tx,
    [...next].map(([order, state]) => ({ ...NOTHING, ...details?.(order), id: order.id, state })),
  )
  await tell(tx, 'orders', [...moved.map((order) => orderMoved(order, lines.get(order.id) ?? [], at)), ...books])
  return moved
}

/** The state that the deed leads to; refuses where the table of moves has none. */
export function stateFor(order: PurchaseRow, deed: Deed): PurchaseRow['state'] {
  const state = stateAfter(order.state, deed)
  if (state === null) throw refuse('STATE_FORBIDS', `an order that is ${order.state} cannot be done this: ${deed}`)
  return state
}

/** Sales, then stock are locked; a line's pieces go where the effect says, and what a member gives up no longer counts against its limit. */
async function moveStockOf(
  tx: Database,
  step: {
    effect: StockEffect
    orders: readonly PurchaseRow[]
    lines: ReadonlyMap<string, readonly LineRow[]>
    at: Date
  },
) {
  const { effect } = step
  const all = step.orders.flatMap((order) =>
    (step.lines.get(order.id) ?? []).map((line) => ({ line, buyer: ownerOf(order) })),
  )
  const sales = await lockFlashSales(tx, distinct(all.map(({ line }) => line.flash_sale)))
  await lockStock(tx, distinct(all.map(({ line }) => line.variant)))
  const closed = (line: LineRow): boolean => sales.get(line.flash_sale ?? '')?.closed ?? true
  const entries = {
    movements: all.map(({ line }) => lineMovement(effect, { ...line, flashSale: line.flash_sale }, closed(line))),
    sales: all.flatMap(({ line }) => {
      const sale = sales.get(line.flash_sale ?? '')
      return sale === undefined ? [] : [{ sale, change: saleChange(effect, line.quantity, sale.closed) }]
    }),
    taken: all.flatMap(({ line, buyer }) =>
      line.flash_sale === null || effect === 'sell'
        ? []
        : [{ flashSale: line.flash_sale, buyer, quantity: -line.quantity }],
    ),
  }
  return keepBooks(tx, entries, step.at)
}

const NOTHING = {
  paidMinor: null,
  refundedMinor: null,
  carrier: null,
  waybill: null,
  reason: null,
  paidAt: null,
  shippedAt: null,
  closedAt: null,
}

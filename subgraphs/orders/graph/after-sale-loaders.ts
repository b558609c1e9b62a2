import type { Database } from '../../../platform/db/database.js'
import {
  afterSalesOf,
  findAfterSales,
  itemsOf,
  type AfterSaleItemRow,
  type AfterSaleRow,
} from '../store/after-sales.js'
import { findPurchases } from '../store/purchases.js'
import { stub } from './stubs.js'
import { money } from './views.js'

/** Returns with their items, in the order of the ids; null for an unknown one. */
export async function afterSalesById(db: Database, ids: readonly string[]) {
  const rows = await findAfterSales(db, ids)
  const views = await viewed(db, [...rows.values()])
  return ids.map((id) => views.find((view) => view.id === id) ?? null)
}

/** The returns of each of these orders, in the order of the ids. */
export async function afterSalesByOrder(db: Database, orders: readonly string[]) {
  const rows = await afterSalesOf(db, orders)
  const views = await viewed(db, [...rows.values()].flat())
  return orders.map((order) => views.filter((view) => view.order === order))
}

async function viewed(db: Database, rows: readonly AfterSaleRow[]) {
  if (rows.length === 0) return []
  const items = await itemsOf(
    db,
    rows.map(({ id }) => id),
  )
  const orders = await findPurchases(db, [...new Set(rows.map(({ purchase }) => purchase))])
  return rows.map((row) => view(row, items.get(row.id) ?? [], orders.get(row.purchase)?.currency ?? ''))
}

function view(row: AfterSaleRow, items: readonly AfterSaleItemRow[], currency: string) {
  const { id, purchase: order, state, reason, carrier, waybill, note } = row
  return {
    ...{ id, order, state, reason, carrier, waybill, note },
    exchangeFor: stub('Variant', row.want_variant),
    back: money(row.back_minor, currency),
    newLine: row.new_line,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    items: items.map((item) => ({
      ...{ line: item.line, quantity: item.pieces, accepted: item.accepted, damaged: item.damaged },
      reason: item.reason,
    })),
  }
}

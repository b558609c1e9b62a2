import DataLoader from 'dataloader'
import { quotePrice, type PriceQuote } from '../domain/quote.js'
import { leftIn } from '../domain/flash-sale.js'
import type { Shop } from '../flow/shop.js'
import { goodsFacts } from '../flow/shop-facts.js'
import { saleRowState } from '../flow/tell-orders.js'
import { findFlashSales } from '../store/flash-sales.js'
import { findGoods } from '../store/goods.js'
import { findLines, linesOf } from '../store/lines.js'
import { refundsOf } from '../store/payments.js'
import { findPartnerPurchases, findPurchases } from '../store/purchases.js'
import { findRoomPrices, roomPriceKey } from '../store/rooms.js'
import { findStock } from '../store/stock.js'
import { lineView, orderView, refundView, saleView, stockView } from './views.js'

/** A variant, seen in a room or outside of any. */
export interface PriceKey {
  readonly variant: string
  readonly room: string | null
}

/** What one request loads by id, each in one statement for all that is asked at a time. */
export type Loaders = ReturnType<typeof loaders>

/** Loaders for one request: what they remember must not outlive it. */
export function loaders(shop: Shop) {
  const { db } = shop
  return {
    orders: byId((ids) => findPurchases(db, ids), orderView),
    lines: byId((ids) => findLines(db, ids), lineView),
    linesOf: byId(
      (ids) => linesOf(db, ids),
      (rows) => rows.map(lineView),
    ),
    refundsOf: byId(
      (ids) => refundsOf(db, ids),
      (rows) => rows.map(refundView),
    ),
    sales: new DataLoader(async (ids: readonly string[]) => {
      const [rows, at] = [await findFlashSales(db, ids), await shop.databaseClock(db)]
      return ids.map((id) => {
        const row = rows.get(id)
        if (row === undefined) return null
        const state = saleRowState(row, at)
        return saleView(row, state, state === 'CLOSED' ? 0 : leftIn(row))
      })
    }),
    stock: byId((ids) => findStock(db, ids), stockView),
    prices: new DataLoader((keys: readonly PriceKey[]) => pricesOf(shop, keys), {
      cacheKeyFn: ({ variant, room }) => roomPriceKey(room ?? '', variant),
    }),
    /** A partner's orders by the partner's own numbers. */
    partnerOrders: new DataLoader(
      async (pairs: readonly { readonly partner: string; readonly partnerOrder: string }[]) => {
        const rows = await findPartnerPurchases(db, pairs)
        return pairs.map(({ partner, partnerOrder }) => {
          const row = rows.find((found) => found.partner === partner && found.partner_order === partnerOrder)
          return row === undefined ? null : orderView(row)
        })
      },
      { cacheKeyFn: ({ partner, partnerOrder }) => JSON.stringify([partner, partnerOrder]) },
    ),
  }
}

function byId<Row, View>(
  find: (ids: readonly string[]) => Promise<ReadonlyMap<string, Row>>,
  view: (row: Row) => View,
): DataLoader<string, View | null> {
  return new DataLoader(async (ids) => {
    const rows = await find(ids)
    return ids.map((id) => {
      const row = rows.get(id)
      return row === undefined ? null : view(row)
    })
  })
}

async function pricesOf(shop: Shop, keys: readonly PriceKey[]): Promise<readonly (PriceQuote | null)[]> {
  const goods = await findGoods(
    shop.db,
    keys.map((key) => key.variant),
  )
  const shelves = keys.flatMap(({ variant, room }) => (room === null ? [] : [{ variant, room }]))
  const prices = shelves.length === 0 ? null : await findRoomPrices(shop.db, shelves)
  return keys.map(({ variant, room }) => {
    const row = goods.get(variant)
    if (row === undefined) return null
    const own = room === null ? undefined : prices?.get(roomPriceKey(room, variant))
    const roomPrice = own === undefined ? null : { amountMinor: own.price_minor, currency: own.currency }
    return quotePrice({ ...goodsFacts(row), room: roomPrice, flashSale: null })
  })
}

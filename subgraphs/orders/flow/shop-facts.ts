import type { Database } from '../../../platform/db/database.js'
import type { AskedLine, ShopFacts } from '../domain/draft.js'
import { findFlashSales, type FlashSaleRow } from '../store/flash-sales.js'
import { findGoods, type GoodsRow } from '../store/goods.js'
import { findRoomPrices, findRooms, roomPriceKey } from '../store/rooms.js'
import { saleRowState } from './tell-orders.js'

/** Reads all that the price of the lines depends on, each kind in one statement. Sales that are locked already are handed in. */
export async function shopFacts(
  db: Database,
  lines: readonly AskedLine[],
  moment: { readonly at: Date; readonly sales?: ReadonlyMap<string, FlashSaleRow> },
): Promise<ShopFacts> {
  const sales = moment.sales ?? (await findFlashSales(db, distinct(lines.map((line) => line.flashSale))))
  const goods = await findGoods(db, distinct(lines.map((line) => line.variant)))
  const roomIds = distinct(lines.map((line) => line.room))
  const rooms = roomIds.length === 0 ? new Map<string, { host: string }>() : await findRooms(db, roomIds)
  const prices = roomIds.length === 0 ? null : await findRoomPrices(db, shelves(lines))
  return {
    goods: mapped(goods, goodsFacts),
    rooms,
    roomPrice(room, variant) {
      const row = prices?.get(roomPriceKey(room, variant))
      return row === undefined ? null : { amountMinor: row.price_minor, currency: row.currency }
    },
    sales: mapped(sales, (sale) => ({
      variant: sale.variant,
      room: sale.room,
      price: { amountMinor: sale.price_minor, currency: sale.currency },
      state: saleRowState(sale, moment.at),
    })),
  }
}

/** Each of them once, without the nulls, in a fixed order. */
export function distinct(ids: readonly (string | null)[]): readonly string[] {
  return [...new Set(ids.filter((id) => id !== null))].sort()
}

/** What a price needs of the copy of a variant. */
export function goodsFacts(row: GoodsRow) {
  return {
    product: row.product,
    seller: row.seller,
    list: { amountMinor: row.list_minor, currency: row.currency },
    compareAtMinor: row.compare_at_minor,
  }
}

function shelves(lines: readonly AskedLine[]): readonly { readonly room: string; readonly variant: string }[] {
  const pairs = new Map<string, { room: string; variant: string }>()
  for (const { room, variant } of lines) if (room !== null) pairs.set(roomPriceKey(room, variant), { room, variant })
  return [...pairs.values()]
}

function mapped<From, To>(map: ReadonlyMap<string, From>, each: (value: From) => To): ReadonlyMap<string, To> {
  return new Map([...map].map(([key, value]) => [key, each(value)]))
}

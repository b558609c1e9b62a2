import type { Money } from '../../../schema/money.js'
import { lowestPrice, type PastPrices } from '../domain/lowest-price.js'
import { salesSince, type FlashSaleRow } from '../store/flash-sales.js'
import { findGoods, type GoodsRow } from '../store/goods.js'
import { listPricesSince, type ListPriceRow } from '../store/list-prices.js'
import { offersOf, type PriceOfferRow } from '../store/price-offers.js'
import { later, type Shop } from './shop.js'
import { offerFor } from './standing-offers.js'

/** How far back the lowest price is looked for. */
export const LOWEST_OF_MS = 30 * 86_400_000

/**
 * For each variant the lowest price of the last 30 days that everybody could have had: list price, stored offers and flash sales
 * that were open to all. What only PLUS members, one room, one partner or a coupon gave is no price of everybody's.
 */
export async function lowestPrices(shop: Shop, variants: readonly string[]): Promise<readonly (Money | null)[]> {
  const to = await shop.databaseClock(shop.db)
  const from = later(to, -LOWEST_OF_MS)
  const [goods, lists, sales, offers] = await Promise.all([
    findGoods(shop.db, variants),
    listPricesSince(shop.db, variants, from),
    salesSince(shop.db, variants, { from, to }),
    offersOf(shop.db, variants, from),
  ])
  return variants.map((variant) => {
    const row = goods.get(variant)
    const of = <Row extends { readonly variant: string }>(rows: readonly Row[]): readonly Row[] =>
      rows.filter((one) => one.variant === variant)
    return row === undefined
      ? null
      : lowestPrice(past(row, { lists: of(lists), sales: of(sales), offers: of(offers), now: to }), { from, to })
  })
}

interface PastRows {
  readonly lists: readonly ListPriceRow[]
  readonly sales: readonly FlashSaleRow[]
  readonly offers: readonly PriceOfferRow[]
  readonly now: Date
}

function past(goods: GoodsRow, { lists, sales, offers, now }: PastRows): PastPrices {
  return {
    seller: goods.seller,
    floorMinor: goods.floor_minor,
    lists: lists.map((row) => ({ since: row.since, until: row.until, price: money(row) })),
    sales: sales.map((row) => ({ since: row.starts_at, until: endOf(row, now), price: money(row) })),
    offers: offers
      .filter((row) => row.partner === null)
      .map((row) => ({ since: row.starts_at, until: row.ends_at, offer: offerFor(row, false) })),
  }
}

/** Of a sale that was closed by hand it is not kept when: it counts at its beginning. */
function endOf({ closed, starts_at, ends_at }: FlashSaleRow, now: Date): Date | null {
  const byHand = closed && (ends_at === null || ends_at > now)
  return byHand ? later(starts_at, 1) : ends_at
}

function money(row: { readonly price_minor: number; readonly currency: string }): Money {
  return { amountMinor: row.price_minor, currency: row.currency }
}

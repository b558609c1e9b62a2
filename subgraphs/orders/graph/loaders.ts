import DataLoader from 'dataloader'
import type { Database } from '../../../platform/db/database.js'
import { deedsOf } from '../../host/books/difference-rows.js'
import { ANYBODY, priceOf } from '../domain/draft.js'
import type { PriceQuote } from '../domain/quote.js'
import type { Shop } from '../flow/shop.js'
import { goodsFacts } from '../flow/shop-facts.js'
import { lowestPrices } from '../flow/lowest-prices.js'
import { NO_OFFERS, standingOffers } from '../flow/standing-offers.js'
import { saleRowState } from '../flow/tell-orders.js'
import { actedFor } from '../store/acted-for.js'
import { findFlashSales } from '../store/flash-sales.js'
import { depositsOf } from '../store/deposits.js'
import { findGoods } from '../store/goods.js'
import { findLines, linesOf } from '../store/lines.js'
import { parcelsOf } from '../store/parcels.js'
import { paymentsThatPaid, refundsOf } from '../store/payments.js'
import { findPreSales, preSalesOf, type PreSaleRow } from '../store/pre-sales.js'
import { findPriceOffers } from '../store/price-offers.js'
import { queuesBefore } from '../store/queues.js'
import { findPartnerPurchases, findPurchases } from '../store/purchases.js'
import { findRoomPrices, roomPriceKey } from '../store/rooms.js'
import { sealedAddresses } from '../store/sealed-addresses.js'
import { takenBy } from '../store/sale-members.js'
import { findStock } from '../store/stock.js'
import { afterSalesById, afterSalesByOrder } from './after-sale-loaders.js'
import { couponsById, issuesById } from './coupon-loaders.js'
import { offerView } from './offer-views.js'
import { preSaleView, type PreSaleView } from './pre-sale-views.js'
import { lineView, orderView, parcelView, paymentView, refundView, saleView, stockView } from './views.js'

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
    afterSales: new DataLoader((ids: readonly string[]) => afterSalesById(db, ids)),
    afterSalesOf: new DataLoader((ids: readonly string[]) => afterSalesByOrder(db, ids)),
    parcelsOf: byId(
      (ids) => parcelsOf(db, ids),
      (rows) => rows.map(parcelView),
    ),
    /** Where parcels go, sealed. */
    addressesOf: byId(
      (ids) => sealedAddresses(db, ids),
      (sealed) => sealed,
    ),
    payments: byId((ids) => paymentsThatPaid(db, ids), paymentView),
    deposits: byId(
      (ids) => depositsOf(db, ids),
      (row) => row,
    ),
    preSales: new DataLoader((ids: readonly string[]) => preSalesNow(shop, ids, findPreSales)),
    /** By variant: the pre-sale that is not over. */
    preSalesOf: new DataLoader((variants: readonly string[]) => preSalesNow(shop, variants, preSalesOf)),
    refundsOf: byId(
      (ids) => refundsOf(db, ids),
      (rows) => rows.map(refundView),
    ),
    sales: new DataLoader(async (ids: readonly string[]) => {
      const [rows, at] = [await findFlashSales(db, ids), await shop.databaseClock(db)]
      const queued = [...rows.values()].filter((row) => row.queue_per_second !== null)
      const queues = await queuesBefore(db, queued)
      return ids.map((id) => {
        const row = rows.get(id)
        return row === undefined
          ? null
          : saleView(row, { at, state: saleRowState(row, at), queue: queues.get(id) ?? null })
      })
    }),
    /** How many pieces a buyer has had of a sale. */
    taken: new DataLoader(
      async (pairs: readonly { readonly flashSale: string; readonly buyer: string }[]) => {
        const taken = await takenBy(db, pairs)
        return pairs.map(({ flashSale, buyer }) => taken.get(flashSale)?.get(buyer) ?? null)
      },
      { cacheKeyFn: ({ flashSale, buyer }) => JSON.stringify([flashSale, buyer]) },
    ),
    deedsOfDifference: new DataLoader((numbers: readonly number[]) => deedsOf(db, 'orders', numbers)),
    stock: byId((ids) => findStock(db, ids), stockView),
    prices: new DataLoader((keys: readonly PriceKey[]) => pricesOf(shop, keys), {
      cacheKeyFn: ({ variant, room }) => roomPriceKey(room ?? '', variant),
    }),
    lowestPrices: new DataLoader((variants: readonly string[]) => lowestPrices(shop, variants)),
    offers: byId((ids) => findPriceOffers(db, ids), offerView),
    coupons: new DataLoader((ids: readonly string[]) => couponsById(shop, ids)),
    couponIssues: new DataLoader((ids: readonly string[]) => issuesById(shop, ids)),
    /** Whether a merchant acts for the sellers of all lines of an order. */
    actedFor: new DataLoader(
      async (pairs: readonly { readonly merchant: string; readonly order: string }[]) => {
        const [merchant = ''] = pairs.map((pair) => pair.merchant) // one request is one asker's
        const acted = await actedFor(
          db,
          merchant,
          pairs.map((pair) => pair.order),
        )
        return pairs.map((pair) => pair.merchant === merchant && acted.has(pair.order))
      },
      { cacheKeyFn: ({ merchant, order }) => `${merchant} ${order}` },
    ),
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

async function preSalesNow(
  shop: Shop,
  keys: readonly string[],
  find: (db: Database, keys: readonly string[]) => Promise<ReadonlyMap<string, PreSaleRow>>,
): Promise<readonly (PreSaleView | null)[]> {
  const rows = await find(shop.db, keys)
  if (rows.size === 0) return keys.map(() => null)
  const at = await shop.databaseClock(shop.db)
  return keys.map((key) => {
    const row = rows.get(key)
    return row === undefined ? null : preSaleView(row, at)
  })
}

async function pricesOf(shop: Shop, keys: readonly PriceKey[]): Promise<readonly (PriceQuote | null)[]> {
  const goods = await findGoods(
    shop.db,
    keys.map((key) => key.variant),
  )
  const shelves = keys.flatMap(({ variant, room }) => (room === null ? [] : [{ variant, room }]))
  const prices = shelves.length === 0 ? null : await findRoomPrices(shop.db, shelves)
  const rows = [...goods.values()]
  const offers = rows.some((row) => row.offered)
    ? await standingOffers(shop.db, rows, { askers: [], at: await shop.databaseClock(shop.db) })
    : NO_OFFERS
  const roomPrice = (room: string, variant: string) => {
    const own = prices?.get(roomPriceKey(room, variant))
    return own === undefined ? null : { amountMinor: own.price_minor, currency: own.currency }
  }
  return keys.map(({ variant, room }) => {
    const row = goods.get(variant)
    if (row === undefined) return null
    return priceOf(variant, goodsFacts(row), { facts: { roomPrice, ...offers }, asker: ANYBODY, room, sale: null })
  })
}

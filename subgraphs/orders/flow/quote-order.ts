import { deliversTo } from '../../../schema/regions.js'
import { draftOrder, type AskedLine, type Asker, type Draft } from '../domain/draft.js'
import { leftIn } from '../domain/flash-sale.js'
import { chooseWarehouse, MAIN, sourcesOf } from '../domain/warehouses.js'
import { findFlashSales } from '../store/flash-sales.js'
import { findPreSales } from '../store/pre-sales.js'
import { findStock, type StockRow } from '../store/stock.js'
import { findMeant } from './coupon-facts.js'
import type { Shop } from './shop.js'
import { distinct, shopFacts, type Moment } from './shop-facts.js'

/** A draft, and how many pieces each of its lines could get now. */
export interface OrderQuote extends Draft {
  readonly available: readonly number[]
  /** Whether all of it is delivered to a region. */
  readonly deliversTo: (region: string) => boolean
  /** The warehouse that each line would leave now for a region; null where nobody who has it serves that. */
  readonly leavesFor: (region: string) => readonly string[] | null
}

/** What the lines would come to now; holds nothing. Made by the same rules as an order. */
export async function quoteOrder(shop: Shop, lines: readonly AskedLine[], asker: Asker): Promise<OrderQuote> {
  const moment = momentNow(shop, lines)
  const [{ sales }, facts, stock] = await Promise.all([
    moment,
    shopFacts(shop.db, { lines, askers: [asker], coupons: findMeant(shop.db, asker.coupons) }, moment),
    findStock(shop.db, distinct(lines.map((line) => line.variant))),
  ])
  const draft = draftOrder(lines, facts, asker)
  const available = lines.map(({ variant, flashSale }) => {
    const sale = sales.get(flashSale ?? '')
    return sale === undefined ? (stock.get(variant)?.available ?? 0) : leftIn(sale)
  })
  const deliveries = draft.lines.flatMap(({ variant }) => facts.goods.get(variant)?.delivery ?? [])
  return {
    ...draft,
    available,
    deliversTo: (region) => deliveries.every((one) => deliversTo(one, region)),
    leavesFor: (region) => {
      const from = lines.map((line) => {
        const sale = sales.get(line.flashSale ?? '')
        return sale === undefined ? leaves(stock.get(line.variant), line.quantity, region) : sale.warehouse
      })
      return from.includes(null) ? null : from.flatMap((warehouse) => warehouse ?? [])
    },
  }
}

/** The same choice as an order's; what is sold out would leave the main one. */
function leaves(stock: StockRow | undefined, quantity: number, region: string): string | null {
  if (stock === undefined || stock.shelves === null || stock.available <= 0) return MAIN
  const sources = sourcesOf(stock.shelves, region)
  return sources.length === 0 ? null : (chooseWarehouse(sources, quantity) ?? MAIN)
}

async function momentNow(shop: Shop, lines: readonly AskedLine[]): Promise<Moment> {
  const [at, sales, preSales] = await Promise.all([
    shop.databaseClock(shop.db),
    findFlashSales(shop.db, distinct(lines.map((line) => line.flashSale))),
    findPreSales(shop.db, distinct(lines.map((line) => line.preSale ?? null))),
  ])
  return { at, sales, preSales }
}

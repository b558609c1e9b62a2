import { deliversTo } from '../../../schema/regions.js'
import { draftOrder, type AskedLine, type Asker, type Draft } from '../domain/draft.js'
import { leftIn } from '../domain/flash-sale.js'
import { findFlashSales } from '../store/flash-sales.js'
import { findPreSales } from '../store/pre-sales.js'
import { findStock } from '../store/stock.js'
import { findMeant } from './coupon-facts.js'
import type { Shop } from './shop.js'
import { distinct, shopFacts, type Moment } from './shop-facts.js'

/** A draft, and how many pieces each of its lines could get now. */
export interface OrderQuote extends Draft {
  readonly available: readonly number[]
  /** Whether all of it is delivered to a region. */
  readonly deliversTo: (region: string) => boolean
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
  return { ...draft, available, deliversTo: (region) => deliveries.every((one) => deliversTo(one, region)) }
}

async function momentNow(shop: Shop, lines: readonly AskedLine[]): Promise<Moment> {
  const [at, sales, preSales] = await Promise.all([
    shop.databaseClock(shop.db),
    findFlashSales(shop.db, distinct(lines.map((line) => line.flashSale))),
    findPreSales(shop.db, distinct(lines.map((line) => line.preSale ?? null))),
  ])
  return { at, sales, preSales }
}

import { draftOrder, type AskedLine, type Draft } from '../domain/draft.js'
import { leftIn } from '../domain/flash-sale.js'
import { findFlashSales } from '../store/flash-sales.js'
import { findStock } from '../store/stock.js'
import type { Shop } from './shop.js'
import { distinct, shopFacts } from './shop-facts.js'

/** A draft, and how many pieces each of its lines could get now. */
export interface OrderQuote extends Draft {
  readonly available: readonly number[]
}

/** What the lines would come to now; holds nothing. Made by the same rules as an order. */
export async function quoteOrder(shop: Shop, lines: readonly AskedLine[]): Promise<OrderQuote> {
  const sales = await findFlashSales(shop.db, distinct(lines.map((line) => line.flashSale)))
  const facts = await shopFacts(shop.db, lines, { at: await shop.databaseClock(shop.db), sales })
  const draft = draftOrder(lines, facts)
  const stock = await findStock(shop.db, distinct(lines.map((line) => line.variant)))
  const available = lines.map(({ variant, flashSale }) => {
    const sale = sales.get(flashSale ?? '')
    return sale === undefined ? (stock.get(variant)?.available ?? 0) : leftIn(sale)
  })
  return { ...draft, available }
}

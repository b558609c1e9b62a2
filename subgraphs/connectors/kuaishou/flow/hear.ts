import type { Database } from '../../../../platform/db/database.js'
import { CATALOG, catalogEvent, type ProductChanged, type VariantFed } from '../../../../schema/events/catalog.js'
import {
  ordersEvent,
  type OffersChanged,
  type OrderMoved,
  type PriceChanged,
  type StockChanged,
} from '../../../../schema/events/orders.js'
import type { Errand, Fact } from '../../connector.js'
import { putErrands } from '../../errands.js'
import { keepFed, keepPrices, keepProducts, keepStocks } from '../store/goods.js'
import { SCHEMA } from '../store/kuaishou-tables.js'
import { findItems, findListedProducts, findProductOfItem } from '../store/listings.js'
import { doubtOrder, hearOrder, keepShopState } from '../store/partner-orders.js'
import { findOpenRefunds, hearRefund } from '../store/refunds.js'
import type { Heard } from '../translate.js'
import type { Work } from './work.js'

/** The topics of ours that concern the partner. */
export const TOPICS = [CATALOG, 'orders'] as const

/** Makes an item at the partner's equal to our product. */
export const itemErrand = (product: string): Errand => ({ kind: 'item', key: product, body: {} })
/** Walks a partner's order as far as it can go. */
export const orderErrand = (oid: string): Errand => ({ kind: 'order', key: oid, body: {} })
/** Walks a refund of the partner's as far as it can go. */
export const refundErrand = (refundId: string): Errand => ({ kind: 'refund', key: refundId, body: {} })

/** Products whose price there is not ours any more are made even again. */
export async function showAnew({ ground }: Pick<Work, 'ground'>, products: readonly string[]): Promise<void> {
  await ground.db.transaction((tx) => putErrands(tx, SCHEMA, { errands: products.map(itemErrand), ground }))
}

/** A person wants an order looked at again: what was given up is begun anew. */
export async function fetchOrder({ ground }: Pick<Work, 'ground'>, oid: string): Promise<void> {
  await ground.db.transaction(async (tx) => {
    await doubtOrder(tx, oid)
    const refunds = await findOpenRefunds(tx, [oid])
    await putErrands(tx, SCHEMA, { errands: [orderErrand(oid), ...refunds.map(refundErrand)], ground })
  })
}

/** Our events -> copies of what they tell -> errands for what is listed or sold there. */
export async function hear(tx: Database, topic: string, events: readonly unknown[]): Promise<readonly Errand[]> {
  return topic === CATALOG ? await hearCatalog(tx, events) : await hearOrders(tx, events)
}

async function hearCatalog(tx: Database, values: readonly unknown[]): Promise<readonly Errand[]> {
  const products: ProductChanged[] = []
  const feeds: VariantFed[] = []
  for (const event of values.map(catalogEvent)) {
    if (event?.kind === 'catalog.productChanged') products.push(event)
    if (event?.kind === 'catalog.variantFed') feeds.push(event)
  }
  await keepProducts(tx, products)
  await keepFed(tx, feeds)
  return (
    await findItems(
      tx,
      products.map((changed) => changed.product),
    )
  ).map(itemErrand)
}

async function hearOrders(tx: Database, values: readonly unknown[]): Promise<readonly Errand[]> {
  const prices: PriceChanged[] = []
  const stocks: StockChanged[] = []
  const offers: OffersChanged[] = []
  const errands: Errand[] = []
  for (const event of values.map(ordersEvent)) {
    if (event?.kind === 'orders.priceChanged') prices.push(event)
    if (event?.kind === 'orders.stockChanged') stocks.push(event)
    if (event?.kind === 'orders.offersChanged' && (event.partner ?? SCHEMA) === SCHEMA) offers.push(event)
    if (event?.kind === 'orders.moved') errands.push(...(await hearMoved(tx, event)))
  }
  await keepPrices(tx, prices)
  await keepStocks(tx, stocks)
  const variants = [...new Set([...prices, ...stocks, ...offers].map((changed) => changed.variant))]
  return [...errands, ...(await findListedProducts(tx, variants)).map(itemErrand)]
}

async function hearMoved(tx: Database, event: OrderMoved): Promise<readonly Errand[]> {
  const oid = event.partnerOrder
  if (event.partner !== SCHEMA || oid === null) return []
  const { state, order, carrier, waybill } = event
  if (!(await keepShopState(tx, oid, { state, order, carrier, waybill }))) return []
  return [orderErrand(oid), ...(await findOpenRefunds(tx, [oid])).map(refundErrand)]
}

/** What the partner's news mean: rows that know of it, and errands that look. */
export async function told(tx: Database, news: readonly Fact[]): Promise<readonly Errand[]> {
  const errands: Errand[] = []
  for (const { body, version } of news) {
    // Facts are made by our own `translate`, in this process.
    const heard = body as Heard
    switch (heard.what) {
      case 'order':
        if (heard.vague) await doubtOrder(tx, heard.oid)
        else await hearOrder(tx, heard.oid, version)
        errands.push(orderErrand(heard.oid))
        break
      case 'refund':
        await hearOrder(tx, heard.oid, 0)
        await hearRefund(tx, heard, heard.vague ? 0 : version)
        errands.push(refundErrand(heard.refundId), orderErrand(heard.oid))
        break
      case 'item': {
        const product = await findProductOfItem(tx, heard.kwaiItem)
        if (product !== null) errands.push(itemErrand(product))
      }
    }
  }
  return errands
}

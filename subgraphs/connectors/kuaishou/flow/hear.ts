import type { Database } from '../../../../platform/db/database.js'
import { CATALOG, catalogEvent } from '../../../../schema/events/catalog.js'
import { ordersEvent, type OrderMoved } from '../../../../schema/events/orders.js'
import type { Errand, Fact } from '../../connector.js'
import { keepFed, keepPrice, keepProduct, keepStock } from '../store/goods.js'
import { SCHEMA } from '../store/kuaishou-tables.js'
import { findListedProducts } from '../store/listings.js'
import { hearOrder, keepShopState } from '../store/partner-orders.js'
import { findOpenRefunds, hearRefund } from '../store/refunds.js'
import type { Heard } from '../translate.js'

/** The topics of ours that concern the partner. */
export const TOPICS = [CATALOG, 'orders'] as const

/** Makes an item at the partner's equal to ours; the kinds of errands that this connector has. */
export const itemErrand = (product: string): Errand => ({ kind: 'item', key: product, body: {} })
export const orderErrand = (oid: string): Errand => ({ kind: 'order', key: oid, body: {} })
export const refundErrand = (refundId: string): Errand => ({ kind: 'refund', key: refundId, body: {} })

/** Our events -> copies of what they tell -> errands for what is listed or sold there. */
export async function hear(tx: Database, topic: string, events: readonly unknown[]): Promise<readonly Errand[]> {
  const errands: Errand[] = []
  for (const event of events)
    errands.push(...(topic === CATALOG ? await hearCatalog(tx, event) : await hearOrders(tx, event)))
  return errands
}

async function hearCatalog(tx: Database, value: unknown): Promise<readonly Errand[]> {
  const event = catalogEvent(value)
  switch (event?.kind) {
    case 'catalog.productChanged':
      await keepProduct(tx, event)
      return [itemErrand(event.product)]
    case 'catalog.variantFed':
      await keepFed(tx, event)
      return []
    case undefined:
      return []
  }
}

async function hearOrders(tx: Database, value: unknown): Promise<readonly Errand[]> {
  const event = ordersEvent(value)
  switch (event?.kind) {
    case 'orders.priceChanged':
      await keepPrice(tx, event)
      return (await findListedProducts(tx, [event.variant])).map(itemErrand)
    case 'orders.stockChanged':
      await keepStock(tx, event)
      return (await findListedProducts(tx, [event.variant])).map(itemErrand)
    case 'orders.moved':
      return await hearMoved(tx, event)
    case 'orders.flashSaleChanged':
    case undefined:
      return []
  }
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
    if (heard.what === 'order') {
      await hearOrder(tx, heard.oid, version)
      errands.push(orderErrand(heard.oid))
    } else {
      await hearOrder(tx, heard.oid, 0)
      await hearRefund(tx, heard, version)
      errands.push(refundErrand(heard.refundId), orderErrand(heard.oid))
    }
  }
  return errands
}

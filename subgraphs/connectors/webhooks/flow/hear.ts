import type { Database } from '../../../../platform/db/database.js'
import { CATALOG, catalogEvent } from '../../../../schema/events/catalog.js'
import type { AfterSaleMoved } from '../../../../schema/events/after-sales.js'
import { ordersEvent, type OrderMoved } from '../../../../schema/events/orders.js'
import type { ParcelMoved } from '../../../../schema/events/parcels.js'
import type { Errand } from '../../connector.js'
import type { Letter } from '../letter.js'
import { toldPartners } from '../store/letters.js'

/** The topics of ours that partners are told of. */
export const TOPICS = [CATALOG, 'orders'] as const

/** What is told of an event: a partner's own order to that partner, price, stock and shelf to each. */
export interface News {
  readonly to: string | null
  /** Newer news of the same thing take the place of what was not delivered yet. */
  readonly thing: string
  readonly letter: Omit<Letter, 'partner'>
}

/** Our events -> letters, one errand each. */
export async function hear(tx: Database, topic: string, events: readonly unknown[]): Promise<readonly Errand[]> {
  const news = events.flatMap((event) => newsIn(topic, event))
  if (news.length === 0) return []
  const partners = await toldPartners(tx)
  return news.flatMap(({ to, thing, letter }) =>
    partners
      .filter((partner) => to === null || to === partner)
      .map((partner) => ({ kind: 'letter', key: `${partner}:${thing}`, body: { partner, ...letter } })),
  )
}

/** What an event tells partners. */
export function newsIn(topic: string, event: unknown): readonly News[] {
  return topic === CATALOG ? ofCatalog(event) : ofOrders(event)
}

function ofCatalog(value: unknown): readonly News[] {
  const event = catalogEvent(value)
  if (event?.kind === 'catalog.qualityGoodChanged') {
    const { id, at, session, product, version, selected, partner } = event
    const facts = { qualitySessionId: session, productId: product, version, selected }
    return [{ to: partner, thing: `quality:${session}:${product}`, letter: { id, kind: 'quality.changed', at, facts } }]
  }
  if (event?.kind !== 'catalog.productChanged') return []
  const { id, at, product, version, published } = event
  const letter = { id, kind: 'shelf.changed', at, facts: { productId: product, version, onShelf: published } }
  return [{ to: null, thing: `shelf:${product}`, letter }]
}

function ofOrders(value: unknown): readonly News[] {
  const event = ordersEvent(value)
  switch (event?.kind) {
    case 'orders.priceChanged': {
      const { id, at, variant, version, listMinor: priceMinor, currency } = event
      const facts = { variantId: variant, version, priceMinor, currency }
      return [{ to: null, thing: `price:${variant}`, letter: { id, kind: 'price.changed', at, facts } }]
    }
    case 'orders.stockChanged': {
      const { id, at, variant, version, available } = event
      const facts = { variantId: variant, version, available }
      return [{ to: null, thing: `stock:${variant}`, letter: { id, kind: 'stock.changed', at, facts } }]
    }
    case 'orders.moved':
      return event.partner === null ? [] : [moved(event.partner, event)]
    case 'orders.afterSaleMoved':
      return event.partner === null ? [] : [returned(event.partner, event)]
    case 'orders.parcelMoved':
      return [parcel(event)]
    case 'orders.offersChanged': {
      const { id, at, variant, product, version, change, partner } = event
      const facts = { variantId: variant, productId: product, version, change }
      return [{ to: partner, thing: `offers:${variant}`, letter: { id, kind: 'offers.changed', at, facts } }]
    }
    case 'orders.flashSaleChanged':
    case 'orders.eCardMoved':
    case 'orders.balanceDue':
    case 'orders.launchReminded':
    case undefined:
      return []
  }
}

/** Every step of an order is told, none takes the place of another. */
function moved(partner: string, event: OrderMoved): News {
  const { id, at, order, version, state, partnerOrder, totalMinor, currency, carrier, waybill } = event
  const facts = { orderId: order, partnerOrderId: partnerOrder, version, state, totalMinor, currency, carrier, waybill }
  return { to: partner, thing: `order:${order}:${version}`, letter: { id, kind: 'order.moved', at, facts } }
}

/** Nor does a step of a parcel. */
function parcel(event: ParcelMoved): News {
  const { id, at, parcel: parcelId, order: orderId, partner, partnerOrder, version, state, carrier, waybill } = event
  const facts = { parcelId, orderId, partnerOrderId: partnerOrder, version, state, carrier, waybill }
  return { to: partner, thing: `parcel:${parcelId}:${version}`, letter: { id, kind: 'parcel.moved', at, facts } }
}

/** Nor does a step of a return. */
function returned(partner: string, event: AfterSaleMoved): News {
  const { id, at, afterSale, order, partnerOrder, version, state, note, backMinor, currency } = event
  const which = { afterSaleId: afterSale, orderId: order, partnerOrderId: partnerOrder }
  const facts = { ...which, version, state, note, backMinor, currency }
  return {
    to: partner,
    thing: `after-sale:${afterSale}:${version}`,
    letter: { id, kind: 'after-sale.moved', at, facts },
  }
}

import type { Database } from '../../../platform/db/database.js'
import type { OrdersEvent } from '../../../schema/events/orders.js'
import type { Draft, DraftLine } from '../domain/draft.js'
import { lineMovement, saleChange } from '../domain/ledger.js'
import { FIRST_STATE } from '../domain/moves.js'
import type { FlashSaleRow } from '../store/flash-sales.js'
import { insertLines, type LineRow } from '../store/lines.js'
import { insertPurchases, type NewPurchase } from '../store/purchases.js'
import { keepBooks } from './keep-books.js'
import { ownerOf, requestHash, type PlaceRequest } from './place-request.js'
import { later, type Shop } from './shop.js'
import { orderMoved } from './tell-orders.js'

/** An order that is to be: its pieces are there, and their rows are locked. */
export interface Granted {
  /** A fresh `Order:…` id. */
  readonly id: string
  readonly request: PlaceRequest
  readonly draft: Draft
}

/** Writes new orders with their lines and holds their pieces, each kind of row in one statement; gives the events to tell. */
export async function writeOrders(
  tx: Database,
  shop: Shop,
  { granted, sales, at }: { granted: readonly Granted[]; sales: ReadonlyMap<string, FlashSaleRow>; at: Date },
): Promise<readonly OrdersEvent[]> {
  if (granted.length === 0) return []
  const orders = granted.map((order) => newPurchase(shop, order, at))
  const lines = granted.map((order) => order.draft.lines.map((line, place) => newLine(order, line, place)))
  await insertPurchases(tx, orders)
  await insertLines(tx, lines.flat())
  const books = await keepBooks(tx, holding(granted, lines, sales), at)
  return [...orders.map((order, place) => orderMoved(asTold(order), lines[place] ?? [], at)), ...books]
}

function holding(
  granted: readonly Granted[],
  lines: readonly (readonly LineRow[])[],
  sales: ReadonlyMap<string, FlashSaleRow>,
): Parameters<typeof keepBooks>[1] {
  const held = lines.flatMap((ofOrder, place) => ofOrder.map((line) => ({ line, buyer: buyerAt(granted, place) })))
  return {
    movements: held.map(({ line }) => lineMovement('hold', { ...line, flashSale: line.flash_sale }, false)),
    sales: held.flatMap(({ line }) => {
      const sale = sales.get(line.flash_sale ?? '')
      return sale === undefined ? [] : [{ sale, change: saleChange('hold', line.quantity, false) }]
    }),
    taken: held.flatMap(({ line, buyer }) =>
      line.flash_sale === null ? [] : [{ flashSale: line.flash_sale, buyer, quantity: line.quantity }],
    ),
  }
}

function buyerAt(granted: readonly Granted[], place: number): string {
  const order = granted[place]
  return order === undefined ? '' : ownerOf(order.request.buyer)
}

function newPurchase(shop: Shop, { id, request, draft }: Granted, at: Date): NewPurchase {
  const { buyer, partnerOrder, addressId, address } = request
  const heldMs = buyer.partner === null ? shop.terms.reserveMs : shop.terms.partnerReserveMs
  return {
    id,
    state: FIRST_STATE,
    member: buyer.member,
    partner: buyer.partner,
    partnerOrder,
    bodyHash: partnerOrder === null ? null : requestHash(request),
    currency: draft.total.currency,
    totalMinor: draft.total.amountMinor,
    addressId,
    addressSealed: address?.sealed ?? null,
    reservedUntil: later(at, heldMs),
    createdAt: at,
  }
}

function newLine({ id, request }: Granted, line: DraftLine, place: number): LineRow {
  return {
    id: `OrderLine:${id.slice('Order:'.length)}-${place + 1}`,
    purchase: id,
    place,
    variant: line.variant,
    product: line.product,
    quantity: line.quantity,
    unit_minor: line.price.currentMinor,
    total_minor: line.total.amountMinor,
    steps: { currency: line.total.currency, steps: line.price.steps },
    flash_sale: line.flashSale,
    room: line.room,
    host: line.host,
    outlet: line.outlet,
    campaign_link: line.click?.link ?? null,
    partner: request.buyer.partner,
    click: line.click?.id ?? null,
  }
}

/** A new order as its first event tells it. */
function asTold(order: NewPurchase): Parameters<typeof orderMoved>[0] {
  return {
    id: order.id,
    version: 1,
    state: order.state,
    member: order.member,
    partner: order.partner,
    partner_order: order.partnerOrder,
    total_minor: order.totalMinor,
    currency: order.currency,
    carrier: null,
    waybill: null,
  }
}

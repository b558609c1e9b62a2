import { saleStateAt, leftIn } from '../domain/flash-sale.js'
import type { AfterSaleMoved } from '../../../schema/events/after-sales.js'
import type {
  FlashSaleChanged,
  MovedLine,
  OrderMoved,
  PriceChanged,
  StockChanged,
} from '../../../schema/events/orders.js'
import type { AfterSaleRow } from '../store/after-sales.js'
import type { FlashSaleRow } from '../store/flash-sales.js'
import type { GoodsRow } from '../store/goods.js'
import type { LineRow, NewLine } from '../store/lines.js'
import type { PurchaseRow } from '../store/purchases.js'
import type { StockRow } from '../store/stock.js'

/** What an order's event tells of its row. */
type ToldOrder = Pick<
  PurchaseRow,
  | 'id'
  | 'version'
  | 'state'
  | 'member'
  | 'partner'
  | 'partner_order'
  | 'total_minor'
  | 'currency'
  | 'carrier'
  | 'waybill'
>

/** A line of which nothing was undone is as it was written. */
type ToldLine = NewLine & Partial<Pick<LineRow, 'undone' | 'back_minor'>>

/** The event of an order's newest step. */
export function orderMoved(order: ToldOrder, lines: readonly ToldLine[], at: Date): OrderMoved {
  return {
    id: `${order.id}:${order.version}`,
    kind: 'orders.moved',
    at: at.toISOString(),
    order: order.id,
    version: order.version,
    state: order.state,
    member: order.member,
    partner: order.partner,
    partnerOrder: order.partner_order,
    totalMinor: order.total_minor,
    currency: order.currency,
    carrier: order.carrier,
    waybill: order.waybill,
    lines: lines.map(movedLine),
  }
}

function movedLine(line: ToldLine): MovedLine {
  return {
    line: line.id,
    variant: line.variant,
    product: line.product,
    quantity: line.quantity,
    totalMinor: line.total_minor,
    left: line.quantity - (line.undone ?? 0),
    leftMinor: line.total_minor - (line.back_minor ?? 0),
    room: line.room,
    host: line.host,
    outlet: line.outlet,
    campaignLink: line.campaign_link,
    click: line.click,
  }
}

/** The event of a return's newest step. */
export function afterSaleMoved(row: AfterSaleRow, order: ToldOrder, at: Date): AfterSaleMoved {
  return {
    ...{ id: `${row.id}:${row.version}`, kind: 'orders.afterSaleMoved', at: at.toISOString() },
    ...{ afterSale: row.id, order: order.id, version: row.version, state: row.state, note: row.note },
    ...{ member: order.member, partner: order.partner, partnerOrder: order.partner_order },
    ...{ backMinor: row.back_minor, currency: order.currency },
  }
}

/** The event of a variant's newest list price. */
export function priceChanged(goods: GoodsRow, at: Date): PriceChanged {
  return {
    id: `${goods.variant}:price:${goods.version}`,
    kind: 'orders.priceChanged',
    at: at.toISOString(),
    variant: goods.variant,
    version: goods.version,
    listMinor: goods.list_minor,
    compareAtMinor: goods.compare_at_minor,
    currency: goods.currency,
  }
}

/** The event of a variant's newest balance. */
export function stockChanged(stock: StockRow, at: Date): StockChanged {
  return {
    id: `${stock.variant}:stock:${stock.version}`,
    kind: 'orders.stockChanged',
    at: at.toISOString(),
    variant: stock.variant,
    version: stock.version,
    available: stock.available,
  }
}

/** The event of a sale's newest state. */
export function flashSaleChanged(sale: FlashSaleRow, at: Date): FlashSaleChanged {
  return {
    id: `${sale.id}:${sale.version}`,
    kind: 'orders.flashSaleChanged',
    at: at.toISOString(),
    flashSale: sale.id,
    version: sale.version,
    state: saleRowState(sale, at),
    variant: sale.variant,
    product: sale.product,
    room: sale.room,
    priceMinor: sale.price_minor,
    currency: sale.currency,
    quota: sale.quota,
    left: leftIn(sale),
    startsAt: sale.starts_at.toISOString(),
    endsAt: sale.ends_at?.toISOString() ?? null,
  }
}

/** The state of a sale's row at a moment. */
export function saleRowState(sale: FlashSaleRow, at: Date): FlashSaleChanged['state'] {
  return saleStateAt({ ...sale, startsAt: sale.starts_at, endsAt: sale.ends_at }, at)
}

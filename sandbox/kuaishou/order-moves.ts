import { refusals } from './answers.js'
import { findOrder, findSku } from './find.js'
import { unsubsidised } from './subsidies.js'
import { nowOf, touch, type Order, type OrderStatus, type World } from './world.js'

/** What can happen to an order, and to which status it leads from which: 10 → 30 → 40 → 50 → 70, 10 → 80, 30 → 80. */
export const MOVES = {
  pay: { from: [10], to: 30, event: 'kwaishop_order_paySuccess' },
  deliver: { from: [30], to: 40, event: 'kwaishop_order_delivering' },
  sign: { from: [40], to: 50, event: 'kwaishop_order_deliverySuccess' },
  succeed: { from: [50], to: 70, event: 'kwaishop_order_orderSuccess' },
  fail: { from: [10, 30], to: 80, event: 'kwaishop_order_orderFail' },
} as const satisfies Record<string, { from: readonly OrderStatus[]; to: OrderStatus; event: string }>

/** Moves an order or refuses as the platform does, stamps the time and sends the message. */
export function move(world: World, oid: string, name: keyof typeof MOVES): Order {
  const order = findOrder(world, oid)
  const { from, to, event } = MOVES[name]
  if (!(from as readonly OrderStatus[]).includes(order.status)) throw refusals.stateForbids() // widened to ask about any status
  const was = order.status
  order.status = to
  stamp(world, order, was)
  told(world, order, event)
  return order
}

/** Says that an order is not as it was, by one of the platform's messages. */
export function told(world: World, order: Order, event: string): void {
  const updateTime = touch(world, order)
  world.tell(event, order.oid, {
    ...{ oid: BigInt(order.oid), sellerId: world.seller.sellerId, status: order.status },
    updateTime,
  })
}

function stamp(world: World, order: Order, was: OrderStatus): void {
  const now = nowOf(world)
  if (order.status === 30) order.payTime = now
  if (order.status === 40) order.sendTime = now
  if (order.status === 50) order.recvTime = now
  if (order.status !== 80) return
  const sku = findSku(world, order.skuId)
  sku.stock += order.num
  unsubsidised(world, order, sku)
  if (was === 30) {
    order.refundedFen = order.totalFen
    order.refundTime = now
  }
}

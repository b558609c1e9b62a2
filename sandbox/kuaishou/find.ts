import { refusals } from './answers.js'
import type { Item, Order, Refund, Sku, World } from './world.js'

/** An item by its number; refuses an unknown one as the platform does, like its neighbours. */
export function findItem(world: World, itemId: string): Item {
  const item = world.memory.items.find((one) => one.itemId === itemId)
  if (item === undefined) throw refusals.parameter('item not exist')
  return item
}

/** A SKU of any item. */
export function findSku(world: World, skuId: string): Sku {
  const sku = world.memory.items.flatMap((item) => item.skus).find((one) => one.skuId === skuId)
  if (sku === undefined) throw refusals.parameter('sku not exist')
  return sku
}

/** An order by its number. */
export function findOrder(world: World, oid: string): Order {
  const order = world.memory.orders.find((one) => one.oid === oid)
  if (order === undefined) throw refusals.parameter('order not exist')
  return order
}

/** A refund by its number; its refusal is of the refund family. */
export function findRefund(world: World, refundId: string): Refund {
  const refund = world.memory.refunds.find((one) => one.refundId === refundId)
  if (refund === undefined) throw refusals.refund(300011, '退款单不存在')
  return refund
}

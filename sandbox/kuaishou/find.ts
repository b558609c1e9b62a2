import { refusals } from './answers.js'
import type { Item, Order, Refund, Sku, World } from './world.js'

/** Lists that only grow, by the ids of their rows: an evening of ten thousand orders looks each up a dozen times. */
const byId = new WeakMap<readonly object[], Map<string, number>>()

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

/** Whether there is such an order. */
export function isOrder({ memory }: World, oid: string): boolean {
  return found(memory.orders, oid, (one) => one.oid) !== undefined
}

/** An order by its number. */
export function findOrder({ memory }: World, oid: string): Order {
  const order = found(memory.orders, oid, (one) => one.oid)
  if (order === undefined) throw refusals.parameter('order not exist')
  return order
}

/** A refund by its number; its refusal is of the refund family. */
export function findRefund(world: World, refundId: string): Refund {
  const refund = found(world.memory.refunds, refundId, (one) => one.refundId)
  if (refund === undefined) throw refusals.refund(300011, '退款单不存在')
  return refund
}

function found<Row extends object>(rows: readonly Row[], id: string, idOf: (row: Row) => string): Row | undefined {
  const places = byId.get(rows) ?? new Map<string, number>()
  byId.set(rows, places)
  for (const row of rows.slice(places.size)) places.set(idOf(row), places.size)
  const place = places.get(id)
  return place === undefined ? undefined : rows[place]
}

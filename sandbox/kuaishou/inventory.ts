import { refusals } from './answers.js'
import type { Param } from './read-param.js'
import type { World } from './world.js'

/** The warehouse's stock, by its own codes; apart from what the SKUs of items show. */
const stocks = new WeakMap<World, Map<string, number>>()
const adjusted = new WeakMap<World, Map<string, number>>()

/** `open.scm.inventory.update`: sets a quantity, and may answer another one ("occupied or changed meanwhile"). */
export function updateInventory(world: World, param: Param): unknown {
  const asked = param.whole('quantity', 0, 9_999_999)
  const really = world.faults.happens('quantity') ? Math.max(0, asked - 1) : asked
  shelf(world).set(shelfKey(param), really)
  return { quantity: really }
}

/** `open.scm.inventory.adjust`: 1 adds, 2 takes; done once for each `idempotentId`, and perhaps less than asked for. */
export function adjustInventory(world: World, param: Param): unknown {
  const done = mapOf(adjusted, world)
  const id = param.text('idempotentId')
  const before = done.get(id)
  if (before !== undefined) return { adjust_quantity: before }
  const key = shelfKey(param)
  const had = shelf(world).get(key) ?? 0
  const asked = param.whole('adjustQuantity', 1, 9_999_999)
  const taking = param.whole('operationType', 1, 2) === 2
  const really = taking ? Math.min(asked, had) : asked
  if (taking && really === 0) throw refusals.stockShort()
  shelf(world).set(key, had + (taking ? -really : really))
  done.set(id, really)
  return { adjust_quantity: really }
}

function shelf(world: World): Map<string, number> {
  return mapOf(stocks, world)
}

function shelfKey(param: Param): string {
  return `${param.text('wareOutCode')} ${param.text('warehouseOutCode')}`
}

function mapOf(of: WeakMap<World, Map<string, number>>, world: World): Map<string, number> {
  const known = of.get(world) ?? new Map<string, number>()
  of.set(world, known)
  return known
}

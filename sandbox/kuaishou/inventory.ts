import { refusals } from './answers.js'
import type { Param } from './read-param.js'
import { touch, type World } from './world.js'

/**
 * The warehouse's stock, by the merchant's codes. A `wareOutCode` that is the merchant's number of a SKU is what that SKU has to sell
 * (how the two hang together is our choice); others stand for themselves.
 */
const stocks = new WeakMap<World, Map<string, number>>()
const adjusted = new WeakMap<World, Map<string, number>>()

/** `open.scm.inventory.update`: sets a quantity, and may answer another one ("occupied or changed meanwhile"). */
export function updateInventory(world: World, param: Param): unknown {
  const asked = param.whole('quantity', 0, 9_999_999)
  const really = world.faults.happens('quantity') ? Math.max(0, asked - 1) : asked
  shelfOf(world, param).set(really)
  return { quantity: really }
}

/** `open.scm.inventory.adjust`: 1 adds, 2 takes; done once for each `idempotentId`, and perhaps less than asked for. */
export function adjustInventory(world: World, param: Param): unknown {
  const done = mapOf(adjusted, world)
  const id = param.text('idempotentId')
  const before = done.get(id)
  if (before !== undefined) return { adjust_quantity: before }
  const shelf = shelfOf(world, param)
  const wanted = param.whole('adjustQuantity', 1, 9_999_999)
  const asked = world.faults.happens('quantity') ? Math.max(1, wanted - 1) : wanted
  const taking = param.whole('operationType', 1, 2) === 2
  const really = taking ? Math.min(asked, shelf.had) : asked
  if (taking && really === 0) throw refusals.stockShort()
  shelf.set(shelf.had + (taking ? -really : really))
  done.set(id, really)
  return { adjust_quantity: really }
}

interface Shelf {
  readonly had: number
  set(quantity: number): void
}

function shelfOf(world: World, param: Param): Shelf {
  const [ware, warehouse] = [param.text('wareOutCode'), param.text('warehouseOutCode')]
  const item = world.memory.items.find(({ skus }) => skus.some(({ relSkuId }) => relSkuId === ware))
  const sku = item?.skus.find(({ relSkuId }) => relSkuId === ware)
  if (item !== undefined && sku !== undefined)
    return {
      had: sku.stock,
      set(quantity) {
        sku.stock = quantity
        touch(world, item)
      },
    }
  const others = mapOf(stocks, world)
  const key = `${ware} ${warehouse}`
  return { had: others.get(key) ?? 0, set: (quantity) => void others.set(key, quantity) }
}

function mapOf(of: WeakMap<World, Map<string, number>>, world: World): Map<string, number> {
  const known = of.get(world) ?? new Map<string, number>()
  of.set(world, known)
  return known
}

import { pause } from '../../platform/time/clock.js'
import type { Buyers } from './buyers.js'
import type { World } from './world.js'

/** How often somebody buys in the demo, in milliseconds: every 6 to 18 seconds. */
const BETWEEN_MS = { least: 6_000, spread: 12_000 }

/** People who buy gently: one thing, paid a moment later; some change their mind, most receive what was sent. */
export function startPeople(world: World, buyers: Buyers): () => void {
  let stopped = false
  void live()
  return () => (stopped = true)

  async function live(): Promise<void> {
    while (!stopped) {
      await pause(world.clock, BETWEEN_MS.least + world.chance.fraction() * BETWEEN_MS.spread)
      if (stopped) return
      receiveSome()
      await buySomething().catch(() => null) // a wish that could not be met is no fault of the demo
    }
  }

  async function buySomething(): Promise<void> {
    const offers = world.memory.items.filter((item) => item.onShelf).flatMap((item) => item.skus)
    const wanted = offers.filter((sku) => sku.stock > 0)[Math.floor(world.chance.fraction() * offers.length)]
    if (wanted === undefined) return
    const order = await buyers.order({ skuId: wanted.skuId, num: 1 })
    if (order === null) return
    await pause(world.clock, 1_000 + world.chance.fraction() * 2_000)
    if (world.chance.fraction() < 0.1) buyers.cancel(order.oid)
    else buyers.pay(order.oid)
  }

  function receiveSome(): void {
    const sent = world.memory.orders.find((order) => order.status === 40)
    if (sent !== undefined) buyers.receive(sent.oid)
  }
}

import { pause } from '../../platform/time/clock.js'
import type { Buyers } from './buyers.js'
import { mayAskRefund, partOf } from './refunds.js'
import type { World } from './world.js'

/** How often somebody buys in the demo, in milliseconds: every 6 to 18 seconds. */
const BETWEEN_MS = { least: 6_000, spread: 12_000 }

/** How many of those who received something want a part of the money back. */
const PART_BACK = 0.05

/** People who buy gently: one thing, paid a moment later; some change their mind, most receive what was sent. */
export function startPeople(world: World, buyers: Buyers): () => void {
  const { clock, chance } = world
  let cancel = clock.after(waitMs(), live)
  return () => cancel()

  function live(): void {
    receiveSome()
    void buySomething().catch(() => null) // a wish that could not be met is no fault of the demo
    cancel = clock.after(waitMs(), live)
  }

  function waitMs(): number {
    return BETWEEN_MS.least + chance.fraction() * BETWEEN_MS.spread
  }

  async function buySomething(): Promise<void> {
    const offers = world.memory.items.filter((item) => item.onShelf).flatMap((item) => item.skus)
    const wanted = offers.filter((sku) => sku.stock > 0)[Math.floor(chance.fraction() * offers.length)]
    if (wanted === undefined) return
    const order = await buyers.order({ skuId: wanted.skuId, num: 1 })
    if (order === null) return
    await pause(clock, 1_000 + chance.fraction() * 2_000)
    if (chance.fraction() < 0.1) buyers.cancel(order.oid)
    else buyers.pay(order.oid)
  }

  function receiveSome(): void {
    const sent = world.memory.orders.find((order) => order.status === 40)
    if (sent === undefined) return
    buyers.receive(sent.oid)
    if (mayAskRefund(world, sent) && chance.fraction() < PART_BACK)
      buyers.refund(sent.oid, { reason: '质量问题', fen: partOf(world, sent) })
  }
}

import { deliveryPromise, type DeliveryPromise, type Warehouse } from '../domain/delivery-promise.js'
import { findWarehouses } from '../store/warehouses.js'
import type { OrderQuote } from './quote-order.js'
import type { Shop } from './shop.js'

/**
 * By when what was quoted is in a region: each line from the warehouse that it would leave now, by the rule of where that stands, and the
 * slowest counts. Of a warehouse that stands nowhere in particular, any rule may hold. Null where nothing is delivered.
 */
export async function promiseDelivery(shop: Shop, quote: OrderQuote, region: string): Promise<DeliveryPromise | null> {
  const from = quote.deliversTo(region) ? quote.leavesFor(region) : null
  if (from === null) return null
  const ids = [...new Set(from)]
  const [known, at] = [await findWarehouses(shop.db, ids), shop.clock.now()]
  const promises = ids.map((id) => {
    return deliveryPromise(rulesOf(shop.terms.warehouses, known.get(id)?.region ?? null), region, at)
  })
  return promises.includes(null) ? null : slowest(promises)
}

function rulesOf(rules: readonly Warehouse[], region: string | null): readonly Warehouse[] {
  const own = rules.filter((rule) => rule.region === region?.slice(0, 6))
  return own.length === 0 ? rules : own
}

function slowest(promises: readonly (DeliveryPromise | null)[]): DeliveryPromise | null {
  return promises.reduce<DeliveryPromise | null>((one, other) => {
    return one !== null && other !== null && other.arrivesBy > one.arrivesBy ? other : (one ?? other)
  }, null)
}

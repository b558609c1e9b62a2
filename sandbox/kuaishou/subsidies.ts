import type { Order, Sku, World } from './world.js'

/**
 * What the platform takes off so many pieces at its own cost: nothing once its money does not last for all of them. How a merchant and the
 * platform agree on that is not public; here the platform is told by `subsidise`.
 */
export function subsidised({ memory }: World, { relSkuId, priceFen }: Sku, num: number): number {
  const subsidy = memory.subsidies.find((one) => one.relSkuId === relSkuId)
  const fen = Math.min(subsidy?.fen ?? 0, priceFen - 1) * num
  if (subsidy === undefined || fen > subsidy.leftFen) return 0
  subsidy.leftFen -= fen
  return fen
}

/** The money of an order that failed is there for others. */
export function unsubsidised({ memory }: World, order: Order, { relSkuId }: Sku): void {
  const subsidy = memory.subsidies.find((one) => one.relSkuId === relSkuId)
  if (subsidy !== undefined) subsidy.leftFen += order.discountFen ?? 0
}

/** From now on the platform takes so much off each piece of a SKU, so long as its money lasts; nothing ends it. */
export function subsidise({ memory }: World, asked: { relSkuId: string; fen: number; budgetFen: number }): void {
  const { relSkuId, fen, budgetFen } = asked
  const others = memory.subsidies.filter((one) => one.relSkuId !== relSkuId)
  memory.subsidies = fen === 0 ? others : [...others, { relSkuId, fen, leftFen: budgetFen }]
}

import type { FlashSaleChanged, OrderMoved, StockChanged } from '../../../schema/events/orders.js'
import type { Fact, Goods, SaleFact } from './live-event.js'

/** Keeps what is newer than all that came before of the same key: an older version may be told after a newer one. */
export class Newest {
  readonly #known: Map<string, number>
  readonly #moved = new Map<string, number>()

  constructor(known: ReadonlyMap<string, number>) {
    this.#known = new Map(known)
  }

  takes(key: string, version: number): boolean {
    if (version <= (this.#known.get(key) ?? -1)) return false
    this.#known.set(key, version)
    this.#moved.set(key, version)
    return true
  }

  /** The keys that moved, with the newest version of each. */
  get moved(): ReadonlyMap<string, number> {
    return this.#moved
  }
}

/** What a room's viewers are told when stock moves. */
export function stockMoved(event: StockChanged, goods: Goods): Fact {
  return { kind: 'StockMoved', variant: goods.variant, product: goods.product, available: event.available }
}

/** What a room's viewers are told of a flash sale. */
export function saleMoved(event: FlashSaleChanged): SaleFact {
  return {
    kind: 'FlashSaleMoved',
    variant: event.variant,
    product: event.product,
    flashSale: event.flashSale,
    saleState: event.state,
    price: { amountMinor: event.priceMinor, currency: event.currency },
    quota: event.quota,
    left: event.left,
    startsAt: event.startsAt,
    endsAt: event.endsAt,
  }
}

/** What each room's viewers are told of a paid order: what was bought through that room, and nothing of who bought it. */
export function orderSeen(event: OrderMoved): ReadonlyMap<string, Fact> {
  if (event.state !== 'PAID') return new Map()
  const byRoom = new Map<string, (Goods & { readonly quantity: number })[]>()
  for (const { room, variant, product, quantity } of event.lines)
    if (room !== null) byRoom.set(room, [...(byRoom.get(room) ?? []), { variant, product, quantity }])
  return new Map([...byRoom].map(([room, lines]) => [room, { kind: 'OrderSeen', lines }]))
}

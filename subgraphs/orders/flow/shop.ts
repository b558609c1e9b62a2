import type { Bus } from '../../../platform/bus/bus.js'
import type { Database } from '../../../platform/db/database.js'
import type { Observer } from '../../../platform/observe/observer.js'
import type { Chance } from '../../../platform/time/chance.js'
import type { Clock } from '../../../platform/time/clock.js'
import type { CommissionRates } from '../domain/accounts.js'
import type { Warehouse } from '../domain/delivery-promise.js'
import type { BackRule } from '../domain/means.js'
import type { PaymentProvider } from '../payment/provider.js'
import type { DatabaseClock } from '../store/database-clock.js'

/** How long things last here. */
export interface Terms {
  /** How long an unpaid order holds its pieces. */
  readonly reserveMs: number
  /** The same for a partner's order, whose buyer pays over there. */
  readonly partnerReserveMs: number
  /** How much longer an order holds them while its payment is under way. */
  readonly payingGraceMs: number
  /** After how long the provider is asked what became of a payment it has not told of. */
  readonly askAfterMs: number
  /** How long a piece that came back is kept for who waited for it. */
  readonly offerMs: number
  /** What hosts, influencers and partners earn by a sale. */
  readonly commissions: CommissionRates
  /** By which rule money goes back when an order was paid in two ways. */
  readonly backBy: BackRule
  /** Where parcels leave, and where they go. */
  readonly warehouses: readonly Warehouse[]
  /** How many days after its end an order forgets where its parcel went. */
  readonly personalDays: number
}

/** What every deed of this subgraph works with. */
export interface Shop {
  readonly db: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly chance: Chance
  readonly observer: Observer
  readonly provider: PaymentProvider
  /** Decides when reservations and sales begin and end. */
  readonly databaseClock: DatabaseClock
  readonly terms: Terms
  /** With which bucket of divided sales this process begins; none: the first. */
  readonly lane?: number
  /** Called after a commit that wrote events. */
  readonly wakeRelay: () => void
}

/** Tells, after the commit, that orders moved: the outbox is to be read, and whoever watches one of them is to look. */
export function announce(shop: Shop, moved: readonly { readonly id: string; readonly version: number }[]): void {
  shop.wakeRelay()
  for (const order of moved) shop.bus.signal(orderChannel(order.id), String(order.version))
}

/** The channel on which an order's steps are signalled. */
export function orderChannel(order: string): string {
  return `orders.${order}`
}

/** A new key for an id. */
export function newKey(shop: Shop): string {
  return shop.chance.uuid().replaceAll('-', '')
}

/** A moment some milliseconds from another. */
export function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms)
}

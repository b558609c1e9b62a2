import type { FlashSaleState } from '../../../schema/events/orders.js'

/** What the state of a flash sale depends on. */
export interface SaleFacts {
  readonly startsAt: Date
  readonly endsAt: Date | null
  readonly closed: boolean
  readonly quota: number
  /** Pieces that orders hold or have bought. */
  readonly held: number
  readonly sold: number
  /** Pieces given back to the free stock at or after the closing. */
  readonly returned: number
}

/** Pieces of the quota that nobody holds. */
export function leftIn(sale: Pick<SaleFacts, 'quota' | 'held' | 'sold' | 'returned'>): number {
  return sale.quota - sale.held - sale.sold - sale.returned
}

/** The state at a moment (the database's), as everyone is to see it. */
export function saleStateAt(sale: SaleFacts, at: Date): FlashSaleState {
  if (sale.closed || (sale.endsAt !== null && at >= sale.endsAt)) return 'CLOSED'
  if (at < sale.startsAt) return 'SCHEDULED'
  return leftIn(sale) > 0 ? 'OPEN' : 'SOLD_OUT'
}

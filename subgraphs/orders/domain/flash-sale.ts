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
  /** How many wait for a piece, and how many pieces are set aside for the first of them. */
  readonly waiting: number
  readonly aside: number
}

type Counters = Pick<SaleFacts, 'quota' | 'held' | 'sold' | 'returned' | 'waiting' | 'aside'>

/** Pieces of the quota that nobody holds, also those set aside. */
export function unheld(sale: Counters): number {
  return sale.quota - sale.held - sale.sold - sale.returned
}

/** Pieces that whoever comes may have: none while somebody waits, so that nobody goes before him. */
export function leftIn(sale: Counters): number {
  return sale.waiting > 0 ? 0 : unheld(sale) - sale.aside
}

/** The state at a moment (the database's), as everyone is to see it. */
export function saleStateAt(sale: SaleFacts, at: Date): FlashSaleState {
  if (sale.closed || (sale.endsAt !== null && at >= sale.endsAt)) return 'CLOSED'
  if (at < sale.startsAt) return 'SCHEDULED'
  return leftIn(sale) > 0 ? 'OPEN' : 'SOLD_OUT'
}

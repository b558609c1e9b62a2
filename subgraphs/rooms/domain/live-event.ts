import type { RoomState } from '../../../schema/events/rooms.js'
import type { Money } from '../../../schema/money.js'

/** A variant and the product it belongs to, by their ids. */
export interface Goods {
  readonly variant: string
  readonly product: string
}

/** The states of a flash sale, as orders tell them. */
export const SALE_STATES = ['SCHEDULED', 'OPEN', 'SOLD_OUT', 'CLOSED'] as const
export type SaleState = (typeof SALE_STATES)[number]

export interface CommentFact {
  readonly kind: 'CommentPosted'
  readonly comment: string
  readonly member: string
  readonly text: string
  readonly offsetMs: number | null
  /** False for one that the room's rate leaves out of what is shown; the record has it all the same. */
  readonly shown: boolean
}

export interface SaleFact extends Goods {
  readonly kind: 'FlashSaleMoved'
  readonly flashSale: string
  readonly saleState: SaleState
  readonly price: Money
  readonly quota: number
  readonly left: number
  readonly startsAt: string | null
  readonly endsAt: string | null
}

/** What a room's log keeps: one body per kind, never changed once it is written. No buyer is in any of them. */
export type Fact =
  | CommentFact
  | SaleFact
  | (Goods & { readonly kind: 'ProductShelved'; readonly position: number; readonly roomPrice: Money | null })
  | (Goods & { readonly kind: 'ProductUnshelved' })
  | { readonly kind: 'TalkingPointSet'; readonly variant: string | null; readonly product: string | null }
  | (Goods & { readonly kind: 'RoomPriceSet'; readonly roomPrice: Money | null })
  | (Goods & { readonly kind: 'StockMoved'; readonly available: number })
  | { readonly kind: 'OrderSeen'; readonly lines: readonly (Goods & { readonly quantity: number })[] }
  | { readonly kind: 'DrawOpened'; readonly draw: string; readonly prize: string; readonly commitment: string }
  | {
      readonly kind: 'DrawClosed'
      readonly draw: string
      readonly root: string
      readonly seed: string
      readonly winners: readonly string[]
    }
  | { readonly kind: 'RoomStateChanged'; readonly room: string; readonly state: RoomState }

/** A fact with its place in the room's log. */
export interface Logged {
  readonly seq: number
  readonly at: Date
  readonly fact: Fact
}

/** Figures of this moment: sent to whoever listens, not kept in the log, without a cursor. */
export type Figure =
  | { readonly kind: 'LikesCounted'; readonly likes: number }
  | { readonly kind: 'ViewersCounted'; readonly concurrent: number; readonly unique: number }

/** Events that are no longer held, or a cursor that never was: the reader starts from a fresh snapshot. */
export interface Gap {
  readonly kind: 'Gap'
  /** The first and the last number that are missing; null when the cursor was never one of this room. */
  readonly from: number | null
  readonly to: number | null
}

/** What a viewer hears: a fact of the log with its cursor, a figure without one, or a gap with the cursor to go on from. */
export interface LiveEvent {
  readonly __typename: (Fact | Figure | Gap)['kind']
  readonly cursor: string | null
  readonly at: Date
  readonly told: Fact | Figure | Gap
}

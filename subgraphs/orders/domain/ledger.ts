import type { StockEffect } from './moves.js'
import { MAIN, NOTHING, plus, type Balance } from './warehouses.js'

/** What is to be added to a variant's balance in a warehouse; numbers may be negative. */
export interface StockChange extends Balance {
  readonly variant: string
  readonly warehouse: string
}

/** Why a balance changed. `hold`, `release`, `sell`, `takeBack` belong to an order's line, and `damage` to what of it cannot be sold again; each happens to a part of it at most once. */
export type MovementKind = 'feed' | 'count' | 'allot' | 'return' | 'hold' | 'damage' | StockEffect

/** One movement: what it adds to the balance, and for what. */
export interface Movement extends StockChange {
  readonly kind: MovementKind
  /** Pieces concerned; a line of a flash sale may move pieces without changing the balance. */
  readonly quantity: number
  readonly flashSale: string | null
  readonly line: string | null
  /** How many pieces of the line had come back before: which part of it this is. */
  readonly part: number
  readonly reason: string | null
}

/** What is to be added to a sale's counters. */
export interface SaleChange {
  readonly held: number
  readonly sold: number
  readonly returned: number
  /** Who came to wait or waits no longer, and pieces set aside or no longer so. */
  readonly waiting?: number
  readonly aside?: number
  /** Quota that comes to a bucket of a divided sale from others, or goes there. */
  readonly quota?: number
}

/** An order's line, as far as stock is concerned. */
export interface StockedLine {
  readonly id: string
  readonly variant: string
  /** Where they lie, and come back to. */
  readonly warehouse: string
  /** Pieces that move. */
  readonly quantity: number
  readonly flashSale: string | null
  /** Pieces that came back before. */
  readonly returned?: number
}

/** A movement that belongs to no line: pieces came, were counted, were put into a sale or came out of it. */
export function plainMovement(
  kind: MovementKind,
  change: Balance & { readonly variant: string; readonly warehouse?: string },
  why: { readonly flashSale?: string; readonly reason?: string } = {},
): Movement {
  const quantity = Math.abs(change.onHand) + Math.abs(change.reserved) + Math.abs(change.sold)
  return {
    warehouse: MAIN,
    ...change,
    kind,
    quantity,
    flashSale: why.flashSale ?? null,
    line: null,
    part: 0,
    reason: why.reason ?? null,
  }
}

/** What happens to the balance when a line's pieces are held, sold, given up or taken back. `saleClosed` matters to a line of a sale only. */
export function lineMovement(kind: 'hold' | StockEffect, line: StockedLine, saleClosed: boolean): Movement {
  const inSale = line.flashSale !== null
  const { reserved, sold } = UNITS[inSale ? (saleClosed ? 'closedSale' : 'openSale') : 'free'][kind]
  return {
    kind,
    variant: line.variant,
    warehouse: line.warehouse,
    quantity: line.quantity,
    onHand: 0,
    reserved: reserved * line.quantity,
    sold: sold * line.quantity,
    flashSale: line.flashSale,
    line: line.id,
    part: line.returned ?? 0,
    reason: null,
  }
}

/** Pieces of a line that came back and cannot be sold again: they are on hand no longer. */
export function damageMovement(line: StockedLine, reason: string | null): Movement {
  const { id, variant, warehouse, quantity, flashSale, returned } = line
  const change = { variant, warehouse, onHand: -quantity, reserved: 0, sold: 0 }
  return { ...change, kind: 'damage', quantity, flashSale, line: id, part: returned ?? 0, reason }
}

/**
 * What one piece does to its variant's balance. A sale's unsold quota is already reserved, so holding from it changes nothing
 * and giving up goes back into the sale; once the sale is closed, pieces go back to the free stock.
 */
const UNITS = {
  free: {
    hold: { reserved: 1, sold: 0 },
    sell: { reserved: -1, sold: 1 },
    release: { reserved: -1, sold: 0 },
    takeBack: { reserved: 0, sold: -1 },
  },
  openSale: {
    hold: { reserved: 0, sold: 0 },
    sell: { reserved: -1, sold: 1 },
    release: { reserved: 0, sold: 0 },
    takeBack: { reserved: 1, sold: -1 },
  },
  closedSale: {
    hold: { reserved: 0, sold: 0 },
    sell: { reserved: -1, sold: 1 },
    release: { reserved: -1, sold: 0 },
    takeBack: { reserved: 0, sold: -1 },
  },
} as const

/** What the same does to the sale's counters. */
export function saleChange(kind: 'hold' | StockEffect, quantity: number, saleClosed: boolean): SaleChange {
  const returned = saleClosed ? quantity : 0
  switch (kind) {
    case 'hold':
      return { held: quantity, sold: 0, returned: 0 }
    case 'sell':
      return { held: -quantity, sold: quantity, returned: 0 }
    case 'release':
      return { held: -quantity, sold: 0, returned }
    case 'takeBack':
      return { held: 0, sold: -quantity, returned }
  }
}

/** What some movements do to a variant's balance, all together and in each warehouse. */
export interface BalanceChange extends Balance {
  readonly variant: string
  readonly places: ReadonlyMap<string, Balance>
}

/** Adds up what movements do to each variant's balance; what ends where it began is left out. */
export function balanceChanges(movements: readonly Movement[]): readonly BalanceChange[] {
  const sums = new Map<string, Map<string, Balance>>()
  for (const movement of movements) {
    const places = sums.get(movement.variant) ?? new Map<string, Balance>()
    if (places.size === 0) sums.set(movement.variant, places)
    places.set(movement.warehouse, plus(places.get(movement.warehouse) ?? NOTHING, movement))
  }
  return [...sums].flatMap(([variant, places]) => {
    const moved = [...places].filter(([, { onHand, reserved, sold }]) => onHand !== 0 || reserved !== 0 || sold !== 0)
    if (moved.length === 0) return []
    return [{ variant, ...moved.map(([, change]) => change).reduce(plus, NOTHING), places: new Map(moved) }]
  })
}

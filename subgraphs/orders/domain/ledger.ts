import type { StockEffect } from './moves.js'

/** What is to be added to a variant's balance; numbers may be negative. */
export interface StockChange {
  readonly variant: string
  readonly onHand: number
  readonly reserved: number
  readonly sold: number
}

/** Why a balance changed. `hold`, `release`, `sell`, `takeBack` belong to an order's line and happen to it at most once. */
export type MovementKind = 'feed' | 'count' | 'allot' | 'return' | 'hold' | StockEffect

/** One movement: what it adds to the balance, and for what. */
export interface Movement extends StockChange {
  readonly kind: MovementKind
  /** Pieces concerned; a line of a flash sale may move pieces without changing the balance. */
  readonly quantity: number
  readonly flashSale: string | null
  readonly line: string | null
  readonly reason: string | null
}

/** What is to be added to a sale's counters. */
export interface SaleChange {
  readonly held: number
  readonly sold: number
  readonly returned: number
}

/** An order's line, as far as stock is concerned. */
export interface StockedLine {
  readonly id: string
  readonly variant: string
  readonly quantity: number
  readonly flashSale: string | null
}

/** A movement that belongs to no line: pieces came, were counted, were put into a sale or came out of it. */
export function plainMovement(
  kind: MovementKind,
  change: StockChange,
  why: { readonly flashSale?: string; readonly reason?: string } = {},
): Movement {
  const quantity = Math.abs(change.onHand) + Math.abs(change.reserved) + Math.abs(change.sold)
  return { ...change, kind, quantity, flashSale: why.flashSale ?? null, line: null, reason: why.reason ?? null }
}

/** What happens to the balance when a line's pieces are held, sold, given up or taken back. `saleClosed` matters to a line of a sale only. */
export function lineMovement(kind: 'hold' | StockEffect, line: StockedLine, saleClosed: boolean): Movement {
  const inSale = line.flashSale !== null
  const { reserved, sold } = UNITS[inSale ? (saleClosed ? 'closedSale' : 'openSale') : 'free'][kind]
  return {
    kind,
    variant: line.variant,
    quantity: line.quantity,
    onHand: 0,
    reserved: reserved * line.quantity,
    sold: sold * line.quantity,
    flashSale: line.flashSale,
    line: line.id,
    reason: null,
  }
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

/** Adds up what movements do to each variant's balance; variants that end where they began are left out. */
export function balanceChanges(movements: readonly Movement[]): readonly StockChange[] {
  const sums = new Map<string, StockChange>()
  for (const { variant, onHand, reserved, sold } of movements) {
    const sum = sums.get(variant) ?? { variant, onHand: 0, reserved: 0, sold: 0 }
    sums.set(variant, {
      variant,
      onHand: sum.onHand + onHand,
      reserved: sum.reserved + reserved,
      sold: sum.sold + sold,
    })
  }
  return [...sums.values()].filter((sum) => sum.onHand !== 0 || sum.reserved !== 0 || sum.sold !== 0)
}

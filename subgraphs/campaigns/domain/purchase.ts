import type { OrderMoved, OrderState } from '../../../schema/events/orders.js'

/** Whether an order in this state is a purchase that counts. */
export const COUNTS: Readonly<Record<OrderState, boolean>> = {
  RESERVED: false,
  PAYING: false,
  PAID: true,
  SHIPPED: true,
  COMPLETED: true,
  CANCELLED: false,
  EXPIRED: false,
  REFUNDED: false,
  DEPOSIT_DUE: false,
  DEPOSIT_PAYING: false,
  DEPOSIT_PAID: false,
  BALANCE_PAYING: false,
  FORFEITED: false,
}

/** What is known of one order line that came with a click, whatever of its order's events were heard so far. */
export interface Purchase {
  readonly line: string
  readonly order: string
  readonly product: string
  /** Null for a partner's order. */
  readonly buyer: string | null
  /** The click that the buyer's order named. */
  readonly click: string
  readonly version: number
  readonly state: OrderState
  readonly placedAt: Date
  /** When it was first heard to count; null as long as it has not been. */
  readonly paidAt: Date | null
}

/** The lines of an order that came with a click; one of which nothing is bought any more is as one that was refunded. */
export function purchasesOf(moved: OrderMoved): readonly Purchase[] {
  const at = new Date(moved.at)
  return moved.lines.flatMap(({ line, product, click, left }) =>
    click === null
      ? []
      : {
          line,
          order: moved.order,
          product,
          buyer: moved.member,
          click,
          version: moved.version,
          state: left === 0 && COUNTS[moved.state] ? 'REFUNDED' : moved.state,
          placedAt: at,
          paidAt: COUNTS[moved.state] ? at : null,
        },
  )
}

/**
 * Two things known of one line into one: the state of the newer version, the earliest times. The same for any order of
 * arrival and any number of repeats, so that a score does not depend on the bus.
 */
export function merged(left: Purchase, right: Purchase): Purchase {
  const newest = right.version > left.version ? right : left
  return { ...newest, placedAt: earliest(left.placedAt, right.placedAt), paidAt: earliestPaid(left, right) }
}

/** One purchase for each line. */
export function folded(purchases: readonly Purchase[]): readonly Purchase[] {
  const byLine = new Map<string, Purchase>()
  for (const purchase of purchases) {
    const known = byLine.get(purchase.line)
    byLine.set(purchase.line, known === undefined ? purchase : merged(known, purchase))
  }
  return [...byLine.values()]
}

function earliestPaid({ paidAt: left }: Purchase, { paidAt: right }: Purchase): Date | null {
  if (left === null || right === null) return left ?? right
  return earliest(left, right)
}

function earliest(left: Date, right: Date): Date {
  return left <= right ? left : right
}

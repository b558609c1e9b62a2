import type { OrderState } from '../../../schema/events/orders.js'

/** How an order ended, in words that both sides have. */
export const BOOKED_ENDS = ['open', 'sold', 'gone'] as const
export type BookedEnd = (typeof BOOKED_ENDS)[number]

/** How an order of ours ended, by its state. */
export const ENDS: Readonly<Record<OrderState, BookedEnd>> = {
  ...{ RESERVED: 'open', PAYING: 'open', PAID: 'open', SHIPPED: 'open' },
  ...{ COMPLETED: 'sold', CANCELLED: 'gone', EXPIRED: 'gone', REFUNDED: 'gone' },
  ...{ DEPOSIT_DUE: 'open', DEPOSIT_PAYING: 'open', DEPOSIT_PAID: 'open', BALANCE_PAYING: 'open', FORFEITED: 'gone' },
}

/** One order in one side's books. What is null cannot be said yet (a partner still calculates), and is not compared. */
export interface Booked {
  readonly order: string
  readonly end: BookedEnd
  readonly paidMinor: number
  readonly refundedMinor: number
  readonly commissionMinor: number | null
  readonly subsidyMinor: number | null
}

/** What of an order two books can say differently. */
export const COMPARED = [
  ...(['MISSING_HERE', 'MISSING_THERE', 'DOUBLED'] as const),
  ...(['STATE', 'PAID', 'REFUNDED', 'COMMISSION', 'SUBSIDY'] as const),
] as const
export type Compared = (typeof COMPARED)[number]

/** One line on which the books differ; both values as text, fen or words. */
export interface Difference {
  readonly order: string
  readonly what: Compared
  readonly ours: string
  readonly theirs: string
}

/** What two books of a day came to. */
export interface Agreement {
  readonly orders: number
  /** Of whom one side could not say everything yet. */
  readonly undecided: number
  readonly oursMinor: number
  readonly theirsMinor: number
  readonly differences: readonly Difference[]
}

/** Both sides' books of a day, line by line. An order that ended without money is as good as one that never was. */
export function compareBooks(ours: readonly Booked[], theirs: readonly Booked[]): Agreement {
  const [here, there] = [byOrder(ours), byOrder(theirs)]
  const orders = [...new Set([...here.keys(), ...there.keys()])].sort()
  return {
    orders: orders.length,
    undecided: [...ours, ...theirs].filter((it) => it.commissionMinor === null || it.subsidyMinor === null).length,
    oursMinor: kept(ours),
    theirsMinor: kept(theirs),
    differences: orders.flatMap((order) => compareLines(order, here.get(order) ?? [], there.get(order) ?? [])),
  }
}

/** What stands more than once in a book is said to be doubled, and nothing else: none of its lines is the right one. */
function compareLines(order: string, ours: readonly Booked[], theirs: readonly Booked[]): readonly Difference[] {
  if (ours.length <= 1 && theirs.length <= 1) return compareOrder(order, ours[0] ?? null, theirs[0] ?? null)
  return [{ order, what: 'DOUBLED', ours: String(ours.length), theirs: String(theirs.length) }]
}

function compareOrder(order: string, ours: Booked | null, theirs: Booked | null): readonly Difference[] {
  if (ours === null || theirs === null) {
    const only = ours ?? theirs
    if (only === null || isNothing(only)) return []
    const said = `${only.end} ${only.paidMinor - only.refundedMinor}`
    return ours === null
      ? [{ order, what: 'MISSING_HERE', ours: '', theirs: said }]
      : [{ order, what: 'MISSING_THERE', ours: said, theirs: '' }]
  }
  const lines: readonly (readonly [Compared, string | number | null, string | number | null])[] = [
    ['STATE', ours.end, theirs.end],
    ['PAID', paidFor(ours), paidFor(theirs)],
    ['REFUNDED', refundedOf(ours), refundedOf(theirs)],
    ['COMMISSION', ours.commissionMinor, theirs.commissionMinor],
    ['SUBSIDY', ours.subsidyMinor, theirs.subsidyMinor],
  ]
  return lines
    .filter(([, a, b]) => a !== null && b !== null && a !== b)
    .map(([what, a, b]) => ({ order, what, ours: String(a), theirs: String(b) }))
}

/** Money that came and went again before the other side had booked it is no difference: what is kept counts. */
function paidFor(it: Booked): number {
  return isNothing(it) ? 0 : it.paidMinor
}

function refundedOf(it: Booked): number {
  return isNothing(it) ? 0 : it.refundedMinor
}

function isNothing({ end, paidMinor, refundedMinor }: Booked): boolean {
  return end === 'gone' && paidMinor === refundedMinor
}

function kept(books: readonly Booked[]): number {
  return books.reduce((sum, it) => sum + it.paidMinor - it.refundedMinor, 0)
}

function byOrder(books: readonly Booked[]): ReadonlyMap<string, readonly Booked[]> {
  const lines = new Map<string, Booked[]>()
  for (const it of books) {
    const known = lines.get(it.order)
    if (known === undefined) lines.set(it.order, [it])
    else known.push(it)
  }
  return lines
}

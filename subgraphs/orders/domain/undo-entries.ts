import type { Money } from '../../../schema/money.js'
import type { Entry, EntryKind } from './accounts.js'
import type { Part } from './parts.js'

/** What an order has moved between a line's seller and somebody else, less what went back already. */
export interface Moved {
  readonly kind: EntryKind
  readonly line: string
  readonly seller: string
  /** Who gave or got it: a bearer or an earner; for a sale whoever paid, whom a return does not look at. */
  readonly other: string
  /** What the seller has of it; below zero what he gave. */
  readonly sellerMinor: number
  readonly currency: string
  readonly rateBp: number | null
  readonly session: string | null
}

/** Kinds of entries that a return takes back. */
const UNDONE: ReadonlySet<EntryKind> = new Set([
  'SALE',
  'SUBSIDY',
  'HOST_COMMISSION',
  'INFLUENCER_COMMISSION',
  'PARTNER_COMMISSION',
])

/** All that was entered for an order -> what each line still moves, by kind and counterpart. */
export function stillMoved(entries: readonly Entry[]): readonly Moved[] {
  const sums = new Map<string, Moved>()
  for (const entry of entries) {
    const moved = movedBy(entry)
    if (moved === null) continue
    const key = JSON.stringify([moved.line, moved.kind, moved.other, moved.session])
    const sum = sums.get(key)
    sums.set(key, sum === undefined ? moved : { ...sum, sellerMinor: sum.sellerMinor + moved.sellerMinor })
  }
  return [...sums.values()].filter(({ sellerMinor }) => sellerMinor !== 0)
}

function movedBy({ kind, line, debit, credit, amount, rateBp, session = null }: Entry): Moved | null {
  if (line === null || !UNDONE.has(kind)) return null
  const isCredited = credit.startsWith('seller:')
  const seller = isCredited ? credit : debit
  const other = kind === 'SALE' ? 'buyer' : isCredited ? debit : credit
  const sellerMinor = isCredited ? amount.amountMinor : -amount.amountMinor
  return { kind, line, seller, other, sellerMinor, currency: amount.currency, rateBp, session }
}

/**
 * What parts of an order take back: of every sale, subsidy and commission of the line the same part. An amount that is given back
 * for goods that stay bought is the seller's own, so that subsidies stand; commissions follow what the buyer has paid in the end.
 */
export function undoEntries(
  moved: readonly Moved[],
  { parts, paidBackTo }: { readonly parts: readonly Part[]; readonly paidBackTo: string },
): readonly Entry[] {
  const byLine = new Map(parts.map((part) => [part.line, part]))
  return moved.flatMap((one) => {
    const part = byLine.get(one.line)
    if (part === undefined || (part.pieces === 0 && one.kind === 'SUBSIDY')) return []
    const amountMinor = part.share(Math.abs(one.sellerMinor))
    return amountMinor === 0 ? [] : [goingBack(one, { amountMinor, currency: one.currency }, paidBackTo)]
  })
}

function goingBack(
  { kind, line, seller, other, sellerMinor, rateBp, session }: Moved,
  amount: Money,
  paidBackTo: string,
) {
  const counterpart = kind === 'SALE' ? paidBackTo : other
  const [debit, credit] = sellerMinor > 0 ? [seller, counterpart] : [counterpart, seller]
  return { kind, debit, credit, amount, line, rateBp, session }
}

import { inProportion } from './parts.js'

/** By which rule money goes back when an order was paid in two ways. */
export const BACK_RULES = ['IN_PROPORTION', 'E_CARD_FIRST', 'E_CARD_LAST'] as const
export type BackRule = (typeof BACK_RULES)[number]

/** How an order was paid: from the e-card, and the rest by the provider. The rule was named when it was. */
export interface Means {
  readonly eCardMinor: number
  readonly providerMinor: number
  readonly rule: BackRule
}

/** What went back before, and how much of it to the e-card; and what goes back now. */
export interface Back {
  readonly beforeMinor: number
  readonly beforeToECard: number
  readonly nowMinor: number
}

/**
 * How much of what goes back now goes to the e-card. Whatever the parts, each way ends with exactly what was paid by it, also when more was
 * paid in between (for dearer goods in exchange).
 */
export function backToECard(means: Means, { beforeMinor, beforeToECard, nowMinor }: Back): number {
  const { eCardMinor, providerMinor } = means
  const wanted = eCardOf(means, beforeMinor + nowMinor) - beforeToECard
  const byProviderAtMost = providerMinor - (beforeMinor - beforeToECard)
  const most = Math.min(nowMinor, eCardMinor - beforeToECard)
  return Math.max(0, nowMinor - byProviderAtMost, Math.min(most, wanted))
}

/** What a charge took, and what of it went back before. */
export interface ChargeLeft {
  readonly minor: number
  readonly backMinor: number
}

/**
 * What goes back now, by the charges that took it: the first gives back until nothing of it is left, then the next. Whatever the parts, each
 * ends with exactly what it took. Give the charge that was made last first: the balance of a pre-sale before its deposit.
 */
export function backToCharges(charges: readonly ChargeLeft[], nowMinor: number): readonly number[] {
  let open = nowMinor
  const parts = charges.map(({ minor, backMinor }) => {
    const part = Math.min(open, minor - backMinor)
    open -= part
    return part
  })
  if (open > 0) throw new Error(`${open} more would go back than was paid`)
  return parts
}

/** Of the first so much that goes back, what is the e-card's: it never falls, and never grows faster than what goes back. */
function eCardOf({ eCardMinor, providerMinor, rule }: Means, backMinor: number): number {
  switch (rule) {
    case 'IN_PROPORTION':
      return inProportion(eCardMinor, backMinor, eCardMinor + providerMinor)
    case 'E_CARD_FIRST':
      return Math.min(eCardMinor, backMinor)
    case 'E_CARD_LAST':
      return Math.max(0, backMinor - providerMinor)
  }
}

/** The names of the rules; the one that decided is written beside each line. */
export const RULES = ['LAST_CLICK', 'SELF_PURCHASE'] as const

/** LAST_CLICK gives the purchase to a link; SELF_PURCHASE finds the link too, but it is the buyer's own and never counts. */
export type Rule = (typeof RULES)[number]

/** A click that may be a purchase's. */
export interface Candidate {
  readonly click: string
  readonly visitor: string
  readonly product: string
  readonly influencer: string
  readonly at: Date
  readonly bot: boolean
}

/** A campaign's bounds in time. */
export interface Bounds {
  readonly opensAt: Date
  readonly closesAt: Date
  readonly windowHours: number
}

/** A purchase, as far as it matters for whose it is. */
export interface Sale {
  readonly visitor: string
  readonly product: string
  readonly buyer: string | null
  readonly placedAt: Date
}

/** The rule in plain words of code; the store asks the same of the database, and a test compares the two. */
export function lastClick(clicks: readonly Candidate[], sale: Sale, bounds: Bounds): Candidate | null {
  if (sale.placedAt < bounds.opensAt || sale.placedAt >= bounds.closesAt) return null
  const since = Math.max(bounds.opensAt.getTime(), sale.placedAt.getTime() - bounds.windowHours * 3_600_000)
  const fitting = clicks.filter(
    (click) =>
      !click.bot &&
      click.visitor === sale.visitor &&
      click.product === sale.product &&
      click.at.getTime() >= since &&
      click.at <= sale.placedAt,
  )
  return fitting.sort(latestFirst)[0] ?? null
}

/** By which rule a purchase goes to an influencer's link. */
export function ruleFor(buyer: string | null, influencer: string): Rule {
  return buyer === influencer ? 'SELF_PURCHASE' : 'LAST_CLICK'
}

function latestFirst(left: Candidate, right: Candidate): number {
  const later = right.at.getTime() - left.at.getTime()
  if (later !== 0) return later
  return left.click < right.click ? 1 : -1
}

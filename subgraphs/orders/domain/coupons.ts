import { inOrder, reduced, stacksOn, type CouponKind, type OfferKind, type Reduction, type Share } from './offers.js'
import { splitByWeight, splitWithin } from './split.js'

/** A coupon that a buyer lays on an order. */
export interface CouponFacts {
  /** A `Coupon:…` id. */
  readonly id: string
  readonly kind: CouponKind
  readonly label: string
  /** Whose goods it is for; null: everybody's. */
  readonly seller: string | null
  readonly currency: string
  /** What the goods it is for must come to. */
  readonly fromMinor: number
  readonly reduction: Reduction
  /** The most that it takes off; null: no limit. */
  readonly mostMinor: number | null
  readonly shares: readonly Share[]
  /** Why it cannot be used; null when it can. */
  readonly barred: string | null
}

/** A line as far as coupons are concerned. */
export interface CouponLine {
  readonly seller: string
  readonly currency: string
  readonly totalMinor: number
  /** What the line may not go below. */
  readonly floorMinor: number
  readonly applied: readonly OfferKind[]
}

/** What one bearer pays of one coupon on one line. */
export interface CouponPart {
  readonly coupon: string
  readonly kind: CouponKind
  readonly label: string
  readonly bearer: string
  readonly amountMinor: number
}

/** What a coupon did to an order. */
export interface CouponOutcome {
  readonly coupon: CouponFacts
  readonly reducedMinor: number
  /** Why it took nothing off; null when it did. */
  readonly why: string | null
}

/** Coupons laid on lines: for each line what was taken off by whom, for each coupon what became of it. */
export interface CouponsLaid {
  readonly parts: readonly (readonly CouponPart[])[]
  readonly outcomes: readonly CouponOutcome[]
}

/**
 * Sellers' coupons first, each on its seller's goods, then the platform's on what is left; of several that exclude each other the
 * one that takes most off holds. What a coupon takes off is split over its lines by what they come to, no line below its floor.
 */
export function layCoupons(lines: readonly CouponLine[], coupons: readonly CouponFacts[]): CouponsLaid {
  const parts = lines.map((): CouponPart[] => [])
  const left = lines.map((line) => line.totalMinor)
  const outcomes: CouponOutcome[] = []
  for (const rivals of rivalsOf(coupons)) {
    const bids = rivals.map((coupon) => bid(coupon, lines, left))
    const winner = bids.reduce((best, one) => (one.off > best.off ? one : best))
    for (const one of bids) outcomes.push(outcomeOf(one, one === winner))
    for (const [place, off] of winner.split.entries()) {
      left[place] = (left[place] ?? 0) - off
      parts[place]?.push(...partsOf(winner.coupon, off))
    }
  }
  return { parts, outcomes }
}

interface Bid {
  readonly coupon: CouponFacts
  readonly off: number
  readonly split: readonly number[]
  readonly why: string | null
}

/** Coupons of which one may hold, in the order in which they are laid. */
function rivalsOf(coupons: readonly CouponFacts[]): readonly (readonly CouponFacts[])[] {
  const groups = new Map<string, CouponFacts[]>()
  for (const coupon of inOrder(coupons)) {
    const key = JSON.stringify([coupon.kind, coupon.seller])
    const rivals = groups.get(key)
    if (rivals === undefined) groups.set(key, [coupon])
    else if (!rivals.some((rival) => rival.id === coupon.id)) rivals.push(coupon)
  }
  return [...groups.values()]
}

function bid(coupon: CouponFacts, lines: readonly CouponLine[], left: readonly number[]): Bid {
  const none = { coupon, off: 0, split: lines.map(() => 0) }
  if (coupon.barred !== null) return { ...none, why: coupon.barred }
  const open = lines.map((line, place) => (isFor(coupon, line) ? (left[place] ?? 0) : 0))
  const sum = open.reduce((all, one) => all + one, 0)
  if (sum === 0) return { ...none, why: 'for none of these goods' }
  if (sum < coupon.fromMinor) return { ...none, why: `from ${coupon.fromMinor}, the goods come to ${sum}` }
  const wanted = Math.min(sum - reduced(sum, coupon.reduction), coupon.mostMinor ?? Number.MAX_SAFE_INTEGER)
  const most = open.map((one, place) => Math.max(0, one - (lines[place]?.floorMinor ?? 0)))
  const split = splitWithin(wanted, open, most)
  const off = split.reduce((all, one) => all + one, 0)
  return { coupon, off, split, why: off > 0 ? null : 'the goods are at their floor price' }
}

function isFor(coupon: CouponFacts, line: CouponLine): boolean {
  const sold = coupon.seller === null || coupon.seller === line.seller
  return sold && coupon.currency === line.currency && stacksOn(coupon.kind, line.applied)
}

function outcomeOf({ coupon, off, why }: Bid, won: boolean): CouponOutcome {
  if (won) return { coupon, reducedMinor: off, why }
  return { coupon, reducedMinor: 0, why: why ?? 'another coupon takes more off' }
}

function partsOf({ id, kind, label, shares }: CouponFacts, off: number): readonly CouponPart[] {
  const sorted = shares.toSorted((one, other) => (one.bearer < other.bearer ? -1 : 1))
  const amounts = splitByWeight(
    off,
    sorted.map((share) => share.shareBp),
  )
  return sorted.flatMap(({ bearer }, place) => {
    const amountMinor = amounts[place] ?? 0
    return amountMinor === 0 ? [] : [{ coupon: id, kind, label, bearer, amountMinor }]
  })
}

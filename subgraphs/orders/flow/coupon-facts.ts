import type { Database } from '../../../platform/db/database.js'
import type { CouponFacts } from '../domain/coupons.js'
import type { Asker } from '../domain/draft.js'
import { findCouponIssues, findCoupons, type CouponIssueRow, type CouponRow } from '../store/coupons.js'

/** Coupons that are meant by their ids, with what they are. */
export interface CouponsKnown {
  readonly coupons: ReadonlyMap<string, CouponRow>
  readonly issues: ReadonlyMap<string, CouponIssueRow>
}

/** Reads coupons by their ids; nothing is asked when none is meant. */
export async function findMeant(db: Database, ids: readonly string[], { lock = false } = {}): Promise<CouponsKnown> {
  const coupons = await findCoupons(db, ids, { lock })
  const issues = await findCouponIssues(db, [...new Set([...coupons.values()].map((coupon) => coupon.issue))])
  return { coupons, issues }
}

/** A coupon as it is for whoever asks: another member's is as unknown as one that never was. */
export function couponFacts(
  { coupons, issues }: CouponsKnown,
  at: Date,
): (id: string, asker: Asker) => CouponFacts | undefined {
  return (id, { member }) => {
    const coupon = coupons.get(id)
    const issue = issues.get(coupon?.issue ?? '')
    if (coupon === undefined || issue === undefined || coupon.member !== member) return undefined
    const { kind, label, seller, currency, reduction, shares } = issue
    const limits = { fromMinor: issue.from_minor, mostMinor: issue.most_minor }
    return { id, kind, label, seller, currency, reduction, shares, ...limits, barred: barredAt(coupon, issue, at) }
  }
}

function barredAt(coupon: CouponRow, issue: CouponIssueRow, at: Date): string | null {
  if (coupon.purchase !== null) return 'used already'
  if (issue.starts_at > at) return 'not valid yet'
  return issue.ends_at !== null && issue.ends_at <= at ? 'no longer valid' : null
}

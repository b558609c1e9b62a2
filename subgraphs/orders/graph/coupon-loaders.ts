import type { Shop } from '../flow/shop.js'
import { findMeant } from '../flow/coupon-facts.js'
import { findCouponIssues, type CouponIssueRow, type CouponRow } from '../store/coupons.js'
import { reductionView } from './offer-views.js'
import { money } from './views.js'

/** An issue of coupons as the graph shows it. */
export function issueView(row: CouponIssueRow) {
  const { currency } = row
  return {
    __typename: 'CouponIssue' as const,
    id: row.id,
    kind: row.kind,
    seller: row.seller,
    label: row.label,
    from: money(row.from_minor, currency),
    reduction: reductionView(row.reduction, currency),
    most: row.most_minor === null ? null : money(row.most_minor, currency),
    shares: row.shares,
    left: row.quota - row.claimed,
    perMember: row.per_member,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
  }
}
export type IssueView = ReturnType<typeof issueView>

/** A coupon as the graph shows it. */
export function couponView(row: CouponRow, issue: CouponIssueRow) {
  return {
    __typename: 'Coupon' as const,
    id: row.id,
    owner: row.member,
    issue: issueView(issue),
    claimedAt: row.claimed_at,
    usedAt: row.used_at,
    usedFor: row.purchase,
  }
}
export type CouponView = ReturnType<typeof couponView>

/** Coupons in the order of their ids; null for an unknown one. */
export async function couponsById({ db }: Shop, ids: readonly string[]): Promise<readonly (CouponView | null)[]> {
  const { coupons, issues } = await findMeant(db, ids)
  return ids.map((id) => {
    const coupon = coupons.get(id)
    const issue = issues.get(coupon?.issue ?? '')
    return coupon === undefined || issue === undefined ? null : couponView(coupon, issue)
  })
}

/** Issues in the order of their ids; null for an unknown one. */
export async function issuesById({ db }: Shop, ids: readonly string[]): Promise<readonly (IssueView | null)[]> {
  const issues = await findCouponIssues(db, ids)
  return ids.map((id) => {
    const issue = issues.get(id)
    return issue === undefined ? null : issueView(issue)
  })
}

import type { Database } from '../../../platform/db/database.js'
import { oneOf } from '../../../platform/decode.js'
import { COUPON_KINDS, type CouponKind, type Reduction, type Share } from '../domain/offers.js'
import { readReduction, readShares, writtenReduction } from './price-offers.js'

/** Coupons of one kind, of which members claim some. */
export interface CouponIssueRow {
  readonly id: string
  readonly kind: CouponKind
  readonly seller: string | null
  readonly label: string
  readonly currency: string
  readonly from_minor: number
  readonly reduction: Reduction
  readonly most_minor: number | null
  readonly shares: readonly Share[]
  readonly quota: number
  readonly claimed: number
  readonly per_member: number
  readonly starts_at: Date
  readonly ends_at: Date | null
}

/** A coupon that a member has claimed. */
export interface CouponRow {
  readonly id: string
  readonly issue: string
  readonly member: string
  readonly claimed_at: Date
  /** The order that it was used for. */
  readonly purchase: string | null
  readonly used_at: Date | null
}

type Stored = Omit<CouponIssueRow, 'kind' | 'reduction' | 'shares'> & {
  readonly kind: string
  readonly form: string
  readonly amount: number
  readonly shares: unknown
}

const ISSUE = `i.id, i.kind, i.seller, i.label, i.currency, i.from_minor, i.form, i.amount, i.most_minor, i.shares, i.quota, i.claimed,
  i.per_member, i.starts_at, i.ends_at`
const COUPON = 'c.id, c.issue, c.member, c.claimed_at, c.purchase, c.used_at'

/** Writes down a new issue. */
export async function insertCouponIssue(
  tx: Database,
  issue: Omit<CouponIssueRow, 'claimed'> & { readonly issuedBy: string; readonly issuedAt: Date },
): Promise<void> {
  const { form, amount } = writtenReduction(issue.reduction)
  await tx.query(
    `insert into orders.coupon_issue (id, kind, seller, label, currency, from_minor, form, amount, most_minor, shares, quota,
       per_member, starts_at, ends_at, issued_by, issued_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12, $13, $14, $15, $16)`,
    [
      ...[issue.id, issue.kind, issue.seller, issue.label, issue.currency, issue.from_minor, form, amount],
      ...[issue.most_minor, JSON.stringify(issue.shares), issue.quota, issue.per_member, issue.starts_at],
      ...[issue.ends_at, issue.issuedBy, issue.issuedAt],
    ],
  )
}

/** An issue, locked; null for an unknown one. */
export async function lockCouponIssue(tx: Database, id: string): Promise<CouponIssueRow | null> {
  const { rows } = await tx.query<Stored>(`select ${ISSUE} from orders.coupon_issue i where i.id = $1 for update`, [id])
  return rows.map(readIssue)[0] ?? null
}

/** Issues under these ids, by id. */
export async function findCouponIssues(
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CouponIssueRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await db.query<Stored>(`select ${ISSUE} from orders.coupon_issue i where i.id = any($1::text[])`, [
    ids,
  ])
  return new Map(rows.map((row) => [row.id, readIssue(row)]))
}

/** How many of an issue a member has claimed. */
export async function claimedBy(tx: Database, issue: string, member: string): Promise<number> {
  const { rows } = await tx.query<{ readonly count: number }>(
    'select count(*) as count from orders.coupon where issue = $1 and member = $2',
    [issue, member],
  )
  return rows[0]?.count ?? 0
}

/** Gives a member one coupon of a locked issue. */
export async function insertCoupon(
  tx: Database,
  coupon: Pick<CouponRow, 'id' | 'issue' | 'member' | 'claimed_at'>,
): Promise<void> {
  await tx.query('update orders.coupon_issue set claimed = claimed + 1 where id = $1', [coupon.issue])
  await tx.query('insert into orders.coupon (id, issue, member, claimed_at) values ($1, $2, $3, $4)', [
    coupon.id,
    coupon.issue,
    coupon.member,
    coupon.claimed_at,
  ])
}

/** Coupons under these ids, by id; with `lock` nobody else uses them meanwhile. */
export async function findCoupons(
  db: Database,
  ids: readonly string[],
  { lock = false } = {},
): Promise<ReadonlyMap<string, CouponRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await db.query<CouponRow>(
    `select ${COUPON} from orders.coupon c where c.id = any($1::text[]) order by c.id ${lock ? 'for update' : ''}`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** A member's coupons, the newest first. */
export async function couponsOf(db: Database, member: string, most: number): Promise<readonly CouponRow[]> {
  const { rows } = await db.query<CouponRow>(
    `select ${COUPON} from orders.coupon c where c.member = $1 order by c.claimed_at desc, c.id desc limit $2`,
    [member, most],
  )
  return rows
}

/** Locked coupons are used, each for its order. */
export async function useCoupons(
  tx: Database,
  used: readonly { readonly coupon: string; readonly purchase: string }[],
  at: Date,
): Promise<void> {
  if (used.length === 0) return
  await tx.query(
    `update orders.coupon c set purchase = x.purchase, used_at = $3
     from unnest($1::text[], $2::text[]) as x(coupon, purchase) where c.id = x.coupon and c.purchase is null`,
    [used.map(({ coupon }) => coupon), used.map(({ purchase }) => purchase), at],
  )
}

/** The coupons of orders that come to nothing are their members' again. */
export async function giveBackCoupons(tx: Database, purchases: readonly string[]): Promise<void> {
  await tx.query('update orders.coupon set purchase = null, used_at = null where purchase = any($1::text[])', [
    purchases,
  ])
}

function readIssue({ form, amount, shares, kind, ...row }: Stored): CouponIssueRow {
  return {
    ...row,
    kind: oneOf(kind, 'kind', COUPON_KINDS),
    reduction: readReduction(form, amount),
    shares: readShares(shares),
  }
}

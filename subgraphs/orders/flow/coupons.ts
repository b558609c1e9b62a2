import type { Database } from '../../../platform/db/database.js'
import { once, onceIfKeyed, type MaybeKeyed } from '../../../platform/db/once.js'
import { memberOf, type Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import type { CouponKind, Reduction, Share } from '../domain/offers.js'
import { checkReduction, sharesOf } from '../domain/shares.js'
import { claimedBy, insertCoupon, insertCouponIssue, lockCouponIssue } from '../store/coupons.js'
import { mayBear, spanOf } from './open-offers.js'
import { askerOf } from './place-request.js'
import { again } from './retry.js'
import { newKey, type Shop } from './shop.js'
import { isOpenAt } from './standing-offers.js'

/** An issue of coupons as it is asked for. */
export interface IssueRequest extends MaybeKeyed {
  readonly kind: CouponKind
  /** Whose goods they are for; null: everybody's. */
  readonly seller: string | null
  readonly label: string
  readonly currency: string
  readonly fromMinor: number
  readonly reduction: Reduction
  readonly mostMinor: number | null
  readonly shares: readonly Share[] | null
  readonly quota: number
  readonly perMember: number
  readonly startsAt: Date | null
  readonly endsAt: Date | null
}

/** Issues coupons that members may claim, under the same key once. Gives the issue's id. */
export function issueCoupons(shop: Shop, who: Identity, request: IssueRequest): Promise<string> {
  const deed = { owner: askerOf(who), kind: 'issue-coupons', asked: request }
  return shop.db.transaction((tx) => onceIfKeyed(tx, 'orders', deed, () => issued(tx, shop, { who, request })))
}

async function issued(
  tx: Database,
  shop: Shop,
  { who, request }: { readonly who: Identity; readonly request: IssueRequest },
): Promise<string> {
  const { kind, seller, fromMinor, mostMinor, perMember, quota, label, currency, reduction } = request
  if ((kind === 'SELLER_COUPON') !== (seller !== null))
    throw refuse('BAD_USER_INPUT', "seller must be named for a seller's coupon, and for no other", {
      details: { place: 'seller' },
    })
  checkReduction({ ...request, partner: null })
  const shares = sharesOf({ ...request, partner: null })
  await mayBear(tx, who, { shares, seller })
  const id = `CouponIssue:${newKey(shop)}`
  const at = await shop.databaseClock(tx)
  await insertCouponIssue(tx, {
    ...{ id, kind, seller, label, currency, reduction, shares, quota, from_minor: fromMinor, most_minor: mostMinor },
    ...{ per_member: perMember, ...spanOf(request, at), issuedBy: who.member ?? '', issuedAt: at },
  })
  return id
}

/** One transaction under the issue's lock: never more than there are, nor more than one member may have. The same key is the same coupon. */
export async function claimCoupon(
  shop: Shop,
  who: Identity,
  { issue, idempotencyKey }: { readonly issue: string; readonly idempotencyKey: string },
): Promise<string> {
  const member = memberOf(who)
  const deed = { owner: member, key: `claim ${idempotencyKey}`, body: { issue } }
  const { answer } = await again(() =>
    shop.db.transaction((tx) => once(tx, 'orders', deed, () => giveCoupon(tx, shop, { issue, member }))),
  )
  return answer
}

async function giveCoupon(
  tx: Database,
  shop: Shop,
  { issue, member }: { readonly issue: string; readonly member: string },
): Promise<string> {
  const row = await lockCouponIssue(tx, issue)
  if (row === null) throw refuse('NOT_FOUND', 'no such coupons', { details: { place: 'couponIssueId' } })
  const at = await shop.databaseClock(tx)
  if (!isOpenAt(row, at)) throw refuse('OFFER_CLOSED', 'these coupons are not given out now')
  if (row.claimed >= row.quota) throw refuse('OFFER_CLOSED', 'all of these coupons have been claimed')
  const had = await claimedBy(tx, issue, member)
  if (had >= row.per_member)
    throw refuse('LIMIT_PER_MEMBER', `at most ${row.per_member} for each member, ${had} were had`)
  const id = `Coupon:${newKey(shop)}`
  await insertCoupon(tx, { id, issue, member, claimed_at: at })
  return id
}

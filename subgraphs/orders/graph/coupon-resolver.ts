import { Arg, Ctx, Directive, ID, Int, Mutation, Query, Resolver } from 'type-graphql'
import { maybe, text, whole } from '../../../platform/decode.js'
import { memberOf, needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { money } from '../../../schema/money.js'
import { PERSONAL } from '../../host/graph/live-directive.js'
import { readMaybeKey } from '../../host/graph/maybe-key.js'
import { payload } from '../../host/graph/payload.js'
import { claimCoupon, issueCoupons } from '../flow/coupons.js'
import { readKey } from '../flow/read-request.js'
import { couponsOf } from '../store/coupons.js'
import type { CouponView } from './coupon-loaders.js'
import { CouponIssuePayload, CouponIssueType, CouponPayload, CouponType } from './coupon-types.js'
import { ClaimCouponInput, IssueCouponsInput } from './offer-inputs.js'
import { readReductionInput, readSharesInput } from './offer-resolver.js'
import type { OrdersContext } from './orders-context.js'

/** Coupons: issued by those who run the shop, claimed by members. */
@Resolver(() => CouponType)
export class CouponResolver {
  @Query(() => CouponIssueType, { nullable: true, description: 'Coupons that can be claimed, by their id.' })
  couponIssue(@Arg('id', () => ID) id: string, @Ctx() { loaders }: OrdersContext) {
    return loaders.couponIssues.load(idOf('CouponIssue')(id, 'id'))
  }

  @Query(() => [CouponType], { nullable: true, description: 'Your coupons, the newest first. For members.' })
  @Directive(PERSONAL)
  async myCoupons(
    @Arg('first', () => Int, { defaultValue: 20, description: '1 to 100.' }) first: number,
    @Ctx() { who, flow, loaders }: OrdersContext,
  ) {
    const most = whole(first, 'first', { least: 1, most: 100 })
    const rows = await couponsOf(flow.shop.db, memberOf(who), most)
    return loaders.coupons.loadMany(rows.map((row) => row.id))
  }

  @Mutation(() => CouponIssuePayload, {
    description: 'Issues coupons. For merchants what the seller bears alone, for operators all.',
  })
  issueCoupons(
    @Arg('input', () => IssueCouponsInput) input: IssueCouponsInput,
    @Ctx() { who, flow, loaders }: OrdersContext,
  ) {
    return payload(async () => {
      needRole(who, 'merchant', 'operator')
      const from = money(input.from, 'from')
      const id = await issueCoupons(flow.shop, who, {
        idempotencyKey: readMaybeKey(input),
        kind: input.kind,
        seller: maybe(input.seller, 'seller', (seller, at) => text(seller, at, { most: 100 })),
        label: text(input.label, 'label', { most: 80 }),
        currency: from.currency,
        fromMinor: whole(from.amountMinor, 'from.amountMinor', { least: 0 }),
        reduction: readReductionInput(input.reduction),
        mostMinor: maybe(input.mostMinor, 'mostMinor', (most, at) => whole(most, at, { least: 1 })),
        shares: readSharesInput(input.shares),
        quota: whole(input.quota, 'quota', { least: 1, most: 100_000_000 }),
        perMember: whole(input.perMember, 'perMember', { least: 1, most: 999 }),
        startsAt: input.startsAt ?? null,
        endsAt: input.endsAt ?? null,
      })
      return { couponIssue: await loaders.couponIssues.load(id) }
    })
  }

  @Mutation(() => CouponPayload, { description: 'Claims a coupon. For members.' })
  claimCoupon(
    @Arg('input', () => ClaimCouponInput) input: ClaimCouponInput,
    @Ctx() { who, flow, loaders }: OrdersContext,
  ) {
    return payload(async () => {
      needRole(who, 'member')
      const id = await claimCoupon(flow.shop, who, {
        issue: idOf('CouponIssue')(input.couponIssueId, 'couponIssueId'),
        idempotencyKey: readKey(input.idempotencyKey),
      })
      return { coupon: await loaders.coupons.load(id) }
    })
  }
}

/** A coupon by its id: null unless it is the asker's. */
export async function visibleCoupon({ who, loaders }: OrdersContext, id: string): Promise<CouponView | null> {
  const coupon = await loaders.coupons.load(id)
  return coupon !== null && coupon.owner === who.member ? coupon : null
}

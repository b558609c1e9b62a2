import { Field, ID, InputType, Int } from 'type-graphql'
import { MAYBE_KEY } from '../../host/graph/maybe-key.js'
import { MoneyInput } from '../../host/graph/money.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { CouponKindType, StoredOfferKindType } from './offer-enums.js'

@InputType('ReductionInput', { description: 'How a price is lowered: exactly one of the three.' })
export class ReductionInput {
  @Field(() => SafeInt, { nullable: true, description: 'To this price, in the smallest unit.' })
  toMinor?: number | null

  @Field(() => SafeInt, { nullable: true, description: 'By this amount, in the smallest unit.' })
  byMinor?: number | null

  @Field(() => Int, { nullable: true, description: 'By so many hundredths of a percent, 1 to 9999.' })
  rateBp?: number | null
}

@InputType('BearerShareInput', { description: 'Who bears how much of a reduction.' })
export class BearerShareInput {
  @Field(() => String, { description: 'Like platform, seller:shop or partner:kuaishou.' })
  bearer!: string

  @Field(() => Int, { description: 'Hundredths of a percent; all shares are 10000 together.' })
  shareBp!: number
}

const SHARES = 'Who bears it; none: whoever usually bears this kind.'

@InputType('OpenPriceOfferInput', { description: 'An offer to be opened.' })
export class OpenPriceOfferInput {
  @Field(() => String, MAYBE_KEY)
  idempotencyKey?: string | null

  @Field(() => StoredOfferKindType, { description: 'What kind of offer.' })
  kind!: 'PLUS' | 'PLATFORM_SUBSIDY' | 'PARTNER_SUBSIDY'

  @Field(() => ID, { description: 'Of what.' })
  variantId!: string

  @Field(() => String, { description: 'For people: what it is, 1 to 80 characters.' })
  label!: string

  @Field(() => String, { description: "The variant's currency." })
  currency!: string

  @Field(() => ReductionInput, { description: 'How it lowers the price; a PLUS offer names a price.' })
  reduction!: ReductionInput

  @Field(() => [BearerShareInput], { nullable: true, description: SHARES })
  shares?: BearerShareInput[] | null

  @Field(() => String, { nullable: true, description: 'The partner inside whose app it holds.' })
  partner?: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it begins; none: now.' })
  startsAt?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; none: when it is closed.' })
  endsAt?: Date | null
}

@InputType('ClosePriceOfferInput', { description: 'An offer to be ended.' })
export class ClosePriceOfferInput {
  @Field(() => ID, { description: 'Which.' })
  priceOfferId!: string
}

@InputType('SetFloorPriceInput', { description: 'What no offers of a variant together may go below.' })
export class SetFloorPriceInput {
  @Field(() => ID, { description: 'Of what.' })
  variantId!: string

  @Field(() => MoneyInput, { nullable: true, description: 'The floor; null takes it away.' })
  floor?: MoneyInput | null
}

@InputType('IssueCouponsInput', { description: 'Coupons to be issued.' })
export class IssueCouponsInput {
  @Field(() => String, MAYBE_KEY)
  idempotencyKey?: string | null

  @Field(() => CouponKindType, { description: 'Which kind.' })
  kind!: 'SELLER_COUPON' | 'PLATFORM_COUPON'

  @Field(() => String, { nullable: true, description: "Whose goods they are for; for a seller's coupon only." })
  seller?: string | null

  @Field(() => String, { description: 'For people: what it is, 1 to 80 characters.' })
  label!: string

  @Field(() => MoneyInput, { description: 'What the goods they are for must come to, and the currency.' })
  from!: MoneyInput

  @Field(() => ReductionInput, { description: 'What one takes off: an amount or a rate.' })
  reduction!: ReductionInput

  @Field(() => SafeInt, { nullable: true, description: 'The most that one takes off; none: no limit.' })
  mostMinor?: number | null

  @Field(() => [BearerShareInput], { nullable: true, description: SHARES })
  shares?: BearerShareInput[] | null

  @Field(() => Int, { description: 'How many there are.' })
  quota!: number

  @Field(() => Int, { description: 'How many one member may claim.' })
  perMember!: number

  @Field(() => DateTime, { nullable: true, description: 'From when on; none: now.' })
  startsAt?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'Until when; none: without end.' })
  endsAt?: Date | null
}

@InputType('ClaimCouponInput', { description: 'A coupon to be claimed.' })
export class ClaimCouponInput {
  @Field(() => String, { description: 'Asking again with the same key and body gives the same coupon.' })
  idempotencyKey!: string

  @Field(() => ID, { description: 'Of which issue.' })
  couponIssueId!: string
}

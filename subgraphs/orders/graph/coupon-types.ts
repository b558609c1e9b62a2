import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { PERSONAL } from '../../host/graph/live-directive.js'
import { MoneyType } from '../../host/graph/money.js'
import { NodeType } from '../../host/graph/node.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import { PriceStepKindType } from './order-enums.js'

@ObjectType('CouponPart', { description: 'What somebody bears of a coupon on one line.' })
export class CouponPartType {
  @Field(() => PriceStepKindType, { description: 'Which kind of coupon.' })
  kind!: string

  @Field(() => String, { description: 'For people: what it is.' })
  label!: string

  @Field(() => MoneyType, { description: 'What it changes: below zero.' })
  amount!: MoneyType

  @Field(() => String, { description: 'Who bears it, like platform or seller:shop.' })
  bearer!: string
}

@ObjectType('PieceRun', { description: 'Pieces of a line that come to the same.' })
export class PieceRunType {
  @Field(() => Int, { description: 'How many.' })
  quantity!: number

  @Field(() => MoneyType, { description: 'What each of them comes to.' })
  each!: MoneyType
}

@ObjectType('CouponOutcome', { description: 'What became of a coupon that was laid on a quote.' })
export class CouponOutcomeType {
  @Field(() => ID, { description: 'The coupon.' })
  id!: string

  @Field(() => String, { description: 'For people: what it is.' })
  label!: string

  @Field(() => MoneyType, { description: 'What it changes: below zero, or nothing.' })
  amount!: MoneyType

  @Field(() => String, { nullable: true, description: 'For people: why it takes nothing off; null when it does.' })
  why!: string | null
}

@ObjectType('Reduction', { description: 'How an offer lowers a price: one of the three is set.' })
export class ReductionType {
  @Field(() => MoneyType, { nullable: true, description: 'To this price.' })
  to!: MoneyType | null

  @Field(() => MoneyType, { nullable: true, description: 'By this amount.' })
  by!: MoneyType | null

  @Field(() => Int, { nullable: true, description: 'By so many hundredths of a percent.' })
  rateBp!: number | null
}

@ObjectType('BearerShare', { description: 'Who bears how much of a reduction.' })
export class BearerShareType {
  @Field(() => String, { description: 'Like platform, seller:shop or partner:kuaishou.' })
  bearer!: string

  @Field(() => Int, { description: 'Hundredths of a percent; all shares are 10000 together.' })
  shareBp!: number
}

@Directive('@key(fields: "id")')
@ObjectType('CouponIssue', { implements: NodeType, description: 'Coupons that members may claim.' })
export class CouponIssueType extends NodeType {
  @Field(() => PriceStepKindType, { description: 'Which kind of coupon.' })
  kind!: string

  @Field(() => String, { nullable: true, description: "Whose goods they are for; null: everybody's." })
  seller!: string | null

  @Field(() => String, { description: 'For people: what it is.' })
  label!: string

  @Field(() => MoneyType, { description: 'What the goods they are for must come to.' })
  from!: MoneyType

  @Field(() => ReductionType, { description: 'What one takes off.' })
  reduction!: ReductionType

  @Field(() => MoneyType, { nullable: true, description: 'The most that one takes off; null: no limit.' })
  most!: MoneyType | null

  @Field(() => [BearerShareType], { description: 'Who bears it.' })
  shares!: readonly BearerShareType[]

  @Field(() => SafeInt, { description: 'How many can still be claimed.' })
  left!: number

  @Field(() => SafeInt, { description: 'How many one member may claim.' })
  perMember!: number

  @Field(() => DateTime, { description: 'From when on they can be claimed and used.' })
  startsAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'Until when; null: without end.' })
  endsAt!: Date | null
}

@Directive('@key(fields: "id")')
@Directive(PERSONAL)
@ObjectType('Coupon', { implements: NodeType, description: 'A coupon of a member. Only the member sees it.' })
export class CouponType extends NodeType {
  @Field(() => CouponIssueType, { description: 'What it is.' })
  issue!: CouponIssueType

  @Field(() => DateTime, { description: 'When it was claimed.' })
  claimedAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When it was laid on an order; null while it is free.' })
  usedAt!: Date | null
}

@ObjectType('CouponIssuePayload', { description: 'What became of an issue of coupons.' })
export class CouponIssuePayload extends Payload {
  @Field(() => CouponIssueType, { nullable: true, description: 'The issue; null when it was refused.' })
  couponIssue?: CouponIssueType | null
}

@ObjectType('CouponPayload', { description: 'What became of a claim.' })
export class CouponPayload extends Payload {
  @Field(() => CouponType, { nullable: true, description: 'The coupon; null when it was refused.' })
  coupon?: CouponType | null
}

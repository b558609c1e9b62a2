import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { MoneyType } from '../../host/graph/money.js'
import { NodeType } from '../../host/graph/node.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { CouponPartType, CouponOutcomeType, PieceRunType } from './coupon-types.js'
import { PriceStepKindType } from './order-enums.js'

@ObjectType('PriceStep', { description: 'One step of a price. The amounts of all steps add up to the price.' })
export class PriceStepType {
  @Field(() => PriceStepKindType, { description: 'What it is about.' })
  kind!: string

  @Field(() => String, { description: 'For people: what it is, and why it did not apply when it did not.' })
  label!: string

  @Field(() => MoneyType, { description: 'The price that it names.' })
  offered!: MoneyType

  @Field(() => MoneyType, {
    description: 'What it changed: the list price itself, a reduction below zero, or nothing.',
  })
  amount!: MoneyType

  @Field(() => String, {
    nullable: true,
    description: 'Who bears the reduction, like seller:shop; null where nothing is reduced.',
  })
  bearer!: string | null

  @Field(() => ID, { nullable: true, description: 'The session of subsidies whose budget pays for it.' })
  session!: string | null
}

@ObjectType('Price', { description: 'What one piece costs now, and why.' })
export class PriceType {
  @Field(() => MoneyType, { description: 'The list price.' })
  list!: MoneyType

  @Field(() => MoneyType, { nullable: true, description: "The seller's reference price." })
  compareAt!: MoneyType | null

  @Field(() => MoneyType, { description: 'What it costs.' })
  current!: MoneyType

  @Field(() => [PriceStepType], { description: 'How the price came about.' })
  steps!: readonly PriceStepType[]
  // `lowest30Days` has a resolver of its own.
}

@ObjectType('Stock', {
  description: 'How many pieces there are: available is on hand without what is reserved and sold.',
})
export class StockType {
  @Field(() => SafeInt, { description: 'Pieces that can be sold now; never below zero.' })
  available!: number

  @Field(() => SafeInt, { description: 'All pieces that ever came in, the sold ones included.' })
  onHand!: number

  @Field(() => SafeInt, { description: 'Pieces held by unpaid orders and by flash sales.' })
  reserved!: number

  @Field(() => SafeInt, { description: 'Pieces that are paid for.' })
  sold!: number
}

@Directive('@key(fields: "id")')
@ObjectType('Variant', { implements: NodeType, description: 'One form of a product, as it is put into a parcel.' })
export class VariantType extends NodeType {
  // `price` and `stock` have resolvers of their own.
}

@ObjectType('QuoteLine', { description: 'A line of a quote.' })
export class QuoteLineType {
  @Field(() => VariantType, { nullable: true, description: 'What is asked for.' })
  variant!: VariantType

  @Field(() => Int, { description: 'How many.' })
  quantity!: number

  @Field(() => PriceType, { description: 'The price of one piece, explained.' })
  price!: PriceType

  @Field(() => [CouponPartType], { description: 'What coupons take off the line, and who bears it.' })
  coupons!: readonly CouponPartType[]

  @Field(() => MoneyType, { description: 'What the line comes to: pieces by price, less the coupons.' })
  total!: MoneyType

  @Field(() => [PieceRunType], { description: 'What each piece comes to; all of them together are the line.' })
  pieces!: readonly PieceRunType[]

  @Field(() => SafeInt, { description: 'How many pieces could be had now; a quote holds none.' })
  available!: number
}

@ObjectType('DeliveryPromise', { description: 'By when a parcel would be there, were it ordered now.' })
export class DeliveryPromiseType {
  @Field(() => String, { description: 'The region of the warehouse that it would leave.' })
  warehouse!: string

  @Field(() => DateTime, { description: 'By when it leaves.' })
  leavesBy!: Date

  @Field(() => DateTime, { description: 'By when it is there.' })
  arrivesBy!: Date
}

@ObjectType('Quote', { description: 'What an order would come to now. It holds nothing.' })
export class QuoteType {
  @Field(() => [QuoteLineType], { description: 'Its lines, as they were asked for.' })
  lines!: readonly QuoteLineType[]

  @Field(() => [CouponOutcomeType], { description: 'What became of each coupon that was laid on it.' })
  coupons!: readonly CouponOutcomeType[]

  @Field(() => MoneyType, { description: 'What all lines come to; give it as expectedTotalMinor to be sure of it.' })
  total!: MoneyType

  @Field(() => DeliveryPromiseType, {
    nullable: true,
    description: 'What is promised for the region that was named; null when none was, or nothing is delivered there.',
  })
  delivery?: DeliveryPromiseType | null
}

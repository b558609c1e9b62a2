import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { MoneyType } from '../../host/graph/money.js'
import { NodeType } from '../../host/graph/node.js'
import { connectionOf } from '../../host/graph/page.js'
import { DateTime } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import { OrderStateType, ParcelStateType, RefundRuleType, RefundStateType } from './order-enums.js'
import { CouponPartType, PieceRunType } from './coupon-types.js'
import { PriceStepType, VariantType } from './price-types.js'
import { FlashSaleType } from './sale-types.js'
import { MemberType, RoomType } from './stubs.js'
import { PERSONAL } from '../../host/graph/live-directive.js'

@ObjectType('LineOrigin', { description: 'Where the buyer of a line came from.' })
export class LineOriginType {
  @Field(() => RoomType, { nullable: true, description: 'The live room it was bought in.' })
  room!: RoomType | null

  @Field(() => MemberType, { nullable: true, description: 'The host of that room.' })
  host!: MemberType | null

  @Field(() => String, { nullable: true, description: 'The outlet, like app or tv.' })
  outlet!: string | null

  @Field(() => ID, { nullable: true, description: 'The tracked link that the buyer followed.' })
  campaignLink!: string | null

  @Field(() => String, { nullable: true, description: 'The partner inside whose app it was bought.' })
  partner!: string | null

  @Field(() => String, { nullable: true, description: 'The click on the tracked link.' })
  click!: string | null
}

@Directive('@key(fields: "id")')
@Directive(PERSONAL)
@ObjectType('OrderLine', { implements: NodeType, description: 'One line of an order.' })
export class OrderLineType extends NodeType {
  @Field(() => VariantType, { nullable: true, description: 'What was bought.' })
  variant!: VariantType

  @Field(() => Int, { description: 'How many pieces.' })
  quantity!: number

  @Field(() => MoneyType, { description: 'What one piece cost.' })
  unitPrice!: MoneyType

  @Field(() => MoneyType, { description: 'What the line came to.' })
  total!: MoneyType

  @Field(() => [PriceStepType], { description: 'How the price of a piece came about when it was ordered.' })
  steps!: readonly PriceStepType[]

  @Field(() => [CouponPartType], { description: 'What coupons took off the line, and who bears it.' })
  coupons!: readonly CouponPartType[]

  @Field(() => [PieceRunType], { description: 'What each piece came to; all of them together are the line.' })
  pieces!: readonly PieceRunType[]

  @Field(() => Int, { description: 'How many pieces are still bought: the others were cancelled or refunded.' })
  left!: number

  @Field(() => MoneyType, { description: 'What of the line was cancelled before it was paid, or goes back since.' })
  back!: MoneyType

  @Field(() => ID, { nullable: true, description: 'The parcel that it is sent in; null as long as it is not paid.' })
  parcel!: string | null

  @Field(() => ID, { description: 'The warehouse that it leaves, all of it; what comes back goes back there.' })
  warehouse!: string

  @Field(() => FlashSaleType, { nullable: true, description: 'The flash sale it was bought in.' })
  flashSale!: FlashSaleType | null

  @Field(() => LineOriginType, { description: 'Where its buyer came from.' })
  origin!: LineOriginType
}

@ObjectType('Parcel', {
  description: 'What one seller sends of an order from one warehouse. An order is as far as its slowest parcel.',
})
export class ParcelType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => String, { description: 'Who sends it.' })
  seller!: string

  @Field(() => ID, { description: 'The warehouse that it leaves.' })
  warehouse!: string

  @Field(() => ParcelStateType, { description: 'Where it stands.' })
  state!: string

  @Field(() => String, { nullable: true, description: 'Who carries it.' })
  carrier!: string | null

  @Field(() => String, { nullable: true, description: 'Its number at the carrier.' })
  waybill!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it left.' })
  shippedAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it arrived.' })
  receivedAt!: Date | null
}

@ObjectType('Refund', { description: 'Money that goes back to the buyer.' })
export class RefundType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => MoneyType, { description: 'How much.' })
  amount!: MoneyType

  @Field(() => MoneyType, { description: "How much of it went to the member's e-card." })
  toECard!: MoneyType

  @Field(() => RefundStateType, { description: 'Where it stands.' })
  state!: string

  @Field(() => String, { description: 'Why.' })
  reason!: string

  @Field(() => DateTime, { description: 'When it was decided.' })
  at!: Date
}

@ObjectType('OrderPayment', { description: 'How an order was paid.' })
export class OrderPaymentType {
  @Field(() => String, { description: "The provider's name for the way to pay." })
  method!: string

  @Field(() => MoneyType, { description: 'What the provider took.' })
  byProvider!: MoneyType

  @Field(() => MoneyType, { description: "What came from the member's e-card." })
  byECard!: MoneyType

  @Field(() => RefundRuleType, { description: 'By which rule a part of it goes back.' })
  refundRule!: string
}

@Directive('@key(fields: "id")')
@Directive(PERSONAL)
@ObjectType('Order', {
  implements: NodeType,
  description: 'An order. Only its buyer and those who run the shop see it.',
})
export class OrderType extends NodeType {
  @Field(() => OrderStateType, { description: 'Where it stands.' })
  state!: string

  @Field(() => Int, { description: 'How many steps it has made; grows by one with each.' })
  version!: number

  @Field(() => MemberType, { nullable: true, description: "Who bought; null for a partner's order." })
  member!: MemberType | null

  @Field(() => MoneyType, { description: 'What it comes to.' })
  total!: MoneyType

  @Field(() => MoneyType, { description: 'What was paid.' })
  paid!: MoneyType

  @Field(() => MoneyType, { description: 'What goes or went back.' })
  refunded!: MoneyType

  @Field(() => DateTime, { description: 'Until when its pieces are held unpaid.' })
  reservedUntil!: Date

  @Field(() => String, { nullable: true, description: 'Who carries its parcel.' })
  carrier!: string | null

  @Field(() => String, { nullable: true, description: "The parcel's number at the carrier." })
  waybill!: string | null

  @Field(() => String, { nullable: true, description: 'The partner inside whose app it was bought.' })
  partner!: string | null

  @Field(() => String, { nullable: true, description: "The partner's own number of it." })
  partnerOrder!: string | null

  @Field(() => String, { nullable: true, description: 'Why it was cancelled or refunded.' })
  reason!: string | null

  @Field(() => DateTime, { description: 'When it was placed.' })
  createdAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When it was paid.' })
  paidAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When its parcel left.' })
  shippedAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it was completed, given up or refunded.' })
  closedAt!: Date | null
}

/** A page of orders. */
export const OrderConnection = connectionOf('Order', () => OrderType)

@ObjectType('OrderPayload', { description: 'What became of an order.' })
export class OrderPayload extends Payload {
  @Field(() => OrderType, { nullable: true, description: 'The order as it is now; null when it was refused.' })
  order?: OrderType | null
}

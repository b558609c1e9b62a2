import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { MoneyType } from '../../host/graph/money.js'
import { NodeType } from '../../host/graph/node.js'
import { connectionOf } from '../../host/graph/page.js'
import { DateTime } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import { OrderStateType, RefundStateType } from './order-enums.js'
import { PriceStepType, VariantType } from './price-types.js'
import { FlashSaleType } from './sale-types.js'
import { MemberType, RoomType } from './stubs.js'

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

  @Field(() => FlashSaleType, { nullable: true, description: 'The flash sale it was bought in.' })
  flashSale!: FlashSaleType | null

  @Field(() => LineOriginType, { description: 'Where its buyer came from.' })
  origin!: LineOriginType
}

@ObjectType('Refund', { description: 'Money that goes back to the buyer.' })
export class RefundType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => MoneyType, { description: 'How much.' })
  amount!: MoneyType

  @Field(() => RefundStateType, { description: 'Where it stands.' })
  state!: string

  @Field(() => String, { description: 'Why.' })
  reason!: string

  @Field(() => DateTime, { description: 'When it was decided.' })
  at!: Date
}

@Directive('@key(fields: "id")')
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

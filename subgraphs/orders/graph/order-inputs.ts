import { Field, ID, InputType, Int } from 'type-graphql'
import { MAYBE_KEY } from '../../host/graph/maybe-key.js'
import { MoneyInput } from '../../host/graph/money.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'

const KEY = 'Chosen by the client, 1 to 200 characters: asking again with the same key and body changes nothing.'

const COUPONS = 'Coupons of yours to be laid on it, at most 10; the order of them does not matter.'

@InputType('QuoteLineInput', { description: 'A line to be quoted.' })
export class QuoteLineInput {
  @Field(() => ID, { description: 'What.' })
  variantId!: string

  @Field(() => Int, { description: 'How many, 1 to 999.' })
  quantity!: number

  @Field(() => ID, { nullable: true, description: 'The live room that the buyer is in.' })
  roomId?: string | null

  @Field(() => ID, { nullable: true, description: 'The flash sale that it is to come from.' })
  flashSaleId?: string | null

  @Field(() => ID, { nullable: true, description: 'The pre-sale that it is bought in; then it is the only line.' })
  preSaleId?: string | null
}

@InputType('QuoteInput', { description: 'What is to be quoted.' })
export class QuoteInput {
  @Field(() => [QuoteLineInput], { description: '1 to 50 lines.' })
  lines!: QuoteLineInput[]

  @Field(() => [ID], { nullable: true, description: COUPONS })
  couponIds?: string[] | null
}

@InputType('OrderLineInput', { description: 'A line to be ordered.' })
export class OrderLineInput extends QuoteLineInput {
  @Field(() => String, { nullable: true, description: 'Where it is bought, like app, tv or video.' })
  outlet?: string | null

  @Field(() => String, { nullable: true, description: 'The click id that a tracked link handed on.' })
  clickId?: string | null
}

@InputType('PlaceOrderInput', { description: 'An order to be placed.' })
export class PlaceOrderInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string

  @Field(() => [OrderLineInput], { description: '1 to 50 lines.' })
  lines!: OrderLineInput[]

  @Field(() => [ID], { nullable: true, description: COUPONS })
  couponIds?: string[] | null

  @Field(() => ID, { nullable: true, description: "Where it goes: one of the member's addresses." })
  addressId?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'The region of that address, 2 to 12 digits of the national list: it decides which warehouse the goods leave, and what does not go there is refused.',
  })
  regionCode?: string | null

  @Field(() => [String], {
    nullable: true,
    description: 'Tokens of your queue tickets, at most 10, for flash sales that admit by them.',
  })
  queueTickets?: string[] | null

  @Field(() => SafeInt, { nullable: true, description: 'The total that was quoted; another one is refused.' })
  expectedTotalMinor?: number | null
}

@InputType('PayOrderInput', { description: 'A payment to be made.' })
export class PayOrderInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string

  @Field(() => ID, { description: 'What is paid.' })
  orderId!: string

  @Field(() => String, { description: "The payment provider's name for the way to pay, like card." })
  method!: string

  @Field(() => SafeInt, {
    nullable: true,
    description:
      "How much of it comes from the member's e-card; the rest is asked of the provider. With the method ecard: all.",
  })
  eCardMinor?: number | null
}

@InputType('CancelOrderInput', { description: 'An unpaid order to be given up.' })
export class CancelOrderInput {
  @Field(() => ID, { description: 'Which.' })
  orderId!: string

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason?: string | null
}

@InputType('ShipOrderInput', { description: 'A parcel that leaves.' })
export class ShipOrderInput {
  @Field(() => ID, { description: 'The order in it.' })
  orderId!: string

  @Field(() => String, { description: 'Who carries it.' })
  carrier!: string

  @Field(() => String, { description: 'Its number at the carrier.' })
  waybill!: string
}

@InputType('ConfirmReceiptInput', { description: 'A parcel that has arrived.' })
export class ConfirmReceiptInput {
  @Field(() => ID, { description: 'The order in it.' })
  orderId!: string
}

@InputType('RefundOrderInput', { description: 'A paid order to be undone.' })
export class RefundOrderInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string

  @Field(() => ID, { description: 'Which.' })
  orderId!: string

  @Field(() => String, { description: 'Why.' })
  reason!: string
}

@InputType('OpenFlashSaleInput', { description: 'A flash sale to be opened.' })
export class OpenFlashSaleInput {
  @Field(() => String, MAYBE_KEY)
  idempotencyKey?: string | null

  @Field(() => ID, { nullable: true, description: 'The room whose viewers may buy; none: everybody.' })
  roomId?: string | null

  @Field(() => ID, { description: 'What is sold.' })
  variantId!: string

  @Field(() => ID, {
    nullable: true,
    description: 'The warehouse that its pieces are taken from, all from one; none: where most are free.',
  })
  warehouseId?: string | null

  @Field(() => MoneyInput, { description: 'What a piece costs.' })
  price!: MoneyInput

  @Field(() => Int, {
    description: 'How many pieces are taken out of the free stock into it; never more than there are.',
  })
  quota!: number

  @Field(() => Int, { description: 'How many one member may have.' })
  perMember!: number

  @Field(() => DateTime, { nullable: true, description: 'When it begins; none: now.' })
  startsAt?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; none: when it is closed.' })
  endsAt?: Date | null

  @Field(() => Int, {
    nullable: true,
    description: 'How many a second are admitted, each with a queue ticket; none: whoever comes may buy.',
  })
  admitPerSecond?: number | null

  @Field(() => Int, {
    nullable: true,
    description:
      'In how many rows of the database its quota lies, at most 64: for a sale that several order processes sell at a time. For operators. None: one.',
  })
  buckets?: number | null
}

@InputType('CloseFlashSaleInput', { description: 'A flash sale to be ended.' })
export class CloseFlashSaleInput {
  @Field(() => ID, { description: 'Which.' })
  flashSaleId!: string
}

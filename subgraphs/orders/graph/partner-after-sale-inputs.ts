import { Field, ID, InputType, registerEnumType } from 'type-graphql'
import { SafeInt } from '../../host/graph/scalars.js'
import type { PlainDeed } from '../domain/after-sale.js'
import { ReturnLineInput } from './after-sale-types.js'

const KEY = 'Chosen by the client, 1 to 200 characters: asking again with the same key and body changes nothing.'
const NUMBER = "The partner's own number of the order, 1 to 100 characters."

/** What a partner may say of its buyer's return, as an enum of the graph. */
export const BuyersDeedType = { WITHDRAW: 'withdraw', SEND_BACK: 'sendBack' } as const satisfies Readonly<
  Record<string, PlainDeed>
>
export type BuyersDeed = (typeof BuyersDeedType)[keyof typeof BuyersDeedType]
registerEnumType(BuyersDeedType, {
  name: 'BuyersDeed',
  description: "A step of a return that is its buyer's.",
  valuesConfig: {
    WITHDRAW: { description: 'The buyer keeps the goods.' },
    SEND_BACK: { description: 'They have left, with a waybill.' },
  },
})

@InputType('PartnerCancelLinesInput', {
  description: "Pieces of a partner's order that are given up before they leave.",
})
export class PartnerCancelLinesInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string

  @Field(() => String, { description: NUMBER })
  partnerOrderId!: string

  @Field(() => [ReturnLineInput], { description: '1 to 50 lines.' })
  lines!: ReturnLineInput[]

  @Field(() => String, { description: 'Why.' })
  reason!: string
}

@InputType('PartnerRefundPartInput', {
  description: "A part of the money of a partner's paid order that the partner has given back.",
})
export class PartnerRefundPartInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string

  @Field(() => String, { description: NUMBER })
  partnerOrderId!: string

  @Field(() => SafeInt, { description: 'How much of what is left of the order; all of it is the refund of the order.' })
  amountMinor!: number

  @Field(() => String, { description: 'Why.' })
  reason!: string
}

@InputType('PartnerRequestReturnInput', { description: "Goods of a partner's order that are to be sent back." })
export class PartnerRequestReturnInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string

  @Field(() => String, { description: NUMBER })
  partnerOrderId!: string

  @Field(() => [ReturnLineInput], { description: '1 to 50 lines; of an exchange one.' })
  lines!: ReturnLineInput[]

  @Field(() => String, { description: 'Why.' })
  reason!: string

  @Field(() => ID, {
    nullable: true,
    description: 'The variant that it is exchanged for, which may be the same and may not cost more; none: money.',
  })
  exchangeForId?: string | null
}

@InputType('PartnerMoveReturnInput', { description: "A step of a return that is the buyer's." })
export class PartnerMoveReturnInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string

  @Field(() => ID, { description: 'Which.' })
  afterSaleId!: string

  @Field(() => BuyersDeedType, { description: 'What happened.' })
  deed!: BuyersDeed

  @Field(() => String, { nullable: true, description: 'Who carries it back, with SEND_BACK.' })
  carrier?: string | null

  @Field(() => String, { nullable: true, description: 'Its number at the carrier, with SEND_BACK.' })
  waybill?: string | null
}

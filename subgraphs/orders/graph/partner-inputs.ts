import { Field, ID, InputType, Int } from 'type-graphql'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'

const REGION = 'six digits of the national list (two or four when that is all there is).'
const NUMBER = "The partner's own number of the order, 1 to 100 characters."

@InputType('PartnerLineInput', { description: "A line of a partner's order." })
export class PartnerLineInput {
  @Field(() => ID, { description: 'What.' })
  variantId!: string

  @Field(() => Int, { description: 'How many, 1 to 999.' })
  quantity!: number

  @Field(() => SafeInt, {
    nullable: true,
    description: 'The price that the partner told its buyer; another one of ours is refused.',
  })
  unitPriceMinor?: number | null
}

@InputType('PartnerAddressInput', { description: 'Where the parcel goes. Kept sealed.' })
export class PartnerAddressInput {
  @Field(() => String, { description: 'The region by its official code.' })
  regionCode!: string

  @Field(() => String, { description: 'Street and house.' })
  line!: string

  @Field(() => String, { description: 'Who receives it.' })
  receiver!: string

  @Field(() => String, { description: 'The number to call.' })
  phone!: string
}

@InputType('PartnerQuoteInput', { description: "What is to be quoted for a partner's buyer." })
export class PartnerQuoteInput {
  @Field(() => [PartnerLineInput], { description: '1 to 50 lines.' })
  lines!: PartnerLineInput[]

  @Field(() => String, { nullable: true, description: `Where it would go; ${REGION}` })
  regionCode?: string | null
}

@InputType('PartnerPlaceOrderInput', { description: "A partner's order to be placed." })
export class PartnerPlaceOrderInput {
  @Field(() => String, { description: 'Asking again with the same key and body changes nothing.' })
  idempotencyKey!: string

  @Field(() => String, { description: `${NUMBER} There is one order of it, whatever the key.` })
  partnerOrderId!: string

  @Field(() => [PartnerLineInput], { description: '1 to 50 lines.' })
  lines!: PartnerLineInput[]

  @Field(() => PartnerAddressInput, { nullable: true, description: 'Where the parcel goes.' })
  address?: PartnerAddressInput | null

  @Field(() => String, { nullable: true, description: `Where it goes, when no more is known yet; ${REGION}` })
  regionCode?: string | null

  @Field(() => String, { nullable: true, description: "Where in the partner's app it was bought." })
  outlet?: string | null
}

@InputType('PartnerConfirmInput', { description: 'A payment that the partner has taken.' })
export class PartnerConfirmInput {
  @Field(() => String, { description: NUMBER })
  partnerOrderId!: string

  @Field(() => SafeInt, { description: "How much; it must be the order's total." })
  paidMinor!: number

  @Field(() => DateTime, { description: 'When.' })
  paidAt!: Date
}

@InputType('PartnerCancelInput', { description: 'An unpaid order that the buyer gave up at the partner.' })
export class PartnerCancelInput {
  @Field(() => String, { description: NUMBER })
  partnerOrderId!: string

  @Field(() => String, { description: 'Why.' })
  reason!: string
}

@InputType('PartnerReceiveInput', { description: 'A parcel that has arrived, as the partner knows.' })
export class PartnerReceiveInput {
  @Field(() => String, { description: NUMBER })
  partnerOrderId!: string
}

@InputType('PartnerRefundInput', { description: 'A paid order that the partner has given the money back for.' })
export class PartnerRefundInput {
  @Field(() => String, { description: NUMBER })
  partnerOrderId!: string

  @Field(() => String, { description: 'Why.' })
  reason!: string
}

import { Directive, Field, ObjectType } from 'type-graphql'
import { NodeType } from '../../host/graph/node.js'
import { DateTime } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import { BearerShareType, ReductionType } from './coupon-types.js'
import { PriceStepKindType } from './order-enums.js'
import { VariantType } from './price-types.js'

@Directive('@key(fields: "id")')
@ObjectType('PriceOffer', { implements: NodeType, description: 'What lowers the price of a variant for a while.' })
export class PriceOfferType extends NodeType {
  @Field(() => PriceStepKindType, { description: 'What kind of offer.' })
  kind!: string

  @Field(() => String, { description: 'For people: what it is.' })
  label!: string

  @Field(() => VariantType, { nullable: true, description: 'Of what.' })
  variant!: VariantType | null

  @Field(() => ReductionType, { description: 'How it lowers the price.' })
  reduction!: ReductionType

  @Field(() => [BearerShareType], { description: 'Who bears it.' })
  shares!: readonly BearerShareType[]

  @Field(() => String, { nullable: true, description: 'The partner inside whose app it holds; null: everywhere.' })
  partner!: string | null

  @Field(() => DateTime, { description: "When it begins, by the database's clock." })
  startsAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When it ends; null: when it is closed.' })
  endsAt!: Date | null

  @Field(() => Boolean, { description: 'Whether it was closed.' })
  closed!: boolean
}

@ObjectType('PriceOfferPayload', { description: 'What became of an offer.' })
export class PriceOfferPayload extends Payload {
  @Field(() => PriceOfferType, { nullable: true, description: 'The offer; null when it was refused.' })
  priceOffer?: PriceOfferType | null
}

@ObjectType('FloorPricePayload', { description: 'What became of a floor price.' })
export class FloorPricePayload extends Payload {
  @Field(() => VariantType, { nullable: true, description: 'The variant; null when it was refused.' })
  variant?: VariantType | null
}

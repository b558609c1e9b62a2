import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'
import { MoneyType } from '../../../host/graph/money.js'
import { NodeType } from '../../../host/graph/node.js'
import { connectionOf } from '../../../host/graph/page.js'
import { DateTime, SafeInt } from '../../../host/graph/scalars.js'
import { Payload } from '../../../host/graph/user-error.js'

/** How far a listing is. */
export enum ListingState {
  LISTING = 'LISTING',
  LISTED = 'LISTED',
  UNLISTED = 'UNLISTED',
  REFUSED = 'REFUSED',
}
registerEnumType(ListingState, {
  name: 'ListingState',
  description: "How far a listing is at the partner's.",
  valuesConfig: {
    LISTING: { description: 'It is wanted there and not shown yet.' },
    LISTED: { description: 'It is shown and sold there.' },
    UNLISTED: { description: 'It is not sold there any more.' },
    REFUSED: { description: 'The partner would not take it; `refusal` says why.' },
  },
})

/** Variants are kept by catalog; here is only whether they are listed. */
@Directive('@key(fields: "id")')
@ObjectType('Variant', { description: 'A variant of a product.' })
export class VariantType {
  @Field(() => ID, { description: 'The global id.' })
  id!: string
}

/** A variant shown at Kuaishou. */
@Directive('@key(fields: "id")')
@ObjectType('Listing', { implements: NodeType, description: 'One of our variants as it is shown inside Kuaishou.' })
export class ListingType extends NodeType {
  @Field(() => VariantType, { nullable: true, description: 'What is sold.' })
  variant!: VariantType

  @Field(() => ListingState, { description: 'How far it is.' })
  state!: ListingState

  @Field(() => String, { nullable: true, description: "The partner's own number of the SKU; null until it has one." })
  kuaishouSku!: string | null

  @Field(() => MoneyType, { nullable: true, description: 'The price that the partner shows.' })
  price!: MoneyType | null

  @Field(() => SafeInt, { nullable: true, description: 'How many the partner was last told to sell.' })
  stock!: number | null

  @Field(() => String, { nullable: true, description: 'Why the partner would not take it, in its own words.' })
  refusal!: string | null

  @Field(() => DateTime, { description: 'When it was first wanted there.' })
  createdAt!: Date
}

/** A page of listings. */
export const ListingConnection = connectionOf('Listing', () => ListingType)

/** Variants to be sold at Kuaishou. */
@InputType('ListOnKuaishouInput', { description: 'Variants to be sold at Kuaishou.' })
export class ListOnKuaishouInput {
  @Field(() => [ID], { description: 'At most 100 variants that we sell ourselves.' })
  variantIds!: string[]
}

/** Variants no longer to be sold at Kuaishou. */
@InputType('UnlistFromKuaishouInput', { description: 'Variants no longer to be sold at Kuaishou.' })
export class UnlistFromKuaishouInput {
  @Field(() => [ID], { description: 'At most 100 variants.' })
  variantIds!: string[]
}

/** What became of the wish to list. */
@ObjectType('ListOnKuaishouPayload', { description: 'What became of the wish to list.' })
export class ListOnKuaishouPayload extends Payload {
  @Field(() => [ListingType], { nullable: true, description: 'The listings; they follow within seconds.' })
  listings?: readonly ListingType[]
}

/** What became of the wish to unlist. */
@ObjectType('UnlistFromKuaishouPayload', { description: 'What became of the wish to unlist.' })
export class UnlistFromKuaishouPayload extends Payload {
  @Field(() => [ListingType], { nullable: true, description: 'The listings that end.' })
  listings?: readonly ListingType[]
}

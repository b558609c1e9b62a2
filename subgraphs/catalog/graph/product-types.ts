import { Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { MoneyType } from '../../host/graph/money.js'
import { NodeType } from '../../host/graph/node.js'
import { connectionOf } from '../../host/graph/page.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import type { Grade } from '../domain/grade.js'

/** `Grade` of the domain, as an enum of the graph. */
export const GradeType = { S: 'S', A: 'A', B: 'B', C: 'C', D: 'D' } as const
registerEnumType(GradeType, {
  name: 'Grade',
  description: 'How good a thing was found to be.',
  valuesConfig: {
    S: { description: 'Outstanding.' },
    A: { description: 'Very good.' },
    B: { description: 'Good.' },
    C: { description: 'Fair.' },
    D: { description: 'Poor.' },
  },
})

@ObjectType('ProductAttribute', { description: 'A property of a product.' })
export class ProductAttributeType {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => String, { description: 'Its value; one name may have several.' })
  value!: string
}

/** `InventoryPolicy` of the domain, as an enum of the graph. */
export const InventoryPolicyType = { DENY: 'DENY', CONTINUE: 'CONTINUE' } as const
registerEnumType(InventoryPolicyType, {
  name: 'InventoryPolicy',
  description: "What the seller's feed wishes for when stock is gone. Nothing is ever sold that is not there.",
  valuesConfig: {
    DENY: { description: 'No more is sold.' },
    CONTINUE: { description: 'The seller would go on selling; kept, and not followed.' },
  },
})

@ObjectType('Image', { description: 'A picture.' })
export class ImageType {
  @Field(() => String, { description: 'Its http or https address.' })
  url!: string

  @Field(() => String, { nullable: true, description: 'What it shows, in words.' })
  alt!: string | null
}

@ObjectType('ProductOption', { description: 'Something to choose about a product, like its size.' })
export class ProductOptionType {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => [String], { description: 'What can be chosen.' })
  values!: readonly string[]
}

@Directive('@key(fields: "id")')
@ObjectType('Product', { implements: NodeType, description: 'A thing that is sold, in one or several variants.' })
export class ProductType extends NodeType {
  @Field(() => String, { description: "Its name in its seller's addresses; one product of a seller has it." })
  handle!: string

  @Field(() => String, { description: 'What it is called.' })
  title!: string

  @Field(() => String, { description: 'Its description as HTML that is fit for any page; may be empty.' })
  descriptionHtml!: string

  @Field(() => String, { nullable: true, description: 'Its brand, in the words of its seller.' })
  vendor!: string | null

  @Field(() => String, { nullable: true, description: 'What kind of thing it is, in the words of its seller.' })
  productType!: string | null

  @Field(() => [String], { description: "Its seller's words to find it by." })
  tags!: readonly string[]

  @Field(() => String, { description: 'Who sells it.' })
  seller!: string

  @Field(() => Boolean, { description: 'Whether it is our own, or of a third party.' })
  selfOperated!: boolean

  @Field(() => Boolean, { description: 'Whether it stands in lists; one that does not is found by staff alone.' })
  published!: boolean

  @Field(() => [ImageType], { description: 'Its pictures, in the order of its seller.' })
  images!: readonly ImageType[]

  @Field(() => [ProductAttributeType], { description: 'Its properties, in the order of its seller.' })
  attributes!: readonly ProductAttributeType[]

  @Field(() => [String], { description: 'The names by which its feed finds its category, the widest first.' })
  categoryPath!: readonly string[]

  @Field(() => GradeType, {
    nullable: true,
    description: 'How good it was found to be; null when nobody has judged yet.',
  })
  grade!: Grade | null

  @Field(() => [ProductOptionType], { description: 'What can be chosen about it.' })
  options!: readonly ProductOptionType[]

  @Field(() => DateTime, { description: 'When it first came into the catalog.' })
  createdAt!: Date

  @Field(() => DateTime, { description: 'When its description last changed.' })
  updatedAt!: Date
}

@Directive('@key(fields: "id")')
@ObjectType('Variant', { implements: NodeType, description: 'One form of a product, as it is put into a parcel.' })
export class VariantType extends NodeType {
  @Field(() => String, {
    nullable: true,
    description: 'What sets it apart, like "Blue / M"; null when there is one form only.',
  })
  title!: string | null

  @Field(() => String, { nullable: true, description: "Its seller's own number for it." })
  sku!: string | null

  @Field(() => [String], { description: "One value for each of the product's options." })
  optionValues!: readonly string[]

  @Field(() => String, { nullable: true, description: 'What a scanner reads from it.' })
  barcode!: string | null

  @Field(() => Int, { nullable: true, description: 'Its weight.' })
  grams!: number | null

  @Field(() => InventoryPolicyType, { description: "What the seller's feed wishes for when stock is gone." })
  inventoryPolicy!: keyof typeof InventoryPolicyType

  @Field(() => Boolean, { description: 'Whether it is sent in a parcel.' })
  requiresShipping!: boolean

  @Field(() => Boolean, { description: 'Whether tax is due on it.' })
  taxable!: boolean

  @Field(() => Boolean, { description: "Whether its seller's feed still names it." })
  listed!: boolean
}

@ObjectType('VariantFeed', {
  description:
    "What its seller's feed last said of a variant. What it costs and how many are left now is `price` and `stock`.",
})
export class VariantFeedType {
  @Field(() => MoneyType, { description: 'The list price.' })
  price!: MoneyType

  @Field(() => MoneyType, { nullable: true, description: 'The price to compare with.' })
  compareAt!: MoneyType | null

  @Field(() => SafeInt, { nullable: true, description: 'How many there were; null when the feed did not say.' })
  quantity!: number | null
}

/** A page of products. */
export const ProductConnection = connectionOf('Product', () => ProductType)

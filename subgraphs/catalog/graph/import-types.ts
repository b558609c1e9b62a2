import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { SafeInt } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import type { ImportOutcome } from '../flow/import-products.js'
import { InventoryPolicyType } from './product-types.js'

/** `ImportOutcome` of the flow, as an enum of the graph. */
export const ImportOutcomeType = {
  CREATED: 'CREATED',
  UPDATED: 'UPDATED',
  UNCHANGED: 'UNCHANGED',
  REFUSED: 'REFUSED',
} as const
registerEnumType(ImportOutcomeType, {
  name: 'ImportOutcome',
  description: 'What became of a product of a feed.',
  valuesConfig: {
    CREATED: { description: 'It is new.' },
    UPDATED: { description: 'It was changed.' },
    UNCHANGED: { description: 'It was fed like this before; nothing was written.' },
    REFUSED: { description: 'Something about it is wrong; nothing of it was written.' },
  },
})

@InputType({ description: 'A picture of a feed.' })
export class ImageInput {
  @Field(() => String, { description: 'Its http or https address.' })
  url!: string

  @Field(() => String, { nullable: true, description: 'What it shows, in words.' })
  alt?: string | null
}

@InputType({ description: 'A property of a product of a feed.' })
export class AttributeInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => String, { description: 'Its value; one name may have several.' })
  value!: string
}

@InputType({ description: 'One form of a product of a feed.' })
export class VariantInput {
  @Field(() => String, { nullable: true, description: 'Its number; one without is known by its option values.' })
  sku?: string | null

  @Field(() => [String], { description: "One value for each of the product's options." })
  optionValues!: string[]

  @Field(() => SafeInt, { description: 'Its list price in the smallest unit of the currency.' })
  priceMinor!: number

  @Field(() => SafeInt, { nullable: true, description: 'The price to compare with.' })
  compareAtMinor?: number | null

  @Field(() => SafeInt, { nullable: true, description: 'How many there are; null when the feed does not say.' })
  quantity?: number | null

  @Field(() => InventoryPolicyType, { defaultValue: 'DENY', description: 'What is wished for when stock is gone.' })
  policy!: keyof typeof InventoryPolicyType

  @Field(() => String, { nullable: true, description: 'What a scanner reads from it.' })
  barcode?: string | null

  @Field(() => Int, { nullable: true, description: 'Its weight.' })
  grams?: number | null

  @Field(() => String, { nullable: true, description: 'The http or https address of its own picture.' })
  image?: string | null

  @Field(() => Boolean, { defaultValue: true, description: 'Whether it is sent in a parcel.' })
  requiresShipping!: boolean

  @Field(() => Boolean, { defaultValue: true, description: 'Whether tax is due on it.' })
  taxable!: boolean
}

@InputType({
  description: 'A product of a feed, with all its forms: one that is not named any more is no longer sold.',
})
export class ProductInput {
  @Field(() => String, { description: "Its name in its seller's addresses." })
  handle!: string

  @Field(() => String, { description: 'What it is called.' })
  title!: string

  @Field(() => String, { nullable: true, description: 'Its description; what is not fit for any page is taken out.' })
  bodyHtml?: string | null

  @Field(() => String, { nullable: true, description: 'Its brand.' })
  vendor?: string | null

  @Field(() => String, { nullable: true, description: 'What kind of thing it is.' })
  type?: string | null

  @Field(() => [String], {
    defaultValue: [],
    description:
      'Where it stands among the kinds of things, the widest first; at most 8. Categories that are missing are made.',
  })
  category!: string[]

  @Field(() => [AttributeInput], { defaultValue: [], description: 'Its properties, at most 100.' })
  attributes!: AttributeInput[]

  @Field(() => [String], { defaultValue: [], description: 'Words to find it by.' })
  tags!: string[]

  @Field(() => Boolean, { defaultValue: true, description: 'Whether it stands in lists.' })
  published!: boolean

  @Field(() => [String], { defaultValue: [], description: 'The names of its options, at most three.' })
  options!: string[]

  @Field(() => [ImageInput], { defaultValue: [], description: 'Its pictures in their order.' })
  images!: ImageInput[]

  @Field(() => [VariantInput], { description: 'Its forms in their order, from 1 to 250.' })
  variants!: VariantInput[]
}

@InputType({ description: "A batch of a seller's feed." })
export class ImportProductsInput {
  @Field(() => String, { description: 'Who sells them.' })
  seller!: string

  @Field(() => Boolean, { defaultValue: false, description: 'Whether they are our own.' })
  selfOperated!: boolean

  @Field(() => String, { description: 'The currency of all prices: ISO 4217, three capitals.' })
  currency!: string

  @Field(() => [ProductInput], { description: 'At most 200 products.' })
  products!: ProductInput[]
}

@ObjectType('ImportedProduct', { description: 'What became of one product of a feed.' })
export class ImportedProductType {
  @Field(() => String, { description: 'Its handle, as it was sent.' })
  handle!: string

  @Field(() => ImportOutcomeType, { description: 'What became of it.' })
  outcome!: ImportOutcome
}

@ObjectType('ImportProductsPayload', { description: 'What became of a batch.' })
export class ImportProductsPayload extends Payload {
  @Field(() => [ImportedProductType], {
    nullable: true,
    description: 'One for each product, in the order of the batch.',
  })
  results?: readonly ImportedProductType[]
}

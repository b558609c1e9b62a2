import { ArgsType, Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { PageArgs } from '../../host/graph/page.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import type { Grade } from '../domain/grade.js'
import type { ProductSort } from '../store/search-products.js'
import { GradeType } from './product-types.js'

/** `ProductSort` of the store, as an enum of the graph. */
export const ProductSortType = {
  RELEVANCE: 'RELEVANCE',
  NEWEST: 'NEWEST',
  PRICE_ASC: 'PRICE_ASC',
  PRICE_DESC: 'PRICE_DESC',
} as const
registerEnumType(ProductSortType, {
  name: 'ProductSort',
  description: 'In which order products stand.',
  valuesConfig: {
    RELEVANCE: { description: 'Where the searched words weigh most first; without a search the newest.' },
    NEWEST: { description: 'The newest first.' },
    PRICE_ASC: { description: 'The lowest list price first, by currency.' },
    PRICE_DESC: { description: 'The highest list price first, by currency.' },
  },
})

@InputType({ description: 'List prices from and to, both included.' })
export class PriceRangeInput {
  @Field(() => String, { description: 'ISO 4217, three capitals.' })
  currency!: string

  @Field(() => SafeInt, { nullable: true, description: 'The lowest, in the smallest unit of the currency.' })
  fromMinor?: number | null

  @Field(() => SafeInt, { nullable: true, description: 'The highest, in the smallest unit of the currency.' })
  toMinor?: number | null
}

@InputType({ description: 'Some values of one attribute.' })
export class AttributeFilterInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => [String], { description: 'Any of these, at most 50.' })
  values!: string[]
}

@InputType({ description: 'What a list of products is narrowed by: all of it must hold.' })
export class ProductFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of this category or of one below it.' })
  categoryId?: string | null

  @Field(() => [ID], { nullable: true, description: 'Of any of these brands, at most 50.' })
  brandIds?: string[] | null

  @Field(() => String, { nullable: true, description: 'Of this seller.' })
  seller?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Only our own, or only those of others.' })
  selfOperated?: boolean | null

  @Field(() => [GradeType], { nullable: true, description: 'Of any of these grades.' })
  grades?: Grade[] | null

  @Field(() => PriceRangeInput, { nullable: true, description: 'Whose lowest list price is in this range.' })
  price?: PriceRangeInput | null

  @Field(() => [AttributeFilterInput], { nullable: true, description: 'At most 10 attributes or options.' })
  attributes?: AttributeFilterInput[] | null

  @Field(() => String, {
    nullable: true,
    description: 'Delivered to this region: 6, 9 or 12 digits of the national list (GB/T 2260).',
  })
  deliveredTo?: string | null
}

/** The arguments of the list of products. */
@ArgsType()
export class ProductsArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'Words in Chinese, English or both. All must be found, in the title, brand, kind, tags, attributes or description.',
  })
  search?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Only our own, or only those of others.' })
  selfOperated?: boolean | null

  @Field(() => ProductFilterInput, { nullable: true, description: 'What the list is narrowed by.' })
  filter?: ProductFilterInput | null

  @Field(() => ProductSortType, {
    nullable: true,
    description: 'By relevance if there is a search, else the newest first.',
  })
  sort?: ProductSort | null
}

/** The arguments of a brand's or a category's own list. */
@ArgsType()
export class OwnProductsArgs extends PageArgs {
  @Field(() => ProductSortType, { nullable: true, description: 'The newest first unless it says otherwise.' })
  sort?: ProductSort | null
}

@ObjectType('CategoryCount', { description: 'How many products of a list stand in a category or below it.' })
export class CategoryCountType {
  @Field(() => Int, { description: 'How many.' })
  count!: number
}

@ObjectType('BrandCount', { description: 'How many products of a list are of a brand.' })
export class BrandCountType {
  @Field(() => Int, { description: 'How many.' })
  count!: number
}

@ObjectType('GradeCount', { description: 'How many products of a list have a grade.' })
export class GradeCountType {
  @Field(() => GradeType, { description: 'The grade.' })
  grade!: Grade

  @Field(() => Int, { description: 'How many.' })
  count!: number
}

@ObjectType('PriceBand', { description: 'How many products of a list have their lowest list price in a band.' })
export class PriceBandType {
  @Field(() => String, { description: 'ISO 4217, three capitals.' })
  currency!: string

  @Field(() => SafeInt, { description: 'Where it begins, in the smallest unit of the currency; included.' })
  fromMinor!: number

  @Field(() => SafeInt, { nullable: true, description: 'Where it ends, not included; null for the highest.' })
  toMinor!: number | null

  @Field(() => Int, { description: 'How many.' })
  count!: number
}

@ObjectType('AttributeValueCount', { description: 'How many products of a list bear a value.' })
export class AttributeValueCountType {
  @Field(() => String, { description: 'The value.' })
  value!: string

  @Field(() => Int, { description: 'How many.' })
  count!: number
}

/** A facet is bounded, and has no argument that says how long it is. */
const assumed = (size: number): PropertyDecorator & MethodDecorator =>
  Directive(`@listSize(assumedSize: ${size}, requireOneSlicingArgument: false)`)

@ObjectType('AttributeFacet', { description: 'The values of an attribute or an option among the products of a list.' })
export class AttributeFacetType {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @assumed(20)
  @Field(() => [AttributeValueCountType], { description: 'The most frequent values first, at most 20.' })
  values!: readonly AttributeValueCountType[]
}

@ObjectType('ProductFacets', {
  description:
    'What a list of products could be narrowed by. Each part is counted as if nothing were chosen in it yet, and everything else were.',
})
export class ProductFacetsType {
  @Field(() => Int, { description: 'How many products the whole list holds.' })
  total!: number

  @Field(() => DateTime, {
    description: 'When this was counted: figures of a list without words or a seller may be up to a minute old.',
  })
  countedAt!: Date

  @Field(() => Int, { description: 'How many are our own.' })
  selfOperated!: number

  @Field(() => Int, { description: 'How many are of third parties.' })
  thirdParty!: number

  @assumed(100)
  @Field(() => [CategoryCountType], { description: 'By category, what is below it included; at most 100.' })
  categories!: readonly CategoryCountType[]

  @assumed(50)
  @Field(() => [BrandCountType], { description: 'By brand, at most 50.' })
  brands!: readonly BrandCountType[]

  @assumed(5)
  @Field(() => [GradeCountType], { description: 'By grade, the best first.' })
  grades!: readonly GradeCountType[]

  @assumed(40)
  @Field(() => [PriceBandType], { description: 'By price, the lowest first.' })
  prices!: readonly PriceBandType[]

  @assumed(20)
  @Field(() => [AttributeFacetType], { description: 'By attribute and option, at most 20.' })
  attributes!: readonly AttributeFacetType[]
}

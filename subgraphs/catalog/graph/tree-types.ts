import { Directive, Field, InputType, ID, Int, ObjectType } from 'type-graphql'
import { NodeType } from '../../host/graph/node.js'
import { connectionOf } from '../../host/graph/page.js'
import { Payload } from '../../host/graph/user-error.js'

@Directive('@key(fields: "id")')
@ObjectType('Brand', { implements: NodeType, description: 'A name that things are sold under.' })
export class BrandType extends NodeType {
  @Field(() => String, { description: 'The name.' })
  name!: string

  @Field(() => String, { nullable: true, description: 'What its page says of it.' })
  description!: string | null

  @Field(() => String, { nullable: true, description: 'The http or https address of its sign.' })
  logo!: string | null

  @Field(() => String, { nullable: true, description: 'Its own site.' })
  site!: string | null
}

/** A page of brands. */
export const BrandConnection = connectionOf('Brand', () => BrandType)

@Directive('@key(fields: "id")')
@ObjectType('Category', { implements: NodeType, description: 'A kind of things, somewhere in the tree of kinds.' })
export class CategoryType extends NodeType {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => Int, { description: 'Its place among those of the same parent; equals stand by their names.' })
  position!: number
}

@InputType({ description: 'What a brand says of itself.' })
export class DescribeBrandInput {
  @Field(() => ID, { description: 'Which brand.' })
  brandId!: string

  @Field(() => String, { nullable: true, description: 'A text of at most 5000 characters.' })
  description?: string | null

  @Field(() => String, { nullable: true, description: 'The http or https address of its sign.' })
  logo?: string | null

  @Field(() => String, { nullable: true, description: 'The http or https address of its site.' })
  site?: string | null
}

@ObjectType('DescribeBrandPayload', { description: 'What became of it.' })
export class DescribeBrandPayload extends Payload {
  @Field(() => BrandType, { nullable: true, description: 'The brand as it is now.' })
  brand?: BrandType | null
}

@InputType({ description: 'A category as it shall be.' })
export class SaveCategoryInput {
  @Field(() => ID, { nullable: true, description: 'Which one is changed; null for a new one.' })
  categoryId?: string | null

  @Field(() => String, { description: 'Its name; one parent has it once.' })
  name!: string

  @Field(() => ID, { nullable: true, description: 'What it stands below; null for the top.' })
  parentId?: string | null

  @Field(() => Int, { defaultValue: 0, description: 'Its place among those of the same parent.' })
  position!: number
}

@ObjectType('SaveCategoryPayload', { description: 'What became of it.' })
export class SaveCategoryPayload extends Payload {
  @Field(() => CategoryType, { nullable: true, description: 'The category as it is now.' })
  category?: CategoryType | null
}

import { Field, ID, InputType, Int } from 'type-graphql'

@InputType('SetStockInput', { description: 'A count of what may be sold.' })
export class SetStockInput {
  @Field(() => ID, { description: 'Of what.' })
  variantId!: string

  @Field(() => ID, { nullable: true, description: 'Where it was counted; none: the main warehouse, that of feeds.' })
  warehouseId?: string | null

  @Field(() => Int, { description: 'How many may be sold from there from now on; what is held and sold stays so.' })
  available!: number

  @Field(() => String, { description: 'Why it is another number now.' })
  reason!: string
}

@InputType('SaveWarehouseInput', { description: 'A warehouse, known by its seller and its name.' })
export class SaveWarehouseInput {
  @Field(() => String, { nullable: true, description: "Whose goods alone lie there; none: anybody's, for operators." })
  seller?: string | null

  @Field(() => String, { description: 'What it is called, 1 to 60 characters.' })
  name!: string

  @Field(() => String, { nullable: true, description: 'Where it stands, 2, 4 or 6 digits of the national list.' })
  region?: string | null

  @Field(() => [String], {
    defaultValue: [],
    description: 'The regions that it serves, 2, 4 or 6 digits each; empty: all. At most 500.',
  })
  serves!: string[]
}

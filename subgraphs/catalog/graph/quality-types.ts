import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { MAYBE_KEY } from '../../host/graph/maybe-key.js'
import { DateTime } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import type { Grade } from '../domain/grade.js'
import { GradeType, ProductType } from './product-types.js'

@ObjectType('Grading', { description: 'A judgement on the quality of a product, and what it rests on.' })
export class GradingType {
  @Field(() => GradeType, { description: 'What was found.' })
  grade!: Grade

  @Field(() => String, { description: 'Who judged.' })
  gradedBy!: string

  @Field(() => DateTime, { description: 'When.' })
  gradedAt!: Date

  @Field(() => String, { nullable: true, description: 'The http or https address of the report.' })
  report!: string | null

  @Field(() => String, { nullable: true, description: 'What there is to say.' })
  notes!: string | null
}

@ObjectType('DeliveryRegions', {
  description:
    'Where a product is delivered to, by numbers of the national list (GB/T 2260): 2 digits name a province, 4 a city, 6 a district. The narrowest number decides, and an exception before its like.',
})
export class DeliveryRegionsType {
  @Field(() => [String], { description: 'These alone; empty for everywhere.' })
  only!: readonly string[]

  @Field(() => [String], { description: 'Not these.' })
  except!: readonly string[]
}

@InputType({ description: 'A judgement with its evidence: a report, notes or both.' })
export class GradeProductInput {
  @Field(() => String, MAYBE_KEY)
  idempotencyKey?: string | null

  @Field(() => ID, { description: 'Which product.' })
  productId!: string

  @Field(() => GradeType, { description: 'What was found.' })
  grade!: Grade

  @Field(() => String, { nullable: true, description: 'The http or https address of the report.' })
  report?: string | null

  @Field(() => String, { nullable: true, description: 'What there is to say, at most 2000 characters.' })
  notes?: string | null
}

@InputType({ description: 'Where a product shall be delivered to.' })
export class SetDeliveryRegionsInput {
  @Field(() => ID, { description: 'Which product.' })
  productId!: string

  @Field(() => [String], { defaultValue: [], description: 'These regions alone; empty for everywhere. At most 500.' })
  only!: string[]

  @Field(() => [String], { defaultValue: [], description: 'Not these, at most 500.' })
  except!: string[]
}

@ObjectType('ProductPayload', { description: 'What became of a product.' })
export class ProductPayload extends Payload {
  @Field(() => ProductType, { nullable: true, description: 'The product as it is now.' })
  product?: ProductType | null
}

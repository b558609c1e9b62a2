import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { connectionOf } from '../../host/graph/page.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import { ProductType } from './product-types.js'

/** `PoolState` of the domain, as an enum of the graph. */
export const PoolStateType = {
  ...{ SUBMITTED: 'SUBMITTED', TESTING: 'TESTING', APPROVED: 'APPROVED', REJECTED: 'REJECTED', WITHDRAWN: 'WITHDRAWN' },
} as const
registerEnumType(PoolStateType, {
  name: 'PoolState',
  description: 'Where a product stands on its way into the pool.',
  valuesConfig: {
    SUBMITTED: { description: 'Its merchant wants it in; nobody has looked at it.' },
    TESTING: { description: 'Quality control has it in hand.' },
    APPROVED: { description: 'Every host may pick it.' },
    REJECTED: { description: 'It did not pass; it may be submitted again.' },
    WITHDRAWN: { description: 'Its merchant took it back.' },
  },
})

/** `Grade` of the domain, as an enum of the graph. */
export const GradeType = { S: 'S', A: 'A', B: 'B', C: 'C' } as const
registerEnumType(GradeType, {
  name: 'PoolGrade',
  description: 'How good a tested product is.',
  valuesConfig: {
    S: { description: 'The best.' },
    A: { description: 'Very good.' },
    B: { description: 'Good.' },
    C: { description: 'Good enough.' },
  },
})

/** By what pass rates are told apart. */
export const PassRateByType = { MONTH: 'MONTH', SELLER: 'SELLER', CATEGORY: 'CATEGORY' } as const
registerEnumType(PassRateByType, {
  name: 'PassRateBy',
  description: 'By what pass rates are told apart.',
  valuesConfig: {
    MONTH: { description: 'By the month in which the test ended, UTC.' },
    SELLER: { description: 'By seller.' },
    CATEGORY: { description: 'By category.' },
  },
})

/** Where a wish for a sample stands, as an enum of the graph. */
export const SampleStateType = { REQUESTED: 'REQUESTED', SENT: 'SENT', DECLINED: 'DECLINED' } as const
registerEnumType(SampleStateType, {
  name: 'PoolSampleState',
  description: 'Where a wish for a sample stands.',
  valuesConfig: {
    REQUESTED: { description: 'Nobody has answered it.' },
    SENT: { description: 'It is on its way.' },
    DECLINED: { description: 'The merchant sends none.' },
  },
})

@ObjectType('PoolStep', { description: "One step of a product's way into the pool." })
export class PoolStepType {
  @Field(() => PoolStateType, { description: 'Where it led.' })
  state!: string

  @Field(() => GradeType, { nullable: true, description: 'The grade that was given.' })
  grade!: string | null

  @Field(() => [String], { description: 'Why it was rejected or doubted.' })
  reasons!: readonly string[]

  @Field(() => DateTime, { description: 'When.' })
  at!: Date
}

@ObjectType('PoolEntry', { description: 'A product in the official pool, or on its way into it.' })
export class PoolEntryType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => ProductType, { nullable: true, description: 'The product.' })
  product?: ProductType | null

  @Field(() => String, { description: 'Who sells it.' })
  seller!: string

  @Field(() => String, { description: 'The category it was submitted for.' })
  category!: string

  @Field(() => PoolStateType, { description: 'Where it stands.' })
  state!: string

  @Field(() => GradeType, { nullable: true, description: 'Its grade; null unless it is approved.' })
  grade!: string | null

  @Field(() => [String], { description: 'Why it was rejected or doubted.' })
  reasons!: readonly string[]

  @Field(() => Int, { description: 'What a host who picks it now earns of a sale, in hundredths of a percent.' })
  commissionBp!: number

  @Field(() => Int, { description: 'What the merchant earns of the list price, in hundredths of a percent.' })
  marginBp!: number

  @Field(() => DateTime, { description: 'When it was submitted last.' })
  submittedAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When its test ended; null before it did.' })
  decidedAt!: Date | null
}

/** A page of the pool. */
export const PoolEntryConnection = connectionOf('PoolEntry', () => PoolEntryType)

@ObjectType('PassRate', { description: 'How many tests ended well.' })
export class PassRateType {
  @Field(() => String, { description: 'Of which month, seller or category.' })
  of!: string

  @Field(() => SafeInt, { description: 'Tests that ended.' })
  decided!: number

  @Field(() => SafeInt, { description: 'Those that ended with an approval.' })
  approved!: number

  @Field(() => Int, { nullable: true, description: 'Approved of decided, in hundredths of a percent.' })
  rateBp!: number | null
}

@ObjectType('PoolSample', { description: "A host's wish to try a product of the pool." })
export class PoolSampleType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => SampleStateType, { description: 'Where it stands.' })
  state!: string

  @Field(() => String, { nullable: true, description: 'The parcel, or why none is sent.' })
  note!: string | null
}

@InputType({ description: 'A product for the pool.' })
export class SubmitToPoolInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string

  @Field(() => String, { description: 'Its category, at most 100 characters.' })
  category!: string

  @Field(() => Int, { description: 'What a host earns of a sale, in hundredths of a percent, 0 to 9000.' })
  commissionBp!: number

  @Field(() => Int, {
    description: 'What the merchant earns of the list price, in hundredths of a percent, 0 to 10000.',
  })
  marginBp!: number
}

@InputType({ description: 'What is done to a product of the pool.' })
export class PoolEntryInput {
  @Field(() => ID, { description: 'The entry.' })
  poolEntryId!: string
}

@InputType({ description: 'How a test ended.' })
export class DecidePoolTestInput {
  @Field(() => ID, { description: 'The entry.' })
  poolEntryId!: string

  @Field(() => GradeType, { nullable: true, description: 'Its grade: it is approved. Null: it is rejected.' })
  grade?: keyof typeof GradeType | null

  @Field(() => [String], { nullable: true, description: 'Why it is rejected, 1 to 20; not with a grade.' })
  reasons?: string[] | null
}

@InputType({ description: 'Why a product is tested again.' })
export class RetestPoolEntryInput {
  @Field(() => ID, { description: 'The entry.' })
  poolEntryId!: string

  @Field(() => String, { description: 'Why, at most 200 characters.' })
  reason!: string
}

@InputType({ description: 'Whether a host sells a product of the pool.' })
export class PickFromPoolInput {
  @Field(() => ID, { description: 'The entry.' })
  poolEntryId!: string

  @Field(() => Boolean, { defaultValue: true, description: 'False: no longer, on the usual terms from now on.' })
  picked!: boolean
}

@InputType({ description: 'The answer to a wish for a sample.' })
export class AnswerSampleInput {
  @Field(() => ID, { description: 'The wish.' })
  poolSampleId!: string

  @Field(() => Boolean, { description: 'Whether it is sent.' })
  sent!: boolean

  @Field(() => String, { description: 'The parcel, or why none is sent; at most 200 characters.' })
  note!: string
}

@ObjectType('PoolEntryPayload', { description: 'What became of a product of the pool.' })
export class PoolEntryPayload extends Payload {
  @Field(() => PoolEntryType, { nullable: true, description: 'The entry; null when it was refused.' })
  poolEntry?: PoolEntryType | null
}

@ObjectType('PoolSamplePayload', { description: 'What became of a wish for a sample.' })
export class PoolSamplePayload extends Payload {
  @Field(() => PoolSampleType, { nullable: true, description: 'The wish; null when it was refused.' })
  poolSample?: PoolSampleType | null
}

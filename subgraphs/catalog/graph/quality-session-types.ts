import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { connectionOf } from '../../host/graph/page.js'
import { DateTime } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import type { Grade } from '../domain/pool.js'
import { GradeType } from './pool-types.js'
import { ProductType } from './product-types.js'

@ObjectType('QualityGood', { description: 'A product on the page of a quality session.' })
export class QualityGoodType {
  @Field(() => ProductType, { nullable: true, description: 'The product.' })
  product?: ProductType | null

  @Field(() => GradeType, { description: 'How good its test found it.' })
  grade!: string

  @Field(() => DateTime, { description: 'When the partner selected it.' })
  selectedAt!: Date
}

/** A page of the goods of a session. */
export const QualityGoodConnection = connectionOf('QualityGood', () => QualityGoodType)

@ObjectType('QualitySession', {
  description:
    'A page of approved goods that a partner selects. A product that is approved no longer is taken off at once.',
})
export class QualitySessionType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => String, { description: 'For people: what it is.' })
  label!: string

  @Field(() => String, { description: 'The partner that selects.' })
  partner!: string

  @Field(() => GradeType, { description: 'Nothing below this grade stands on it.' })
  leastGrade!: string

  @Field(() => DateTime, { description: 'When its page opens to everybody.' })
  startsAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When it ends or ended.' })
  endsAt!: Date | null
}

/** A page of sessions. */
export const QualitySessionConnection = connectionOf('QualitySession', () => QualitySessionType)

@InputType('OpenQualitySessionInput', { description: 'A page that a partner fills with approved goods.' })
export class OpenQualitySessionInput {
  @Field(() => String, { description: 'The same for the same wish, 1 to 200 characters.' })
  idempotencyKey!: string

  @Field(() => String, { description: 'For people: what it is, 1 to 80 characters.' })
  label!: string

  @Field(() => String, { description: 'The partner that selects, 1 to 40 characters.' })
  partner!: string

  @Field(() => GradeType, { description: 'Nothing below this grade stands on it.' })
  leastGrade!: Grade

  @Field(() => DateTime, { nullable: true, description: 'When its page opens to everybody; none: now.' })
  startsAt?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it ends; none: when it is closed.' })
  endsAt?: Date | null
}

@InputType('SelectForQualitySessionInput', { description: 'What is put on the page of a session, or taken off it.' })
export class SelectForQualitySessionInput {
  @Field(() => String, { description: 'The same for the same wish, 1 to 200 characters.' })
  idempotencyKey!: string

  @Field(() => ID, { description: 'The session.' })
  qualitySessionId!: string

  @Field(() => [ID], { description: '1 to 100 entries of the pool; all of them or none.' })
  poolEntryIds!: string[]

  @Field(() => Boolean, { defaultValue: true, description: 'False: they are taken off.' })
  selected!: boolean
}

@InputType('CloseQualitySessionInput', { description: 'A session to be ended.' })
export class CloseQualitySessionInput {
  @Field(() => String, { description: 'The same for the same wish, 1 to 200 characters.' })
  idempotencyKey!: string

  @Field(() => ID, { description: 'The session.' })
  qualitySessionId!: string
}

@ObjectType('QualitySessionPayload', { description: 'What became of a quality session.' })
export class QualitySessionPayload extends Payload {
  @Field(() => QualitySessionType, { nullable: true, description: 'The session as it is; null when it was refused.' })
  qualitySession?: QualitySessionType | null
}

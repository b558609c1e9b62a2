import { Field, InputType, ObjectType } from 'type-graphql'
import {
  ComparedDayFields,
  DifferenceDeedType,
  DifferenceFields,
  SettleDifferenceFields,
} from '../../../host/books/difference-types.js'
import { connectionOf } from '../../../host/graph/page.js'
import { DateTime } from '../../../host/graph/scalars.js'
import { Payload } from '../../../host/graph/user-error.js'

/** A difference as the graph shows it. */
@ObjectType('KuaishouDifference', { description: "A line on which Kuaishou's books and ours differ." })
export class KuaishouDifferenceType extends DifferenceFields {
  @Field(() => [DifferenceDeedType], { description: 'What was done to it, oldest first.' })
  deeds!: readonly DifferenceDeedType[]
}

/** A page of differences. */
export const KuaishouDifferenceConnection = connectionOf('KuaishouDifference', () => KuaishouDifferenceType)

@ObjectType('KuaishouDay', { description: "What the last comparison of a day's books came to." })
export class KuaishouDayType extends ComparedDayFields {}

@InputType('CompareKuaishouDayInput', { description: 'A day whose books are to be compared.' })
export class CompareKuaishouDayInput {
  @Field(() => String, { description: 'The day in Beijing, like 2026-11-11.' })
  day!: string
}

@ObjectType('CompareKuaishouDayPayload', { description: 'What became of the wish to compare.' })
export class CompareKuaishouDayPayload extends Payload {
  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was asked for; the result is there once `kuaishouDay.comparedAt` is later.',
  })
  askedAt?: Date
}

@InputType('SettleKuaishouDifferenceInput', { description: "A person's word on a difference." })
export class SettleKuaishouDifferenceInput extends SettleDifferenceFields {}

@ObjectType('SettleKuaishouDifferencePayload', { description: 'What became of a word on a difference.' })
export class SettleKuaishouDifferencePayload extends Payload {
  @Field(() => KuaishouDifferenceType, { nullable: true, description: 'The difference as it is now.' })
  difference?: DifferenceFields
}

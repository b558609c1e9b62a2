import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { BookedEnd } from '../../host/books/agreement.js'
import {
  ComparedDayFields,
  DifferenceDeedType,
  DifferenceFields,
  SettleDifferenceFields,
} from '../../host/books/difference-types.js'
import { connectionOf } from '../../host/graph/page.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'

const DAY = 'The day in Beijing, like 2026-11-11.'

/** How an order ended, as an enum of the graph. */
export const BookedEndType: Readonly<Record<string, BookedEnd>> = { OPEN: 'open', SOLD: 'sold', GONE: 'gone' }
registerEnumType(BookedEndType, {
  name: 'BookedEnd',
  description: "How an order ended in a partner's books.",
  valuesConfig: {
    OPEN: { description: 'It is under way: reserved, paid or shipped.' },
    SOLD: { description: 'The buyer has what he keeps of it.' },
    GONE: { description: 'It was given up, or all its money went back.' },
  },
})

@InputType('PartnerReportLineInput', { description: "An order in a partner's books." })
export class PartnerReportLineInput {
  @Field(() => String, { description: "The partner's own number of the order, 1 to 100 characters." })
  partnerOrderId!: string

  @Field(() => BookedEndType, { description: 'How it ended.' })
  end!: BookedEnd

  @Field(() => SafeInt, { description: 'What the buyer paid; 0 while he has not.' })
  paidMinor!: number

  @Field(() => SafeInt, { description: 'What went back to the buyer, at most what he paid.' })
  refundedMinor!: number

  @Field(() => SafeInt, {
    nullable: true,
    description: 'What the partner earns by it; null while it is not known, and then not compared.',
  })
  commissionMinor?: number | null

  @Field(() => SafeInt, {
    nullable: true,
    description: 'What the partner bears of its price; null while it is not known, and then not compared.',
  })
  subsidyMinor?: number | null
}

@InputType('PartnerReportDayInput', { description: "A page of a day's books." })
export class PartnerReportDayInput {
  @Field(() => String, { description: 'Asking again with the same key and body changes nothing.' })
  idempotencyKey!: string

  @Field(() => String, { description: DAY })
  day!: string

  @Field(() => String, { defaultValue: 'CNY', description: 'Of all amounts: ISO 4217, three capitals.' })
  currency!: string

  @Field(() => Int, {
    defaultValue: 1,
    description: 'Pages come one after the other, 1 to 400; page 1 takes the place of all that was handed in before.',
  })
  page!: number

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether the day is whole with this page; then it is compared.',
  })
  isLast!: boolean

  @Field(() => [PartnerReportLineInput], { description: 'Up to 500 lines, one for each order.' })
  lines!: PartnerReportLineInput[]
}

@ObjectType('PartnerReport', { description: "How far a day's books are handed in." })
export class PartnerReportType {
  @Field(() => String, { description: DAY })
  day!: string

  @Field(() => Int, { description: 'How many pages have come.' })
  pages!: number

  @Field(() => SafeInt, { description: 'How many lines these had.' })
  lines!: number

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it was whole, null before; the result is there once `partnerDay.comparedAt` is no earlier than this.',
  })
  reportedAt!: Date | null
}

@ObjectType('PartnerReportDayPayload', { description: 'What became of a page.' })
export class PartnerReportDayPayload extends Payload {
  @Field(() => PartnerReportType, { nullable: true, description: 'How far the day is handed in now.' })
  report?: PartnerReportType
}

@ObjectType('PartnerDay', { description: "What the last comparison of a day's books came to." })
export class PartnerDayType extends ComparedDayFields {
  @Field(() => String, { description: 'Whose.' })
  partner!: string
}

/** A difference as the graph shows it. */
@ObjectType('PartnerDifference', { description: "A line on which a partner's books and ours differ." })
export class PartnerDifferenceType extends DifferenceFields {
  @Field(() => String, { description: 'Whose.' })
  partner!: string

  @Field(() => [DifferenceDeedType], { description: 'What was done to it, oldest first.' })
  deeds!: readonly DifferenceDeedType[]
}

/** A page of differences. */
export const PartnerDifferenceConnection = connectionOf('PartnerDifference', () => PartnerDifferenceType)

@InputType('ComparePartnerDayInput', { description: 'A day whose books are to be compared again.' })
export class ComparePartnerDayInput {
  @Field(() => String, { description: 'Whose.' })
  partner!: string

  @Field(() => String, { description: DAY })
  day!: string
}

@ObjectType('ComparePartnerDayPayload', { description: 'What became of the wish to compare.' })
export class ComparePartnerDayPayload extends Payload {
  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was asked for; the result is there once `partnerDay.comparedAt` is later.',
  })
  askedAt?: Date
}

@InputType('SettlePartnerDifferenceInput', { description: "A person's word on a difference." })
export class SettlePartnerDifferenceInput extends SettleDifferenceFields {}

@ObjectType('SettlePartnerDifferencePayload', { description: 'What became of a word on a difference.' })
export class SettlePartnerDifferencePayload extends Payload {
  @Field(() => PartnerDifferenceType, { nullable: true, description: 'The difference as it is now.' })
  difference?: DifferenceFields
}

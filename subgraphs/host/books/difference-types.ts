import { Directive, Field, InputType, ObjectType, registerEnumType } from 'type-graphql'
import { MoneyType } from '../graph/money.js'
import { DateTime, SafeInt } from '../graph/scalars.js'
import type { Compared } from './agreement.js'
import type { DifferenceState } from './difference-rows.js'

/** The states of a difference, as an enum of the graph. */
export const DifferenceStateType = { OPEN: 'OPEN', EXPLAINED: 'EXPLAINED', SETTLED: 'SETTLED' } as const
registerEnumType(DifferenceStateType, {
  name: 'DifferenceState',
  description: 'How far a difference between the books is.',
  valuesConfig: {
    OPEN: { description: 'Nobody has said anything to it.' },
    EXPLAINED: { description: 'Its reason is known; the books do not say the same yet.' },
    SETTLED: { description: 'It is over.' },
  },
})

/** What the books can differ by, as an enum of the graph. */
export const ComparedType = {
  MISSING_HERE: 'MISSING_HERE',
  MISSING_THERE: 'MISSING_THERE',
  DOUBLED: 'DOUBLED',
  STATE: 'STATE',
  PAID: 'PAID',
  REFUNDED: 'REFUNDED',
  COMMISSION: 'COMMISSION',
  SUBSIDY: 'SUBSIDY',
} as const
registerEnumType(ComparedType, {
  name: 'ComparedLine',
  description: 'What of an order two books can say differently.',
  valuesConfig: {
    MISSING_HERE: { description: 'Only the partner knows the order.' },
    MISSING_THERE: { description: 'Only we know the order.' },
    DOUBLED: { description: 'One of the books has the order more than once; how often, in each.' },
    STATE: { description: 'Whether it is open, sold or gone.' },
    PAID: { description: 'What the buyer paid, in fen.' },
    REFUNDED: { description: 'What went back to the buyer, in fen.' },
    COMMISSION: { description: 'What is earned by it, in fen.' },
    SUBSIDY: { description: 'What the partner bears of its price, in fen.' },
  },
})

/** A word on a difference, as it is kept. */
@Directive('@shareable')
@ObjectType('DifferenceDeed', { description: 'What was done to a difference, and why.' })
export class DifferenceDeedType {
  @Field(() => DifferenceStateType, { description: 'The state it was given.' })
  state!: DifferenceState

  @Field(() => String, { description: 'Why.' })
  reason!: string

  @Field(() => String, { description: 'By whom: a member, or the comparison itself.' })
  by!: string

  @Field(() => DateTime, { description: 'When.' })
  at!: Date
}

/** What every difference between books shows; extend it by a name, and by its `deeds`, which a resolver loads. */
@ObjectType()
export abstract class DifferenceFields {
  @Field(() => SafeInt, { description: 'Its number; name it to settle it.' })
  number!: number

  @Field(() => String, { description: "The day of the order at the partner's, like 2026-11-11." })
  day!: string

  @Field(() => String, { description: "The partner's own number of the order." })
  partnerOrder!: string

  @Field(() => ComparedType, { description: 'What differs.' })
  what!: Compared

  @Field(() => String, { description: 'What our books say.' })
  ours!: string

  @Field(() => String, { description: "What the partner's say." })
  theirs!: string

  @Field(() => DifferenceStateType, { description: 'How far it is.' })
  state!: DifferenceState

  @Field(() => DateTime, { description: 'When it was found, or found changed.' })
  foundAt!: Date
}

/** What the last comparison of a day came to; extend it by a name. */
@ObjectType()
export abstract class ComparedDayFields {
  @Field(() => String, { description: 'The day in Beijing, like 2026-11-11.' })
  day!: string

  @Field(() => DateTime, { description: 'When it was last compared.' })
  comparedAt!: Date

  @Field(() => SafeInt, { description: 'How many orders either side knows.' })
  orders!: number

  @Field(() => SafeInt, { description: 'For how many the partner still calculates.' })
  undecided!: number

  @Field(() => SafeInt, { description: 'How many differences are open.' })
  open!: number

  @Field(() => MoneyType, { description: 'What our books kept: paid less given back.' })
  ours!: MoneyType

  @Field(() => MoneyType, { description: "What the partner's books kept." })
  theirs!: MoneyType
}

/** A person's word on a difference; extend it by a name. */
@InputType()
export abstract class SettleDifferenceFields {
  @Field(() => SafeInt, { description: 'Which.' })
  number!: number

  @Field(() => DifferenceStateType, { description: 'The state it is to have.' })
  state!: DifferenceState

  @Field(() => String, { description: 'Why; kept for ever beside who said it. 1 to 500 characters.' })
  reason!: string
}

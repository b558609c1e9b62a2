import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { MoneyType } from '../../host/graph/money.js'
import { connectionOf } from '../../host/graph/page.js'
import { DateTime } from '../../host/graph/scalars.js'
import { OrderType, ProductType } from './stubs.js'

/** Of what a member is reminded, as an enum of the graph. */
export const ReminderKindType = { LAUNCH: 'LAUNCH', BALANCE_DUE: 'BALANCE_DUE' } as const
registerEnumType(ReminderKindType, {
  name: 'ReminderKind',
  description: 'Of what a member is reminded.',
  valuesConfig: {
    LAUNCH: { description: 'A new product that he reserved goes on sale.' },
    BALANCE_DUE: { description: 'The rest of what he paid a deposit for may be paid.' },
  },
})

@ObjectType('Reminder', { description: 'Something that a member asked to be told in time.' })
export class ReminderType {
  @Field(() => ID, { description: 'The same however often it was told.' })
  id!: string

  @Field(() => ReminderKindType, { description: 'Of what.' })
  kind!: string

  @Field(() => ProductType, { nullable: true, description: 'Of which product.' })
  product!: object | null

  @Field(() => OrderType, { nullable: true, description: 'The order whose balance is due.' })
  order!: object | null

  @Field(() => MoneyType, { nullable: true, description: 'What is left to be paid.' })
  balance!: MoneyType | null

  @Field(() => DateTime, { description: 'When the sale begins, or until when the balance may be paid.' })
  due!: Date

  @Field(() => DateTime, { description: 'When it was told.' })
  at!: Date
}

/** A page of reminders. */
export const ReminderConnection = connectionOf('Reminder', () => ReminderType)

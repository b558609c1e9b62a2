import { Field, ID, ObjectType } from 'type-graphql'
import { MoneyType } from '../../host/graph/money.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'

@ObjectType('SettlementRow', { description: 'What one kind of entries did to an account in a period.' })
export class SettlementRowType {
  @Field(() => String, { description: 'Like SALE, SUBSIDY, HOST_COMMISSION or PAID_BACK.' })
  kind!: string

  @Field(() => ID, { nullable: true, description: 'The session of subsidies that they belong to.' })
  session!: string | null

  @Field(() => SafeInt, { description: 'How many entries.' })
  count!: number

  @Field(() => MoneyType, { description: 'What came less what left.' })
  amount!: MoneyType
}

@ObjectType('SettlementStatement', { description: 'An account in one currency over a period.' })
export class SettlementStatementType {
  @Field(() => String, { description: 'Whose: like seller:shop, host:Member:…, partner:kuaishou, subsidy:platform.' })
  account!: string

  @Field(() => DateTime, { description: 'From this moment on.' })
  from!: Date

  @Field(() => DateTime, { description: 'Up to before this one.' })
  to!: Date

  @Field(() => MoneyType, { description: 'What the account held before.' })
  opening!: MoneyType

  @Field(() => MoneyType, { description: 'What it holds at the end: what we owe its owner; below zero, what he owes.' })
  closing!: MoneyType

  @Field(() => [SettlementRowType], { description: 'What came and went, by kind.' })
  rows!: SettlementRowType[]
}

import { Directive, Field, InputType, ObjectType } from 'type-graphql'
import { SafeInt } from './scalars.js'

/** `Money` of `schema/money.ts` on the graph. */
@Directive('@shareable')
@ObjectType('Money', { description: 'An amount of money.' })
export class MoneyType {
  @Field(() => SafeInt, { description: 'The amount in the smallest unit of its currency (fen for CNY).' })
  amountMinor!: number

  @Field(() => String, { description: 'ISO 4217, three capitals.' })
  currency!: string
}

/** `Money` as an argument. */
@InputType('MoneyInput', { description: 'An amount of money.' })
export class MoneyInput {
  @Field(() => SafeInt, { description: 'The amount in the smallest unit of its currency (fen for CNY).' })
  amountMinor!: number

  @Field(() => String, { description: 'ISO 4217, three capitals.' })
  currency!: string
}

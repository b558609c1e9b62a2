import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { MoneyInput, MoneyType } from '../../host/graph/money.js'
import { DateTime } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import { BearerShareType } from './coupon-types.js'
import { BearerShareInput } from './offer-inputs.js'
import { DepositRuleType, PreSaleStateType } from './pre-sale-enums.js'
import { VariantType } from './price-types.js'

@ObjectType('PreSale', { description: 'A variant that is sold for a deposit now and a balance later.' })
export class PreSaleType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => VariantType, { nullable: true, description: 'What is sold.' })
  variant!: VariantType | null

  @Field(() => PreSaleStateType, { description: "Where it stands, by the database's clock." })
  state!: string

  @Field(() => MoneyType, { description: 'What is paid first for a piece.' })
  deposit!: MoneyType

  @Field(() => MoneyType, { description: 'What of the price of a piece the deposit counts for.' })
  countsFor!: MoneyType

  @Field(() => [BearerShareType], { description: 'Who bears what it counts for beyond itself.' })
  shares!: readonly BearerShareType[]

  @Field(() => DateTime, { description: 'From when on deposits are taken.' })
  depositFrom!: Date

  @Field(() => DateTime, { description: 'Until when they are.' })
  depositUntil!: Date

  @Field(() => DateTime, { description: 'From when on balances are taken.' })
  balanceFrom!: Date

  @Field(() => DateTime, { description: 'Until when they are: who pays later has missed it.' })
  balanceUntil!: Date

  @Field(() => Int, { description: 'How many pieces it sells.' })
  quota!: number

  @Field(() => Int, { description: 'How many of them are left.' })
  left!: number

  @Field(() => Int, { description: 'How many one member may have.' })
  perMember!: number

  @Field(() => DepositRuleType, { description: 'What becomes of the deposit when the balance is not paid in time.' })
  missed!: string

  @Field(() => DepositRuleType, { description: 'The same when the member gives the order up.' })
  givenUp!: string
}

@ObjectType('Deposit', {
  description: 'What an order of a pre-sale pays first, and what is then left of it to be paid.',
})
export class DepositType {
  // `preSale` has a resolver of its own.
  @Field(() => MoneyType, { description: 'What is paid first.' })
  amount!: MoneyType

  @Field(() => MoneyType, { description: 'What of the price it counts for.' })
  countsFor!: MoneyType

  @Field(() => MoneyType, { description: 'What is paid when the balance is taken.' })
  balance!: MoneyType
}

@InputType('OpenPreSaleInput', { description: 'A pre-sale to be opened.' })
export class OpenPreSaleInput {
  @Field(() => String, { description: 'Asking again with the same key and body gives the same pre-sale.' })
  idempotencyKey!: string

  @Field(() => ID, { description: 'What is sold; a variant has one pre-sale at a time.' })
  variantId!: string

  @Field(() => MoneyInput, { description: 'What is paid first for a piece.' })
  deposit!: MoneyInput

  @Field(() => MoneyInput, {
    nullable: true,
    description: 'What of the price it counts for, no less than itself and no more than the list price; none: itself.',
  })
  countsFor?: MoneyInput | null

  @Field(() => [BearerShareInput], {
    nullable: true,
    description: 'Who bears what it counts for beyond itself; none: the seller.',
  })
  shares?: BearerShareInput[] | null

  @Field(() => DateTime, { nullable: true, description: 'From when on deposits are taken; none: now.' })
  depositFrom?: Date | null

  @Field(() => DateTime, { description: 'Until when they are.' })
  depositUntil!: Date

  @Field(() => DateTime, {
    nullable: true,
    description: 'From when on balances are taken; none: when deposits are not.',
  })
  balanceFrom?: Date | null

  @Field(() => DateTime, { description: 'Until when they are.' })
  balanceUntil!: Date

  @Field(() => Int, { description: 'How many pieces it sells; each order holds its pieces from the free stock.' })
  quota!: number

  @Field(() => Int, { description: 'How many one member may have.' })
  perMember!: number

  @Field(() => DepositRuleType, {
    nullable: true,
    description: 'What becomes of the deposit when the balance is not paid in time; none: the seller keeps it.',
  })
  missed?: 'FORFEIT' | 'GIVE_BACK' | null

  @Field(() => DepositRuleType, {
    nullable: true,
    description: 'The same when the member gives the order up. When the shop does, it always goes back.',
  })
  givenUp?: 'FORFEIT' | 'GIVE_BACK' | null
}

@InputType('ClosePreSaleInput', { description: 'A pre-sale to be ended.' })
export class ClosePreSaleInput {
  @Field(() => ID, { description: 'Which.' })
  preSaleId!: string

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is called off: its orders end, and all deposits go back. Else its orders go on.',
  })
  callOff?: boolean | null
}

@ObjectType('PreSalePayload', { description: 'What became of a pre-sale.' })
export class PreSalePayload extends Payload {
  @Field(() => PreSaleType, { nullable: true, description: 'The pre-sale; null when it was refused.' })
  preSale?: PreSaleType | null
}

import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { MoneyType } from '../../host/graph/money.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import type { PlainDeed } from '../domain/after-sale.js'
import { VariantType } from './price-types.js'

/** `AfterSaleState` as an enum of the graph. */
export const AfterSaleStateType = {
  REQUESTED: 'REQUESTED',
  APPROVED: 'APPROVED',
  SENT_BACK: 'SENT_BACK',
  RECEIVED: 'RECEIVED',
  ACCEPTED: 'ACCEPTED',
  PARTLY_ACCEPTED: 'PARTLY_ACCEPTED',
  REFUSED: 'REFUSED',
  WITHDRAWN: 'WITHDRAWN',
  REFUNDED: 'REFUNDED',
  EXCHANGED: 'EXCHANGED',
} as const
registerEnumType(AfterSaleStateType, {
  name: 'AfterSaleState',
  description: 'Where a return or an exchange stands.',
  valuesConfig: {
    REQUESTED: { description: 'The buyer asks for it.' },
    APPROVED: { description: 'The goods may be sent back.' },
    SENT_BACK: { description: 'They are on the way.' },
    RECEIVED: { description: 'They are here and wait to be inspected.' },
    ACCEPTED: { description: 'All of them were accepted.' },
    PARTLY_ACCEPTED: { description: 'Some of them were accepted.' },
    REFUSED: { description: 'It was refused, before or after an inspection.' },
    WITHDRAWN: { description: 'The buyer has thought better of it.' },
    REFUNDED: { description: 'The money of what was accepted goes back.' },
    EXCHANGED: { description: 'Other goods take the place of what was accepted.' },
  },
})

/** What may be said of a return beside its inspection, as an enum of the graph. */
export const AfterSaleDeedType: Readonly<Record<string, PlainDeed>> = {
  APPROVE: 'approve',
  REJECT: 'reject',
  WITHDRAW: 'withdraw',
  SEND_BACK: 'sendBack',
  RECEIVE: 'receive',
}
registerEnumType(AfterSaleDeedType, {
  name: 'AfterSaleDeed',
  description: 'A step of a return that moves neither goods nor money.',
  valuesConfig: {
    APPROVE: { description: 'The goods may be sent back. For the shop.' },
    REJECT: { description: 'They may not. For the shop.' },
    WITHDRAW: { description: 'The buyer keeps them.' },
    SEND_BACK: { description: 'They have left, with a waybill.' },
    RECEIVE: { description: 'They are here. For the shop.' },
  },
})

@ObjectType('AfterSaleItem', { description: 'What of a line is sent back.' })
export class AfterSaleItemType {
  @Field(() => ID, { description: 'The line.' })
  line!: string

  @Field(() => Int, { description: 'How many pieces.' })
  quantity!: number

  @Field(() => Int, { nullable: true, description: 'How many were accepted; null before the inspection.' })
  accepted!: number | null

  @Field(() => Int, { nullable: true, description: 'How many of those cannot be sold again.' })
  damaged!: number | null

  @Field(() => String, { nullable: true, description: 'Why not all of them, or why damaged.' })
  reason!: string | null
}

@ObjectType('AfterSale', { description: 'A return or an exchange.' })
export class AfterSaleType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => AfterSaleStateType, { description: 'Where it stands.' })
  state!: string

  @Field(() => String, { description: 'Why it was asked for.' })
  reason!: string

  @Field(() => VariantType, { nullable: true, description: 'What it is exchanged for; null: money.' })
  exchangeFor!: object | null

  @Field(() => [AfterSaleItemType], { description: 'What is sent back.' })
  items!: readonly AfterSaleItemType[]

  @Field(() => String, { nullable: true, description: 'Who carries it back.' })
  carrier!: string | null

  @Field(() => String, { nullable: true, description: 'Its number at the carrier.' })
  waybill!: string | null

  @Field(() => String, { nullable: true, description: 'Why it was refused, or refunded instead of exchanged.' })
  note!: string | null

  @Field(() => MoneyType, { description: 'What goes back to the buyer.' })
  back!: MoneyType

  @Field(() => ID, { nullable: true, description: 'The line of what took the place of it.' })
  newLine!: string | null

  @Field(() => DateTime, { description: 'When it was asked for.' })
  openedAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When it was over.' })
  closedAt!: Date | null
}

@InputType('ReturnLineInput', { description: 'Pieces of a line that are sent back.' })
export class ReturnLineInput {
  @Field(() => ID, { description: 'The line; each is named once.' })
  lineId!: string

  @Field(() => Int, { description: 'How many of its pieces.' })
  quantity!: number
}

@InputType('RequestReturnInput', { description: 'Goods that are to be sent back.' })
export class RequestReturnInput {
  @Field(() => String, { description: 'Chosen by the client, 1 to 200 characters.' })
  idempotencyKey!: string

  @Field(() => ID, { description: 'Of which order.' })
  orderId!: string

  @Field(() => [ReturnLineInput], { description: '1 to 50 lines; of an exchange one.' })
  lines!: ReturnLineInput[]

  @Field(() => String, { description: 'Why.' })
  reason!: string

  @Field(() => ID, {
    nullable: true,
    description: 'The variant that it is exchanged for, which may be the same; none: money.',
  })
  exchangeForId?: string | null

  @Field(() => SafeInt, {
    nullable: true,
    description: "The most that may be taken from the member's e-card when that one costs more.",
  })
  mostDifferenceMinor?: number | null
}

@InputType('MoveReturnInput', { description: 'A step of a return.' })
export class MoveReturnInput {
  @Field(() => String, { description: 'Chosen by the client, 1 to 200 characters.' })
  idempotencyKey!: string

  @Field(() => ID, { description: 'Which.' })
  afterSaleId!: string

  @Field(() => AfterSaleDeedType, { description: 'What happened.' })
  deed!: PlainDeed

  @Field(() => String, { nullable: true, description: 'Who carries it back.' })
  carrier?: string | null

  @Field(() => String, { nullable: true, description: 'Its number at the carrier.' })
  waybill?: string | null

  @Field(() => String, { nullable: true, description: 'Why, when it is rejected.' })
  note?: string | null
}

@InputType('FindingInput', { description: 'What was found of a line that came back.' })
export class FindingInput {
  @Field(() => ID, { description: 'The line.' })
  lineId!: string

  @Field(() => Int, { description: 'How many pieces are accepted; the others go back to the buyer.' })
  accepted!: number

  @Field(() => Int, { nullable: true, description: 'How many of those cannot be sold again.' })
  damaged?: number | null

  @Field(() => String, { nullable: true, description: 'Why not all of them, or why damaged.' })
  reason?: string | null
}

@InputType('InspectReturnInput', { description: 'An inspection.' })
export class InspectReturnInput {
  @Field(() => String, { description: 'Chosen by the client, 1 to 200 characters.' })
  idempotencyKey!: string

  @Field(() => ID, { description: 'Which return.' })
  afterSaleId!: string

  @Field(() => [FindingInput], { description: 'One for each line that came back.' })
  findings!: FindingInput[]
}

@ObjectType('AfterSalePayload', { description: 'What became of a return.' })
export class AfterSalePayload extends Payload {
  @Field(() => AfterSaleType, { nullable: true, description: 'The return as it is now; null when it was refused.' })
  afterSale?: AfterSaleType | null
}

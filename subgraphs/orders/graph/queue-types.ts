import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import { FlashSaleType } from './sale-types.js'

@ObjectType('SaleQueue', { description: 'The line before a flash sale: who holds a number that was admitted may buy.' })
export class SaleQueueType {
  @Field(() => SafeInt, { description: 'The highest number that may buy now.' })
  admitted!: number

  @Field(() => SafeInt, { description: 'How many numbers are admitted in a second.' })
  perSecond!: number

  @Field(() => SafeInt, { description: 'How many hold a number that is not admitted yet.' })
  waiting!: number
}

@ObjectType('QueueTicket', { description: 'A place in the line before a flash sale, signed.' })
export class QueueTicketType {
  @Field(() => String, { description: 'What placeOrder is to be shown.' })
  token!: string

  @Field(() => SafeInt, { description: 'The number; it stays the same however often the ticket is taken.' })
  number!: number

  @Field(() => SafeInt, { description: 'How many are to be admitted before its turn; 0: now.' })
  position!: number

  @Field(() => DateTime, { description: 'Until when the token is good. Take it again, and it is good for longer.' })
  expiresAt!: Date

  @Field(() => FlashSaleType, { nullable: true, description: 'Where it admits to.' })
  flashSale!: FlashSaleType
}

@ObjectType('QueueTicketPayload', { description: 'What became of a ticket that was asked for.' })
export class QueueTicketPayload extends Payload {
  @Field(() => QueueTicketType, { nullable: true, description: 'The ticket; null when it was refused.' })
  ticket?: QueueTicketType | null
}

@InputType('TakeQueueTicketInput', { description: 'A place in the line before a flash sale.' })
export class TakeQueueTicketInput {
  @Field(() => ID, { description: 'Which sale.' })
  flashSaleId!: string
}

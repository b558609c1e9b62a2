import { Field, InputType, Int, ObjectType } from 'type-graphql'
import { connectionOf } from '../../../host/graph/page.js'
import { DateTime } from '../../../host/graph/scalars.js'
import { Payload } from '../../../host/graph/user-error.js'

/** Where a partner is told. */
@ObjectType('PartnerWebhook', { description: 'Where a partner is told of its orders, and of prices, stock and shelf.' })
export class PartnerWebhookType {
  @Field(() => String, { description: 'The address that signed letters are posted to.' })
  url!: string

  @Field(() => DateTime, { description: 'When it was set.' })
  setAt!: Date
}

/** A letter that was given up. */
@ObjectType('DeadLetter', { description: 'A letter that could not be delivered; it lies until it is sent again.' })
export class DeadLetterType {
  @Field(() => String, { description: 'Name it to have it sent again.' })
  key!: string

  @Field(() => String, { description: 'Like order.moved, price.changed, stock.changed or shelf.changed.' })
  kind!: string

  @Field(() => Int, { description: 'How often it was sent.' })
  tries!: number

  @Field(() => String, { description: 'Why it was given up.' })
  reason!: string

  @Field(() => String, { description: 'What it says, in JSON.' })
  body!: string
}

/** A page of dead letters. */
export const DeadLetterConnection = connectionOf('DeadLetter', () => DeadLetterType)

@InputType('SetPartnerWebhookInput', { description: 'Where a partner wants to be told.' })
export class SetPartnerWebhookInput {
  @Field(() => String, { description: 'An https address of a host that the shop allows.' })
  url!: string

  @Field(() => Boolean, { nullable: true, description: 'Whether a new secret takes the place of the one there is.' })
  newSecret?: boolean | null
}

@ObjectType('SetPartnerWebhookPayload', { description: 'Where the partner is told from now on.' })
export class SetPartnerWebhookPayload extends Payload {
  @Field(() => PartnerWebhookType, { nullable: true, description: 'The address as it is now.' })
  webhook?: PartnerWebhookType

  @Field(() => String, { nullable: true, description: 'What its letters are signed with.' })
  secret?: string
}

@InputType('RedeliverDeadLettersInput', { description: 'Dead letters to be sent again.' })
export class RedeliverDeadLettersInput {
  @Field(() => String, { nullable: true, description: 'This one only; all when it is left out.' })
  key?: string | null
}

@ObjectType('RedeliverDeadLettersPayload', { description: 'What became of the wish.' })
export class RedeliverDeadLettersPayload extends Payload {
  @Field(() => Int, { nullable: true, description: 'How many are on their way again.' })
  count?: number
}

import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { RoomKind } from '../domain/room.js'
import { MAYBE_KEY } from '../../host/graph/maybe-key.js'
import { MoneyInput } from '../../host/graph/money.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import { CommentType, RoomKindType, RoomType } from './room-types.js'

@InputType({ description: 'A room to put on the programme.' })
export class ScheduleRoomInput {
  @Field(() => String, MAYBE_KEY)
  idempotencyKey?: string | null

  @Field(() => String, { description: 'What it is called, in 1 to 200 characters.' })
  title!: string

  @Field(() => RoomKindType, { defaultValue: 'STORE', description: 'Whose room it is.' })
  kind!: RoomKind

  @Field(() => DateTime, { nullable: true, description: 'The hour it is scheduled for; now, where nothing is said.' })
  scheduledAt?: Date | null

  @Field(() => ID, { nullable: true, description: 'Who hosts it; only an operator names somebody else than himself.' })
  hostId?: string | null

  @Field(() => Int, { nullable: true, description: 'As many comments a member may post in a minute.' })
  commentsPerMemberPerMinute?: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'As many comments a minute are shown to all who watch; beyond it, a sample of so many.',
  })
  commentsPerMinute?: number | null
}

@InputType({ description: 'What is to be changed of a room; what is not named stays.' })
export class UpdateRoomInput {
  @Field(() => ID, { description: 'The room.' })
  roomId!: string

  @Field(() => String, { nullable: true, description: 'What it is called, in 1 to 200 characters.' })
  title?: string | null

  @Field(() => DateTime, { nullable: true, description: 'Another hour; only before it went live.' })
  scheduledAt?: Date | null

  @Field(() => Int, { nullable: true, description: 'As many comments a member may post in a minute.' })
  commentsPerMemberPerMinute?: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'As many comments a minute are shown to all who watch; beyond it, a sample of so many.',
  })
  commentsPerMinute?: number | null
}

@InputType({ description: 'A room.' })
export class RoomInput {
  @Field(() => ID, { description: 'The room.' })
  roomId!: string
}

@InputType({ description: 'A variant that is to be shown.' })
export class PutOnShelfInput {
  @Field(() => ID, { description: 'The room.' })
  roomId!: string

  @Field(() => ID, { description: 'The product.' })
  productId!: string

  @Field(() => ID, { description: 'The variant of it.' })
  variantId!: string

  @Field(() => Int, { nullable: true, description: 'Its place, from 0; at the end, where nothing is said.' })
  position?: number | null

  @Field(() => MoneyInput, { nullable: true, description: 'A price for this room alone.' })
  roomPrice?: MoneyInput | null
}

@InputType({ description: 'A variant in a room.' })
export class TakeOffShelfInput {
  @Field(() => ID, { description: 'The room.' })
  roomId!: string

  @Field(() => ID, { description: 'The variant.' })
  variantId!: string
}

@InputType({ description: 'What is being talked of now.' })
export class SetTalkingPointInput {
  @Field(() => ID, { description: 'The room.' })
  roomId!: string

  @Field(() => ID, { nullable: true, description: 'A variant on the shelf; null: nothing.' })
  variantId?: string | null
}

@InputType({ description: 'A price for a room alone.' })
export class SetRoomPriceInput {
  @Field(() => ID, { description: 'The room.' })
  roomId!: string

  @Field(() => ID, { description: 'A variant on the shelf.' })
  variantId!: string

  @Field(() => MoneyInput, { nullable: true, description: 'The price; null: the room has none of its own.' })
  roomPrice?: MoneyInput | null
}

@InputType({ description: 'Something to say.' })
export class PostCommentInput {
  @Field(() => String, MAYBE_KEY)
  idempotencyKey?: string | null

  @Field(() => ID, { description: 'The room.' })
  roomId!: string

  @Field(() => String, { description: 'The words, at most 200 characters.' })
  text!: string

  @Field(() => SafeInt, {
    nullable: true,
    description: 'The place in a recorded evening, in milliseconds from its start.',
  })
  offsetMs?: number | null
}

@InputType({ description: 'Likes for a room.' })
export class LikeRoomInput {
  @Field(() => ID, { description: 'The room.' })
  roomId!: string

  @Field(() => Int, { defaultValue: 1, description: 'How many, from 1 to 50.' })
  count!: number
}

@InputType({ description: 'Who may not speak.' })
export class MuteMemberInput {
  @Field(() => ID, { description: 'The room.' })
  roomId!: string

  @Field(() => ID, { description: 'The member.' })
  memberId!: string

  @Field(() => Boolean, { defaultValue: true, description: 'False lets the member speak again.' })
  muted!: boolean
}

@InputType({ description: 'A comment that stays in sight.' })
export class PinCommentInput {
  @Field(() => ID, { description: 'The room.' })
  roomId!: string

  @Field(() => ID, { nullable: true, description: 'A comment of this room; null: none.' })
  commentId?: string | null
}

@ObjectType({ description: 'What became of the room.' })
export class RoomPayload extends Payload {
  @Field(() => RoomType, { nullable: true, description: 'The room as it is now.' })
  room?: RoomType
}

@ObjectType({ description: 'What became of the comment.' })
export class PostCommentPayload extends Payload {
  @Field(() => CommentType, { nullable: true, description: 'The comment as it was taken: show it to its author.' })
  comment?: CommentType

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether all who watch are told of it too; beyond the rate of the room only a sample is.',
  })
  shown?: boolean
}

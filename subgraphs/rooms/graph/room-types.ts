import { Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { RoomKind } from '../domain/room.js'
import type { RoomState } from '../../../schema/events/rooms.js'
import { MoneyType } from '../../host/graph/money.js'
import { NodeType } from '../../host/graph/node.js'
import { connectionOf } from '../../host/graph/page.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { ProductType, VariantType } from './stubs.js'

/** `RoomState` of the events, as an enum of the graph. */
export const RoomStateType = { SCHEDULED: 'SCHEDULED', LIVE: 'LIVE', ENDED: 'ENDED' } as const
registerEnumType(RoomStateType, {
  name: 'RoomState',
  description: 'Where a room is in its life.',
  valuesConfig: {
    SCHEDULED: { description: 'It is on the programme.' },
    LIVE: { description: 'It is on.' },
    ENDED: { description: 'It is over, or was called off.' },
  },
})

/** `RoomKind` of the domain, as an enum of the graph. */
export const RoomKindType = { STORE: 'STORE', STAR: 'STAR', PRESIDENT: 'PRESIDENT', SHOW: 'SHOW' } as const
registerEnumType(RoomKindType, {
  name: 'RoomKind',
  description: 'Whose room it is.',
  valuesConfig: {
    STORE: { description: "A shop's own." },
    STAR: { description: "A star's." },
    PRESIDENT: { description: "A company head's." },
    SHOW: { description: 'The second room beside a show.' },
  },
})

@ObjectType('RoomViewers', { description: "A room's audience, as the server counts it." })
export class ViewersType {
  @Field(() => SafeInt, { description: 'Who is there now: gave a sign of life within the last 45 seconds.' })
  concurrent!: number

  @Field(() => SafeInt, { description: 'Members who were ever there, each once.' })
  unique!: number
}

@ObjectType('ShelfItem', { description: 'Something that is shown in a room.' })
export class ShelfItemType {
  @Field(() => ProductType, { nullable: true, description: 'The product.' })
  product!: ProductType | null

  @Field(() => VariantType, { nullable: true, description: 'The variant that is shown.' })
  variant!: VariantType | null

  @Field(() => Int, { description: 'Its place in the order of the shelf; there may be holes between places.' })
  position!: number

  @Field(() => MoneyType, {
    nullable: true,
    description: 'Its price in this room; null when the room has none of its own.',
  })
  roomPrice!: MoneyType | null

  @Field(() => Boolean, { description: 'Whether it is being talked of now.' })
  talking!: boolean
}

@Directive('@key(fields: "id")')
@ObjectType('Room', {
  implements: NodeType,
  description: 'A live room: goods shown, talked of and sold to an audience.',
})
export class RoomType extends NodeType {
  @Field(() => String, { description: 'What it is called.' })
  title!: string

  @Field(() => RoomKindType, { description: 'Whose room it is.' })
  kind!: RoomKind

  @Field(() => RoomStateType, { description: 'Where it is in its life.' })
  state!: RoomState
}

/** A page of rooms. */
export const RoomConnection = connectionOf('Room', () => RoomType)

@Directive('@key(fields: "id")')
@ObjectType('Comment', { implements: NodeType, description: 'Something that a member said in a room.' })
export class CommentType extends NodeType {
  @Field(() => String, { description: 'The words, trimmed, on one line.' })
  text!: string

  @Field(() => DateTime, { description: 'When it was taken.' })
  at!: Date
}

/** A page of comments. */
export const CommentConnection = connectionOf('Comment', () => CommentType)

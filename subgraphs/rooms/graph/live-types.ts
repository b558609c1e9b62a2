import { createUnionType, Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { SaleState } from '../domain/live-event.js'
import type { RoomState } from '../../../schema/events/rooms.js'
import { MoneyType } from '../../host/graph/money.js'
import { PageInfo } from '../../host/graph/page.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { DrawType } from './draw-types.js'
import { CommentType, RoomStateType, RoomType } from './room-types.js'
import { FlashSaleType, MemberType, ProductType, VariantType } from './stubs.js'

/** `SaleState` of the domain, as an enum of the graph. */
export const SaleStateType = { SCHEDULED: 'SCHEDULED', OPEN: 'OPEN', SOLD_OUT: 'SOLD_OUT', CLOSED: 'CLOSED' } as const
registerEnumType(SaleStateType, {
  name: 'LiveSaleState',
  description: 'Where a flash sale was when a room was told of it.',
  valuesConfig: {
    SCHEDULED: { description: 'It has not begun.' },
    OPEN: { description: 'It is on.' },
    SOLD_OUT: { description: 'Nothing of its quota is left now.' },
    CLOSED: { description: 'It is over.' },
  },
})

/** What all live events say; fields of one name have one type in all of them, so that one selection fits all. */
@ObjectType()
abstract class Told {
  @Field(() => String, {
    nullable: true,
    description:
      "The place in the room's log; give the last one as `after` to go on from there. Null for figures, which are not kept.",
  })
  cursor!: string | null

  @Field(() => DateTime, { description: 'When it happened.' })
  at!: Date
}

@ObjectType()
abstract class ToldOfGoods extends Told {
  @Field(() => VariantType, { nullable: true, description: 'The variant.' })
  variant!: VariantType | null

  @Field(() => ProductType, { nullable: true, description: 'Its product.' })
  product!: ProductType | null
}

@ObjectType({ description: 'A member said something.' })
export class CommentPosted extends Told {
  @Field(() => CommentType, { description: 'What was said, and by whom.' })
  comment!: CommentType
}

@ObjectType({ description: 'A variant was put on the shelf, or moved on it.' })
export class ProductShelved extends ToldOfGoods {
  @Field(() => Int, { description: 'Its place; what stood there and behind it moved back by one.' })
  position!: number

  @Field(() => MoneyType, { nullable: true, description: 'Its price in this room.' })
  roomPrice!: MoneyType | null
}

@ObjectType({ description: 'A variant was taken off the shelf.' })
export class ProductUnshelved extends ToldOfGoods {}

@ObjectType({ description: 'Something else is being talked of, or nothing.' })
export class TalkingPointSet extends ToldOfGoods {}

@ObjectType({ description: 'A variant has another price in this room, or none of its own.' })
export class RoomPriceSet extends ToldOfGoods {
  @Field(() => MoneyType, { nullable: true, description: 'Its price in this room.' })
  roomPrice!: MoneyType | null
}

@Directive('@live(conflate: "variant { id }", maxPerSecond: 4)')
@ObjectType({ description: 'There are now so many left of a variant on the shelf.' })
export class StockMoved extends ToldOfGoods {
  @Field(() => SafeInt, { description: 'Pieces that can still be bought.' })
  available!: number
}

@ObjectType({ description: 'A flash sale was opened, sold, ran dry or ended.' })
export class FlashSaleMoved extends ToldOfGoods {
  @Field(() => FlashSaleType, { nullable: true, description: 'The sale as it is now.' })
  flashSale!: FlashSaleType | null

  @Field(() => SaleStateType, { description: 'Where it was at that moment.' })
  saleState!: SaleState

  @Field(() => MoneyType, { description: 'Its price.' })
  price!: MoneyType

  @Field(() => SafeInt, { description: 'Pieces that are sold at this price in all.' })
  quota!: number

  @Field(() => SafeInt, { description: 'Pieces that were left of them.' })
  left!: number

  @Field(() => DateTime, { nullable: true, description: 'When it begins.' })
  startsAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it ends; null when only its quota ends it.' })
  endsAt!: string | null
}

@ObjectType({ description: 'What somebody bought of one thing.' })
export class OrderSeenLine {
  @Field(() => VariantType, { nullable: true, description: 'The variant.' })
  variant!: VariantType | null

  @Field(() => ProductType, { nullable: true, description: 'Its product.' })
  product!: ProductType | null

  @Field(() => SafeInt, { description: 'How many.' })
  quantity!: number
}

@ObjectType({ description: 'Somebody paid for something of this room. Who it was is told to nobody.' })
export class OrderSeen extends Told {
  @Field(() => [OrderSeenLine], { description: 'What was bought.' })
  lines!: readonly OrderSeenLine[]
}

@ObjectType({ description: 'A draw takes entries.' })
export class DrawOpened extends Told {
  @Field(() => DrawType, { nullable: true, description: 'The draw as it is now.' })
  draw!: DrawType | null

  @Field(() => String, { description: 'The promise: SHA-256 of the seed, in hexadecimal.' })
  commitment!: string
}

@ObjectType({ description: 'A draw was drawn.' })
export class DrawClosed extends Told {
  @Field(() => DrawType, { nullable: true, description: 'The draw.' })
  draw!: DrawType | null

  @Field(() => String, { description: 'SHA-256 of the entrants, in hexadecimal.' })
  root!: string

  @Field(() => String, { description: 'The seed, in hexadecimal: now everybody can draw again.' })
  seed!: string

  @Field(() => [MemberType], { nullable: 'items', description: 'Who won, the first place first.' })
  winners!: readonly MemberType[]
}

@ObjectType({ description: 'The room went live or ended.' })
export class RoomStateChanged extends Told {
  @Field(() => RoomType, { nullable: true, description: 'The room as it is now.' })
  room!: RoomType | null

  @Field(() => RoomStateType, { description: 'The state it came to.' })
  state!: RoomState
}

@Directive('@live(conflate: "", maxPerSecond: 1)')
@ObjectType({ description: 'So many likes by now; told at most every second, not kept.' })
export class LikesCounted extends Told {
  @Field(() => SafeInt, { description: 'All likes of the room.' })
  likes!: number
}

@Directive('@live(conflate: "", maxPerSecond: 1)')
@ObjectType({ description: 'The audience is so large now; told when it has changed, not kept.' })
export class ViewersCounted extends Told {
  @Field(() => SafeInt, { description: 'Who is there now.' })
  concurrent!: number

  @Field(() => SafeInt, { description: 'Members who were ever there, each once.' })
  unique!: number
}

@ObjectType({
  description: 'Events are missing here that are no longer held: read the room anew, then go on from this cursor.',
})
export class Gap extends Told {
  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the first missing event; null when the cursor given was never one of this room.',
  })
  missedFrom!: string | null

  @Field(() => String, { nullable: true, description: 'The cursor of the last missing event.' })
  missedTo!: string | null
}

/** Everything that is told of a room. */
export const LiveEventType = createUnionType({
  name: 'LiveEvent',
  description: 'Something that happened in a room.',
  types: () =>
    [
      CommentPosted,
      ProductShelved,
      ProductUnshelved,
      TalkingPointSet,
      RoomPriceSet,
      StockMoved,
      FlashSaleMoved,
      OrderSeen,
      DrawOpened,
      DrawClosed,
      RoomStateChanged,
      LikesCounted,
      ViewersCounted,
      Gap,
    ] as const,
})

@ObjectType('ReplayEdge', { description: 'One event and its place in the log.' })
export class ReplayEdge {
  @Field(() => String, { description: "The place; the same as the event's own cursor." })
  cursor!: string

  @Field(() => LiveEventType, { description: 'The event.' })
  node!: typeof LiveEventType
}

@ObjectType('ReplayConnection', { description: "A page of a room's log." })
export class ReplayConnection {
  @Field(() => [ReplayEdge], { description: 'What stands on this page.' })
  edges!: readonly ReplayEdge[]

  @Field(() => PageInfo, { description: 'Where this page stands.' })
  pageInfo!: PageInfo
}

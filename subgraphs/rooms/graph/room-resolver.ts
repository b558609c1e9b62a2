import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { instant, maybe, oneOf, whole } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import { ROOM_STATES } from '../../../schema/events/rooms.js'
import { PageArgs, pageOf, pageRequest, type Key, type Page } from '../../host/graph/page.js'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { cursorOf } from '../domain/cursor.js'
import { listRooms, type RoomPlace } from '../store/room-rows.js'
import type { CommentRow, DrawRow, RoomRow, ShelfRow } from '../store/tables.js'
import { DrawType } from './draw-types.js'
import { ReplayConnection } from './live-types.js'
import { replayPage } from './replay-page.js'
import type { RoomsContext } from './rooms-context.js'
import {
  CommentConnection,
  CommentType,
  RoomConnection,
  RoomStateType,
  RoomType,
  ShelfItemType,
  ViewersType,
} from './room-types.js'
import { MemberType, stub } from './stubs.js'

/** Finding rooms, and what belongs to one. */
@Resolver(() => RoomType)
export class RoomResolver {
  @Query(() => RoomType, { nullable: true, description: 'A room by its id.' })
  async room(@Arg('id', () => ID) id: string, @Ctx() { loaders }: RoomsContext): Promise<RoomRow | null> {
    return await loaders.rooms.load(idOf('Room')(id, 'id'))
  }

  @Query(() => RoomConnection, {
    nullable: true,
    description: 'Rooms by the hour they are scheduled for, the latest first.',
  })
  async rooms(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('state', () => RoomStateType, { nullable: true, description: 'Only those in this state.' })
    state: string | null | undefined,
    @Ctx() { flow }: RoomsContext,
  ): Promise<Page<RoomRow>> {
    const request = pageRequest(args)
    const rows = await listRooms(flow.place.db, {
      limit: request.limit,
      after: request.after && place(request.after),
      state: maybe(state, 'state', (value, at) => oneOf(value, at, ROOM_STATES)),
    })
    return pageOf(rows, request, (row) => [row.scheduled_at.toISOString(), row.id])
  }

  @FieldResolver(() => MemberType, { nullable: true, description: 'Who hosts it.' })
  host(@Root() room: RoomRow): object {
    return stub('Member', room.host)
  }

  @FieldResolver(() => DateTime, { description: 'The hour it is scheduled for.' })
  scheduledAt(@Root() room: RoomRow): Date {
    return room.scheduled_at
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'When it went live.' })
  startedAt(@Root() room: RoomRow): Date | null {
    return room.started_at
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'When it ended.' })
  endedAt(@Root() room: RoomRow): Date | null {
    return room.ended_at
  }

  @FieldResolver(() => ViewersType, { description: 'Its audience, as the server counts it.' })
  viewers(@Root() { id }: RoomRow, @Ctx() { loaders }: RoomsContext): Promise<ViewersType> {
    return loaders.figures.load(id)
  }

  @FieldResolver(() => SafeInt, { description: 'All likes, as far as they are stored; new ones are within a second.' })
  async likes(@Root() { id }: RoomRow, @Ctx() { loaders }: RoomsContext): Promise<number> {
    return (await loaders.figures.load(id)).likes
  }

  @FieldResolver(() => [ShelfItemType], { description: 'What is shown, in its order.' })
  async shelf(@Root() room: RoomRow, @Ctx() { loaders }: RoomsContext): Promise<readonly object[]> {
    return (await loaders.shelves.load(room.id)).map((row) => item(room, row))
  }

  @FieldResolver(() => ShelfItemType, { nullable: true, description: 'What is being talked of now.' })
  async talkingPoint(@Root() room: RoomRow, @Ctx() { loaders }: RoomsContext): Promise<object | null> {
    if (room.talking_variant === null) return null
    const row = (await loaders.shelves.load(room.id)).find(({ variant }) => variant === room.talking_variant)
    return row === undefined ? null : item(room, row)
  }

  @FieldResolver(() => CommentType, { nullable: true, description: 'The comment that its host has pinned.' })
  pinnedComment(@Root() room: RoomRow, @Ctx() { loaders }: RoomsContext): Promise<CommentRow | null> | null {
    return room.pinned_comment === null ? null : loaders.comments.load(room.pinned_comment)
  }

  @FieldResolver(() => CommentConnection, { description: 'What was said, the newest first.' })
  async comments(
    @Root() { id }: RoomRow,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { loaders }: RoomsContext,
  ): Promise<Page<CommentRow>> {
    const request = pageRequest(args)
    const from = request.after === null ? null : seq(request.after)
    const rows = await loaders.commentsOf.load({ room: id, limit: request.limit, from })
    return pageOf(rows, request, (row) => [row.seq])
  }

  @FieldResolver(() => [DrawType], { description: 'Its draws, the newest first, at most 20.' })
  draws(@Root() { id }: RoomRow, @Ctx() { loaders }: RoomsContext): Promise<readonly DrawRow[]> {
    return loaders.drawsOf.load(id)
  }

  @FieldResolver(() => String, {
    description:
      'The cursor of the newest event: with it as `after`, `liveEvents` goes on from what this answer shows.',
  })
  lastCursor(@Root() room: RoomRow): string {
    return cursorOf(room.seq)
  }

  @FieldResolver(() => ReplayConnection, {
    description:
      'The log of the room from its beginning: comments, shelf, prices, draws and orders in their order. `after` takes any cursor of it.',
  })
  async replay(
    @Root() { id }: RoomRow,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { loaders }: RoomsContext,
  ): Promise<object> {
    return await replayPage(id, args, (page) => loaders.replayOf.load(page))
  }

  @FieldResolver(() => SafeInt, { description: 'As many comments a member may post in a minute.' })
  commentsPerMemberPerMinute(@Root() room: RoomRow): number {
    return room.comments_per_member
  }

  @FieldResolver(() => SafeInt, {
    description: 'As many comments a minute are shown to all who watch; beyond it, a sample of so many.',
  })
  commentsPerMinute(@Root() room: RoomRow): number {
    return room.comments_per_minute
  }
}

/** Finding comments. */
@Resolver(() => CommentType)
export class CommentResolver {
  @FieldResolver(() => MemberType, { nullable: true, description: 'Who said it.' })
  author(@Root() { member }: CommentRow): object {
    return stub('Member', member)
  }

  @FieldResolver(() => RoomType, { nullable: true, description: 'Where it was said.' })
  room(@Root() comment: CommentRow, @Ctx() { loaders }: RoomsContext): Promise<RoomRow | null> {
    return loaders.rooms.load(comment.room)
  }

  @FieldResolver(() => SafeInt, {
    nullable: true,
    description: 'Its place in a recorded evening, in milliseconds from the start; null when it was said here.',
  })
  offsetMs(@Root() comment: CommentRow): number | null {
    return comment.offset_ms
  }
}

function item(room: RoomRow, row: ShelfRow): object {
  const { price_minor: amountMinor, currency } = row
  return {
    product: stub('Product', row.product),
    variant: stub('Variant', row.variant),
    position: row.position,
    roomPrice: amountMinor === null || currency === null ? null : { amountMinor, currency },
    talking: room.talking_variant === row.variant,
  }
}

function place([at, id]: readonly Key[]): RoomPlace {
  return { at: instant(at, 'after'), id: idOf('Room')(id, 'after') }
}

function seq([value]: readonly Key[]): number {
  return whole(value, 'after', { least: 0 })
}

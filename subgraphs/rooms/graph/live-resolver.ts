import { Arg, Ctx, Directive, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql'
import { fields, maybe, text } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import type { LiveEvent } from '../domain/live-event.js'
import type { DrawRow, RoomRow } from '../store/tables.js'
import { DrawType } from './draw-types.js'
import { DrawClosed, DrawOpened, LiveEventType, RoomStateChanged } from './live-types.js'
import { RoomType } from './room-types.js'
import type { RoomsContext } from './rooms-context.js'
import { shownEvent } from './show-event.js'

/** Following a room. */
@Resolver()
export class LiveResolver {
  @Directive('@live(shared: true, resume: "after", cursor: "cursor", gap: "Gap")')
  @Subscription(() => LiveEventType, {
    subscribe: follow,
    description:
      'What happens in a room, in order and once. With `after`, first all that was missed since that cursor; `after: "0"` begins with ' +
      'the first event. What is no longer held is told as a Gap. Without `after` it begins now.',
  })
  liveEvents(
    @Arg('roomId', () => ID) roomId: string,
    @Arg('after', () => String, { nullable: true, description: 'The cursor of the last event that was heard.' })
    _after: string | null | undefined,
    @Root() event: LiveEvent,
  ): object {
    return shownEvent(roomId, event)
  }
}

/** What is ours in an event that tells of a draw that opened. */
@Resolver(() => DrawOpened)
export class DrawOpenedResolver {
  @FieldResolver(() => DrawType, { nullable: true })
  draw(@Root() { drawId }: OfDraw, @Ctx() { loaders }: RoomsContext): Promise<DrawRow | null> {
    return loaders.draws.load(drawId)
  }
}

/** What is ours in an event that tells of a draw that closed. */
@Resolver(() => DrawClosed)
export class DrawClosedResolver {
  @FieldResolver(() => DrawType, { nullable: true })
  draw(@Root() { drawId }: OfDraw, @Ctx() { loaders }: RoomsContext): Promise<DrawRow | null> {
    return loaders.draws.load(drawId)
  }
}

/** What is ours in an event that tells of the room itself. */
@Resolver(() => RoomStateChanged)
export class RoomStateChangedResolver {
  @FieldResolver(() => RoomType, { nullable: true })
  room(@Root() { roomId }: OfRoom, @Ctx() { loaders }: RoomsContext): Promise<RoomRow | null> {
    return loaders.rooms.load(roomId)
  }
}

interface OfDraw {
  readonly drawId: string
}

interface OfRoom {
  readonly roomId: string
}

interface Asked {
  readonly args: unknown
  readonly context: RoomsContext
}

function follow({ args, context }: Asked): Promise<AsyncIterable<LiveEvent>> {
  const asked = fields(args, 'liveEvents')
  return context.flow.followed.follow(
    idOf('Room')(asked['roomId'], 'roomId'),
    maybe(asked['after'], 'after', (value, place) => text(value, place, { most: 40 })),
  )
}

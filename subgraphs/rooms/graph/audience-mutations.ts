import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { maybe, whole } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import { refuse } from '../../../schema/refuse.js'
import { readMaybeKey } from '../../host/graph/maybe-key.js'
import { payload, type Answered } from '../../host/graph/payload.js'
import { muteMember, pinComment } from '../flow/moderate-room.js'
import type { CommentRow, RoomRow } from '../store/tables.js'
import {
  LikeRoomInput,
  MuteMemberInput,
  PinCommentInput,
  PostCommentInput,
  PostCommentPayload,
  RoomInput,
  RoomPayload,
} from './room-inputs.js'
import type { RoomsContext } from './rooms-context.js'

const roomId = idOf('Room')

type AnsweredRoom = Promise<Answered<{ readonly room: RoomRow }>>

/** What an audience does, and what keeps it in order. */
@Resolver()
export class AudienceMutations {
  @Mutation(() => PostCommentPayload, {
    description:
      'Says something in a live room. For members. Beyond the rate of the room comments are kept and only a sample is shown to all. Refused with COMMENT_BLANK, COMMENT_TOO_LONG, ROOM_NOT_LIVE, MUTED or COMMENT_RATE.',
  })
  postComment(
    @Arg('input', () => PostCommentInput) input: PostCommentInput,
    @Ctx() { who, flow }: RoomsContext,
  ): Promise<Answered<{ readonly comment: CommentRow; readonly shown: boolean }>> {
    return payload(async () => {
      const comment = await flow.comments.post(who, {
        idempotencyKey: readMaybeKey(input),
        room: roomId(input.roomId, 'roomId'),
        text: input.text,
        offsetMs: maybe(input.offsetMs, 'offsetMs', whole),
      })
      return { comment, shown: comment.shown }
    })
  }

  @Mutation(() => RoomPayload, {
    description: 'Likes a live room. Likes are gathered, and stored and told at most every second. For members.',
  })
  likeRoom(@Arg('input', () => LikeRoomInput) input: LikeRoomInput, @Ctx() context: RoomsContext): AnsweredRoom {
    return payload(async () => {
      const room = await found(context, input.roomId)
      context.flow.figures.like(context.who, room, input.count)
      return { room }
    })
  }

  @Mutation(() => RoomPayload, {
    description:
      "A viewer's sign of life in a live room: send one every 30 seconds. From these the server counts who is there and how long. For members.",
  })
  watchRoom(@Arg('input', () => RoomInput) input: RoomInput, @Ctx() context: RoomsContext): AnsweredRoom {
    return payload(async () => {
      const room = await found(context, input.roomId)
      await context.flow.figures.watch(context.who, room)
      return { room }
    })
  }

  @Mutation(() => RoomPayload, {
    description: "Silences a member in a room, or lets him speak again. For the room's host and operators.",
  })
  muteMember(
    @Arg('input', () => MuteMemberInput) input: MuteMemberInput,
    @Ctx() { who, flow }: RoomsContext,
  ): AnsweredRoom {
    return payload(async () => {
      const member = idOf('Member')(input.memberId, 'memberId')
      const room = roomId(input.roomId, 'roomId')
      return { room: await muteMember(flow.place, who, { room, member, muted: input.muted }) }
    })
  }

  @Mutation(() => RoomPayload, { description: "Keeps one comment in sight. For the room's host and operators." })
  pinComment(
    @Arg('input', () => PinCommentInput) input: PinCommentInput,
    @Ctx() { who, flow }: RoomsContext,
  ): AnsweredRoom {
    return payload(async () => {
      const comment = maybe(input.commentId, 'commentId', idOf('Comment'))
      return { room: await pinComment(flow.place, who, { room: roomId(input.roomId, 'roomId'), comment }) }
    })
  }
}

async function found({ loaders }: RoomsContext, id: string): Promise<RoomRow> {
  const room = await loaders.rooms.load(roomId(id, 'roomId'))
  if (room === null) throw refuse('NOT_FOUND', `no room is known as ${id}`)
  return room
}

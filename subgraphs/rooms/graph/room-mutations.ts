import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { instant, maybe, whole } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import { money } from '../../../schema/money.js'
import { readMaybeKey } from '../../host/graph/maybe-key.js'
import { payload, type Answered } from '../../host/graph/payload.js'
import { putOnShelf, setRoomPrice, setTalkingPoint, takeOffShelf } from '../flow/arrange-shelf.js'
import { endRoom, goLive, scheduleRoom, updateRoom } from '../flow/run-room.js'
import type { RoomRow } from '../store/tables.js'
import {
  PutOnShelfInput,
  RoomInput,
  RoomPayload,
  ScheduleRoomInput,
  SetRoomPriceInput,
  SetTalkingPointInput,
  TakeOffShelfInput,
  UpdateRoomInput,
} from './room-inputs.js'
import type { RoomsContext } from './rooms-context.js'

const roomId = idOf('Room')
const variantId = idOf('Variant')

type AnsweredRoom = Promise<Answered<{ readonly room: RoomRow }>>

/** What the host of a room and operators do: its life and its shelf. */
@Resolver()
export class RoomMutations {
  @Mutation(() => RoomPayload, { description: 'Puts a room on the programme. For hosts and operators.' })
  scheduleRoom(
    @Arg('input', () => ScheduleRoomInput) input: ScheduleRoomInput,
    @Ctx() { who, flow }: RoomsContext,
  ): AnsweredRoom {
    return payload(async () => ({
      room: await scheduleRoom(flow.place, who, {
        idempotencyKey: readMaybeKey(input),
        ...settings(input),
        kind: input.kind,
        host: maybe(input.hostId, 'hostId', idOf('Member')),
      }),
    }))
  }

  @Mutation(() => RoomPayload, {
    description: "Changes what is said of a room, or its rates. For the room's host and operators.",
  })
  updateRoom(
    @Arg('input', () => UpdateRoomInput) input: UpdateRoomInput,
    @Ctx() { who, flow }: RoomsContext,
  ): AnsweredRoom {
    return payload(async () => ({
      room: await updateRoom(flow.place, who, roomId(input.roomId, 'roomId'), settings(input)),
    }))
  }

  @Mutation(() => RoomPayload, { description: "Opens a room's doors. For the room's host and operators." })
  goLive(@Arg('input', () => RoomInput) input: RoomInput, @Ctx() { who, flow }: RoomsContext): AnsweredRoom {
    return payload(async () => ({ room: await goLive(flow.place, who, roomId(input.roomId, 'roomId')) }))
  }

  @Mutation(() => RoomPayload, {
    description:
      "Ends a room, or calls it off; draws that are open are drawn first. For the room's host and operators.",
  })
  endRoom(@Arg('input', () => RoomInput) input: RoomInput, @Ctx() { who, flow }: RoomsContext): AnsweredRoom {
    return payload(async () => ({ room: await endRoom(flow.place, who, roomId(input.roomId, 'roomId')) }))
  }

  @Mutation(() => RoomPayload, {
    description:
      "Puts a variant on the shelf, or moves and reprices one that stands there. For the room's host and operators.",
  })
  putOnShelf(
    @Arg('input', () => PutOnShelfInput) input: PutOnShelfInput,
    @Ctx() { who, flow }: RoomsContext,
  ): AnsweredRoom {
    return payload(async () => ({
      room: await putOnShelf(flow.place, who, {
        ...inRoom(input),
        product: idOf('Product')(input.productId, 'productId'),
        position: maybe(input.position, 'position', (value, place) => whole(value, place, { least: 0 })),
        roomPrice: maybe(input.roomPrice, 'roomPrice', money),
      }),
    }))
  }

  @Mutation(() => RoomPayload, { description: "Takes a variant off the shelf. For the room's host and operators." })
  takeOffShelf(
    @Arg('input', () => TakeOffShelfInput) input: TakeOffShelfInput,
    @Ctx() { who, flow }: RoomsContext,
  ): AnsweredRoom {
    return payload(async () => ({ room: await takeOffShelf(flow.place, who, inRoom(input)) }))
  }

  @Mutation(() => RoomPayload, { description: "Says what is being talked of now. For the room's host and operators." })
  setTalkingPoint(
    @Arg('input', () => SetTalkingPointInput) input: SetTalkingPointInput,
    @Ctx() { who, flow }: RoomsContext,
  ): AnsweredRoom {
    return payload(async () => {
      const variant = maybe(input.variantId, 'variantId', variantId)
      return { room: await setTalkingPoint(flow.place, who, { room: roomId(input.roomId, 'roomId'), variant }) }
    })
  }

  @Mutation(() => RoomPayload, {
    description: "Gives a variant on the shelf a price for this room alone. For the room's host and operators.",
  })
  setRoomPrice(
    @Arg('input', () => SetRoomPriceInput) input: SetRoomPriceInput,
    @Ctx() { who, flow }: RoomsContext,
  ): AnsweredRoom {
    return payload(async () => {
      const roomPrice = maybe(input.roomPrice, 'roomPrice', money)
      return { room: await setRoomPrice(flow.place, who, { ...inRoom(input), roomPrice }) }
    })
  }
}

function inRoom(input: { readonly roomId: string; readonly variantId: string }): {
  readonly room: string
  readonly variant: string
} {
  return { room: roomId(input.roomId, 'roomId'), variant: variantId(input.variantId, 'variantId') }
}

function settings(input: ScheduleRoomInput | UpdateRoomInput): Parameters<typeof updateRoom>[3] {
  const rate = (value: unknown, place: string): number => whole(value, place, { least: 0, most: 1_000_000_000 })
  return {
    title: input.title ?? null,
    scheduledAt: maybe(input.scheduledAt, 'scheduledAt', instant),
    commentsPerMember: maybe(input.commentsPerMemberPerMinute, 'commentsPerMemberPerMinute', rate),
    commentsPerMinute: maybe(input.commentsPerMinute, 'commentsPerMinute', rate),
  }
}

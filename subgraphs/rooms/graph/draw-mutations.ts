import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { instant, maybe, text } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import { payload, type Answered } from '../../host/graph/payload.js'
import { DateTime } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import type { DrawCondition } from '../domain/draw.js'
import { closeDraw } from '../flow/close-draw.js'
import { openDraw } from '../flow/run-draws.js'
import type { DrawRow } from '../store/tables.js'
import { DrawConditionType, DrawType } from './draw-types.js'
import type { RoomsContext } from './rooms-context.js'

@InputType({ description: 'A draw to be opened.' })
export class OpenDrawInput {
  @Field(() => ID, { description: 'The live room it is held in.' })
  roomId!: string

  @Field(() => String, { description: 'What is won, in 1 to 200 characters.' })
  prize!: string

  @Field(() => Int, { defaultValue: 1, description: 'How many win, from 1 to 1000.' })
  winners!: number

  @Field(() => DateTime, { nullable: true, description: 'When it closes by itself.' })
  closesAt?: Date | null

  @Field(() => String, { description: 'A public value that is fixed now, in 1 to 200 characters without "|".' })
  beacon!: string

  @Field(() => DrawConditionType, { defaultValue: 'NONE', description: 'What a member must have done to enter.' })
  condition!: DrawCondition

  @Field(() => Int, {
    defaultValue: 60,
    description: 'How many seconds a member must have watched, where that is the condition.',
  })
  watchSeconds!: number

  @Field(() => String, { nullable: true, description: 'With a key, asking again gives the same draw.' })
  idempotencyKey?: string | null
}

@InputType({ description: 'A draw.' })
export class DrawInput {
  @Field(() => ID, { description: 'The draw.' })
  drawId!: string
}

@ObjectType({ description: 'What became of the draw.' })
export class DrawPayload extends Payload {
  @Field(() => DrawType, { nullable: true, description: 'The draw as it is now.' })
  draw?: DrawType
}

type AnsweredDraw = Promise<Answered<{ readonly draw: DrawRow }>>

/** Draws: opened, entered, closed. */
@Resolver()
export class DrawMutations {
  @Mutation(() => DrawPayload, {
    description: "Opens a draw and publishes its commitment. For the room's host and operators.",
  })
  openDraw(@Arg('input', () => OpenDrawInput) input: OpenDrawInput, @Ctx() { who, flow }: RoomsContext): AnsweredDraw {
    return payload(async () => ({
      draw: await openDraw(flow.place, who, {
        room: idOf('Room')(input.roomId, 'roomId'),
        prize: input.prize,
        winners: input.winners,
        closesAt: maybe(input.closesAt, 'closesAt', instant),
        beacon: input.beacon,
        condition: input.condition,
        watchSeconds: input.watchSeconds,
        idempotencyKey: maybe(input.idempotencyKey, 'idempotencyKey', (value, place) =>
          text(value, place, { most: 200 }),
        ),
      }),
    }))
  }

  @Mutation(() => DrawPayload, { description: 'Enters a draw; entering twice is entering once. For members.' })
  joinDraw(@Arg('input', () => DrawInput) input: DrawInput, @Ctx() { who, flow }: RoomsContext): AnsweredDraw {
    return payload(async () => ({ draw: await flow.entry.join(who, idOf('Draw')(input.drawId, 'drawId')) }))
  }

  @Mutation(() => DrawPayload, {
    description:
      "Draws the winners and reveals the seed; closing twice gives the same answer. For the room's host and operators.",
  })
  closeDraw(@Arg('input', () => DrawInput) input: DrawInput, @Ctx() { who, flow }: RoomsContext): AnsweredDraw {
    return payload(async () => ({ draw: await closeDraw(flow.place, who, idOf('Draw')(input.drawId, 'drawId')) }))
  }
}

import { Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { DrawCondition, DrawState } from '../domain/draw.js'
import { NodeType } from '../../host/graph/node.js'
import { connectionOf } from '../../host/graph/page.js'
import { MemberType } from './stubs.js'

/** `DrawState` of the domain, as an enum of the graph. */
export const DrawStateType = { OPEN: 'OPEN', CLOSED: 'CLOSED' } as const
registerEnumType(DrawStateType, {
  name: 'DrawState',
  description: 'Where a draw is in its life.',
  valuesConfig: {
    OPEN: { description: 'Members may enter.' },
    CLOSED: { description: 'The winners are drawn and the seed is public.' },
  },
})

/** `DrawCondition` of the domain, as an enum of the graph. */
export const DrawConditionType = { NONE: 'NONE', COMMENTED: 'COMMENTED', WATCHED: 'WATCHED' } as const
registerEnumType(DrawConditionType, {
  name: 'DrawCondition',
  description: 'What a member must have done in the room to enter.',
  valuesConfig: {
    NONE: { description: 'Nothing more than being a member.' },
    COMMENTED: { description: 'Posted a comment.' },
    WATCHED: { description: 'Watched for as long as the draw says, by the count of the server.' },
  },
})

@ObjectType('DrawWinner', { description: 'Who won a draw, and by which score.' })
export class DrawWinnerType {
  @Field(() => Int, { description: 'From 1, the best.' })
  place!: number

  @Field(() => MemberType, { nullable: true, description: 'The winner.' })
  member!: MemberType | null

  @Field(() => String, {
    description: 'HMAC-SHA256 with the seed as key over "root|beacon|member id", in hexadecimal: the lowest wins.',
  })
  score!: string
}

@Directive('@key(fields: "id")')
@ObjectType('Draw', {
  implements: NodeType,
  description:
    'A draw that anybody can draw again. Before entries open, `commitment` (SHA-256 of the seed) is public. At closing, `root` is ' +
    'SHA-256 over the sorted ids of the entrants, joined by newlines; every entrant gets the score HMAC-SHA256(seed, "root|beacon|id"), ' +
    'and the lowest scores win. After closing the seed is public too.',
})
export class DrawType extends NodeType {
  @Field(() => DrawStateType, { description: 'Where it is in its life.' })
  state!: DrawState

  @Field(() => String, { description: 'What is won.' })
  prize!: string

  @Field(() => DrawConditionType, { description: 'What a member must have done in the room to enter.' })
  condition!: DrawCondition

  @Field(() => String, { description: 'SHA-256 of the seed, in hexadecimal; published before anybody could enter.' })
  commitment!: string

  @Field(() => String, { description: 'A public value that was fixed when the draw was opened.' })
  beacon!: string

  @Field(() => String, { nullable: true, description: 'SHA-256 of the entrants, in hexadecimal; null before closing.' })
  root!: string | null
}

/** A page of those who entered a draw. */
export const EntrantConnection = connectionOf('Entrant', () => MemberType)

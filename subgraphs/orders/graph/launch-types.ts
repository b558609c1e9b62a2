import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'
import { DateTime, SafeInt } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'

/** `LaunchState` of the domain, as an enum of the graph. */
export const LaunchStateType = { SCHEDULED: 'SCHEDULED', RESERVED_FIRST: 'RESERVED_FIRST', OPEN: 'OPEN' } as const
registerEnumType(LaunchStateType, {
  name: 'LaunchState',
  description: 'Where a launch stands.',
  valuesConfig: {
    SCHEDULED: { description: 'It is reserved, and not sold.' },
    RESERVED_FIRST: { description: 'It is sold to those who reserved.' },
    OPEN: { description: 'It is sold to everybody.' },
  },
})

@ObjectType('Launch', { description: 'A new product that goes on sale at a moment.' })
export class LaunchType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => ID, { description: 'The product.' })
  productId!: string

  @Field(() => LaunchStateType, { description: "Where it stands, by the database's clock." })
  state!: string

  @Field(() => DateTime, { description: 'From when on it is sold to those who reserved.' })
  opensAt!: Date

  @Field(() => DateTime, { description: 'From when on it is sold to everybody.' })
  allFrom!: Date

  @Field(() => SafeInt, { description: 'How many members reserved.' })
  reserved!: number
}

@InputType({ description: 'A product that is to go on sale.' })
export class ScheduleLaunchInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string

  @Field(() => DateTime, { description: 'When it goes on sale; to come.' })
  opensAt!: Date

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until then it is sold to those who reserved; null: to everybody at once.',
  })
  allFrom?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When those who reserved are reminded; null: when it opens.' })
  remindAt?: Date | null
}

@InputType({ description: 'A reservation.' })
export class ReserveLaunchInput {
  @Field(() => ID, { description: 'The launch.' })
  launchId!: string
}

@ObjectType('LaunchPayload', { description: 'What became of a launch.' })
export class LaunchPayload extends Payload {
  @Field(() => LaunchType, { nullable: true, description: 'The launch; null when it was refused.' })
  launch?: LaunchType | null
}

import { Directive, Field, InterfaceType, ObjectType } from 'type-graphql'

/** What every refusal of a mutation tells. */
@InterfaceType('UserError', {
  autoRegisterImplementations: false,
  description: 'Why a mutation did not do what was asked. It is data, not a fault.',
})
export abstract class UserErrorType {
  @Field(() => String, { description: 'One of the codes that the documentation lists; a promise.' })
  code!: string

  @Field(() => String, { description: 'What was expected and what came, for people.' })
  message!: string

  @Field(() => String, { nullable: true, description: 'The place in the input, like lines[0].quantity.' })
  field!: string | null
}

/** The refusal that needs no fields of its own. */
@Directive('@shareable')
@ObjectType('Refusal', {
  implements: UserErrorType,
  description: 'A refusal with nothing beside its code and message.',
})
export class RefusalType extends UserErrorType {}

/** The common part of every mutation's payload; extend it. */
@ObjectType()
export abstract class Payload {
  @Field(() => [UserErrorType], { description: 'Why the mutation was refused; empty when it was not.' })
  errors!: readonly UserErrorType[]
}

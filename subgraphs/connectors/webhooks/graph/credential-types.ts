import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { PartnerScope } from '../../../../schema/identity.js'
import { connectionOf } from '../../../host/graph/page.js'
import { DateTime } from '../../../host/graph/scalars.js'
import { Payload } from '../../../host/graph/user-error.js'

/** `PartnerScope` as an enum of the graph. */
export const PartnerScopeType = {
  CATALOG: 'catalog',
  QUOTE: 'quote',
  ORDER: 'order',
  AFTER_SALES: 'after-sales',
  EVENTS: 'events',
  STATEMENT: 'statement',
} as const satisfies Readonly<Record<string, PartnerScope>>
registerEnumType(PartnerScopeType, {
  name: 'PartnerScope',
  description: "What a partner's credential may do.",
  valuesConfig: {
    CATALOG: { description: 'Read what it may sell.' },
    QUOTE: { description: 'Ask for prices.' },
    ORDER: { description: 'Place, confirm and cancel orders, and see them.' },
    AFTER_SALES: { description: 'Refund and return, and see orders.' },
    EVENTS: { description: 'Be told, by subscription and by letters, and see orders.' },
    STATEMENT: { description: 'Read what its orders came to.' },
  },
})

@ObjectType('PartnerSecret', { description: 'A secret of a credential. It was told once, and only its hash is kept.' })
export class PartnerSecretType {
  @Field(() => DateTime, { description: 'When it was made.' })
  madeAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'Until when it is taken; null: it is the newest.' })
  endsAt!: Date | null
}

@ObjectType('PartnerCredential', { description: "What a partner's server exchanges for tokens." })
export class PartnerCredentialType {
  @Field(() => String, { description: 'What it is known by, `client_id` at the door of tokens.' })
  clientId!: string

  @Field(() => String, { description: 'Whose it is.' })
  partner!: string

  @Field(() => String, { description: "For people: which of the partner's servers uses it." })
  label!: string

  @Field(() => [PartnerScopeType], { description: 'What it may do.' })
  scopes!: readonly PartnerScope[]

  @Field(() => [String], { description: 'Networks that it is used from; none: from anywhere.' })
  networks!: readonly string[]

  @Field(() => Int, { description: 'Root fields that it may ask for in a minute.' })
  perMinute!: number

  @Field(() => Int, { description: 'The same in a day, as China counts days.' })
  perDay!: number

  @Field(() => Int, { description: 'How many of them gateways have drawn today.' })
  usedToday!: number

  @Field(() => [PartnerSecretType], {
    description: 'Its secrets that are taken now, the oldest first: one, or two while they rotate.',
  })
  secrets!: readonly PartnerSecretType[]

  @Field(() => DateTime, { description: 'When it was issued.' })
  madeAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When it was last used; null: never.' })
  usedAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked; null: it stands.' })
  revokedAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Why it was.' })
  revokedWhy!: string | null
}

/** A page of credentials. */
export const PartnerCredentialConnection = connectionOf('PartnerCredential', () => PartnerCredentialType)

@InputType()
abstract class LimitsInput {
  @Field(() => [PartnerScopeType], { nullable: true, description: 'What it may do.' })
  scopes?: readonly PartnerScope[] | null

  @Field(() => Int, { nullable: true, description: 'Root fields in a minute, 1 to 100,000.' })
  perMinute?: number | null

  @Field(() => Int, { nullable: true, description: 'Root fields in a day, 1 to 100,000,000.' })
  perDay?: number | null

  @Field(() => [String], {
    nullable: true,
    description: 'Up to 50 networks like 10.1.0.0/16 or 2001:db8::/32; an empty list: from anywhere.',
  })
  networks?: readonly string[] | null
}

@InputType('IssuePartnerCredentialInput', {
  description: 'A new credential. What is not said: all scopes, 600 a minute, 100,000 a day, from anywhere.',
})
export class IssuePartnerCredentialInput extends LimitsInput {
  @Field(() => String, { description: 'Chosen by the client, 1 to 200 characters.' })
  idempotencyKey!: string

  @Field(() => String, { description: 'Whose: a short name of a to z, 0 to 9 and dashes.' })
  partner!: string

  @Field(() => String, { description: "For people: which of the partner's servers will use it." })
  label!: string
}

@InputType('ChangePartnerCredentialInput', { description: 'What of a credential is to be otherwise; the rest stays.' })
export class ChangePartnerCredentialInput extends LimitsInput {
  @Field(() => String, { description: 'Which.' })
  clientId!: string
}

@InputType('RotatePartnerSecretInput', { description: 'Another secret for a credential.' })
export class RotatePartnerSecretInput {
  @Field(() => String, { description: 'Chosen by the client, 1 to 200 characters.' })
  idempotencyKey!: string

  @Field(() => String, { description: 'Which.' })
  clientId!: string

  @Field(() => Int, {
    defaultValue: 86_400,
    description:
      'How long the one before is still taken: 0 to 604,800 seconds (a week). One that was ending already ends at once.',
  })
  overlapSeconds!: number
}

@InputType('RevokePartnerCredentialInput', { description: 'A credential that ends.' })
export class RevokePartnerCredentialInput {
  @Field(() => String, { description: 'Which.' })
  clientId!: string

  @Field(() => String, { description: 'Why.' })
  reason!: string
}

@ObjectType('PartnerCredentialPayload', { description: 'What became of a credential.' })
export class PartnerCredentialPayload extends Payload {
  @Field(() => PartnerCredentialType, { nullable: true, description: 'The credential as it is now.' })
  credential?: PartnerCredentialType

  @Field(() => String, {
    nullable: true,
    description:
      'Its new secret. It is told this once: asked again with the same key it is null, and to be rotated if it was lost.',
  })
  secret?: string | null
}

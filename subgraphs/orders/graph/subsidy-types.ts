import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { MAYBE_KEY } from '../../host/graph/maybe-key.js'
import { MoneyInput, MoneyType } from '../../host/graph/money.js'
import { DateTime } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import { BearerShareInput, ReductionInput } from './offer-inputs.js'
import { VariantType } from './price-types.js'

@ObjectType('SubsidyBearer', { description: 'Who bears a session, and what he has borne.' })
export class SubsidyBearerType {
  @Field(() => String, { description: 'Like platform, partner:kuaishou, or seller for whoever sells the goods.' })
  bearer!: string

  @Field(() => Int, { description: 'His share in hundredths of a percent.' })
  shareBp!: number

  @Field(() => MoneyType, {
    nullable: true,
    description: 'What the ledger says he has borne; null for the sellers, who simply get less.',
  })
  borne!: MoneyType | null
}

@ObjectType('SubsidySession', { description: 'A subsidy with a budget that is never passed.' })
export class SubsidySessionType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => String, { description: 'For people: what it is.' })
  label!: string

  @Field(() => String, { nullable: true, description: 'The partner inside whose app it holds; null: everywhere.' })
  partner!: string | null

  @Field(() => MoneyType, { description: 'What may be given.' })
  budget!: MoneyType

  @Field(() => MoneyType, { description: 'What orders have taken of it, less what they gave back.' })
  used!: MoneyType

  @Field(() => [SubsidyBearerType], { description: 'Who bears it.' })
  bearers!: readonly SubsidyBearerType[]

  @Field(() => [VariantType], { nullable: 'items', description: 'The goods in it.' })
  variants!: readonly object[]

  @Field(() => DateTime, { description: 'When it begins.' })
  startsAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When it ends or ended.' })
  endsAt!: Date | null
}

@InputType('OpenSubsidySessionInput', { description: 'A subsidy with a budget.' })
export class OpenSubsidySessionInput {
  @Field(() => String, { description: 'Chosen by the client, 1 to 200 characters.' })
  idempotencyKey!: string

  @Field(() => String, { description: 'For people: what it is, 1 to 80 characters.' })
  label!: string

  @Field(() => String, { nullable: true, description: 'The partner inside whose app it holds.' })
  partner?: string | null

  @Field(() => MoneyInput, { description: 'What may be given, by all bearers together.' })
  budget!: MoneyInput

  @Field(() => [BearerShareInput], {
    description: 'Who bears it: platform, the partner, and seller for whoever sells the goods.',
  })
  shares!: BearerShareInput[]

  @Field(() => DateTime, { nullable: true, description: 'When it begins; none: now.' })
  startsAt?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it ends; none: when it is closed.' })
  endsAt?: Date | null
}

@InputType('AddToSubsidySessionInput', { description: 'Goods that are put into a session.' })
export class AddToSubsidySessionInput {
  @Field(() => String, MAYBE_KEY)
  idempotencyKey?: string | null

  @Field(() => ID, { description: 'Into which.' })
  subsidySessionId!: string

  @Field(() => ID, { description: 'What.' })
  variantId!: string

  @Field(() => ReductionInput, { description: 'How it lowers the price.' })
  reduction!: ReductionInput
}

@InputType('CloseSubsidySessionInput', { description: 'A session to be ended.' })
export class CloseSubsidySessionInput {
  @Field(() => ID, { description: 'Which.' })
  subsidySessionId!: string
}

@ObjectType('SubsidySessionPayload', { description: 'What became of a session.' })
export class SubsidySessionPayload extends Payload {
  @Field(() => SubsidySessionType, {
    nullable: true,
    description: 'The session as it is now; null when it was refused.',
  })
  subsidySession?: SubsidySessionType | null
}

import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { MAYBE_KEY } from '../../host/graph/maybe-key.js'
import { MoneyType } from '../../host/graph/money.js'
import { NodeType } from '../../host/graph/node.js'
import { connectionOf } from '../../host/graph/page.js'
import { DateTime } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'

/** `Role` of the contract as an enum of the graph: its names are written as GraphQL writes them. */
export const RoleType = {
  MEMBER: 'member',
  HOST: 'host',
  OPERATOR: 'operator',
  MERCHANT: 'merchant',
  CAMPAIGN_MANAGER: 'campaign-manager',
  INFLUENCER: 'influencer',
  PARTNER: 'partner',
  PLATFORM_OPERATOR: 'platform-operator',
} as const
registerEnumType(RoleType, {
  name: 'Role',
  description: 'What a token lets its bearer do.',
  valuesConfig: {
    MEMBER: { description: 'Shops, watches and comments.' },
    HOST: { description: 'Runs rooms.' },
    OPERATOR: { description: 'Runs the shop.' },
    MERCHANT: { description: 'Feeds the catalog and keeps its stock.' },
    CAMPAIGN_MANAGER: { description: 'Runs contests.' },
    INFLUENCER: { description: 'Takes part in contests.' },
    PARTNER: { description: "A partner's server, buying for its own customers." },
    PLATFORM_OPERATOR: { description: 'Runs the installation itself.' },
  },
})

@ObjectType('Plus', { description: 'A PLUS membership.' })
export class PlusType {
  @Field(() => DateTime, { description: 'When it ends.' })
  until!: Date

  @Field(() => Boolean, { description: 'Whether it runs now.' })
  active!: boolean
}

@ObjectType('PlusPeriod', { description: 'A period of PLUS: it goes on from where the one before ends.' })
export class PlusPeriodType {
  @Field(() => DateTime, { description: 'When it begins.' })
  startsAt!: Date

  @Field(() => DateTime, { description: 'When it ends.' })
  endsAt!: Date

  @Field(() => Int, { description: 'How many years it has.' })
  years!: number

  @Field(() => DateTime, { description: 'When it was granted.' })
  grantedAt!: Date

  @Field(() => String, { description: 'What granted it.' })
  grant!: string
}

/** A page of periods. */
export const PlusPeriodConnection = connectionOf('PlusPeriod', () => PlusPeriodType)

@ObjectType('ECardEntry', { description: 'One movement of an e-card account.' })
export class ECardEntryType {
  @Field(() => MoneyType, { description: 'What came in; below zero what went out.' })
  amount!: MoneyType

  @Field(() => MoneyType, { description: 'What was there afterwards.' })
  balance!: MoneyType

  @Field(() => String, { description: 'Why.' })
  reason!: string

  @Field(() => DateTime, { description: 'When.' })
  at!: Date
}

/** A page of movements. */
export const ECardEntryConnection = connectionOf('ECardEntry', () => ECardEntryType)

@ObjectType('ECard', { description: 'An account to shop from, in one currency.' })
export class ECardType {
  @Field(() => MoneyType, { description: 'What is there now.' })
  balance!: MoneyType
}

@ObjectType('Address', { description: 'Where a parcel goes. Its owner alone sees it.' })
export class AddressType {
  @Field(() => ID, { description: 'Its id, to order with.' })
  id!: string

  @Field(() => String, { description: 'The number of its region: 6, 9 or 12 digits.' })
  regionCode!: string

  @Field(() => String, { description: 'Street, house and door.' })
  line!: string

  @Field(() => String, { description: 'Who takes the parcel.' })
  receiver!: string

  @Field(() => String, { description: 'How to call him.' })
  phone!: string
}

@Directive('@key(fields: "id")')
@ObjectType('Member', { implements: NodeType, description: 'Somebody who shops, watches, hosts or takes part.' })
export class MemberType extends NodeType {
  @Field(() => String, { description: 'The name that others see.' })
  nickname!: string
}

@InputType({ description: 'A member to be known.' })
export class NamedMemberInput {
  @Field(() => ID, { description: 'The id: Member: and a key.' })
  id!: string

  @Field(() => String, { description: 'The name that others see, at most 100 characters.' })
  nickname!: string
}

@InputType({ description: 'Members to be known.' })
export class EnsureMembersInput {
  @Field(() => [NamedMemberInput], { description: 'At most 500, each named once.' })
  members!: NamedMemberInput[]
}

@ObjectType('EnsureMembersPayload', { description: 'The members, now known.' })
export class EnsureMembersPayload extends Payload {
  @Field(() => [MemberType], { nullable: true, description: 'In the order of the input.' })
  members?: readonly MemberType[]
}

@InputType({ description: 'An address to be kept for the member who asks.' })
export class AddAddressInput {
  @Field(() => String, MAYBE_KEY)
  idempotencyKey?: string | null

  @Field(() => String, { description: 'The number of its region: 6, 9 or 12 digits.' })
  regionCode!: string

  @Field(() => String, { description: 'Street, house and door.' })
  line!: string

  @Field(() => String, { description: 'Who takes the parcel.' })
  receiver!: string

  @Field(() => String, { description: 'How to call him.' })
  phone!: string
}

@ObjectType('AddAddressPayload', { description: 'The address, now kept.' })
export class AddAddressPayload extends Payload {
  @Field(() => AddressType, { nullable: true, description: 'The address; null when it was refused.' })
  address?: AddressType
}

@InputType({ description: 'An address that is no longer to be kept.' })
export class RemoveAddressInput {
  @Field(() => ID, { description: 'Its id; one that is gone already, or never was yours, changes nothing.' })
  addressId!: string
}

@ObjectType('RemoveAddressPayload', { description: 'The address is gone.' })
export class RemoveAddressPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'Its id; null when it was refused.' })
  addressId?: string
}

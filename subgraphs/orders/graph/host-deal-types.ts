import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { connectionOf } from '../../host/graph/page.js'
import { DateTime } from '../../host/graph/scalars.js'
import { Payload } from '../../host/graph/user-error.js'
import type { DealDeed } from '../domain/host-deal.js'
import { MemberType } from './stubs.js'

/** `DealState` as an enum of the graph. */
export const DealStateType = {
  PROPOSED: 'PROPOSED',
  COUNTERED: 'COUNTERED',
  AGREED: 'AGREED',
  REFUSED: 'REFUSED',
  ENDED: 'ENDED',
} as const
registerEnumType(DealStateType, {
  name: 'HostDealState',
  description: 'Where a deal of a host stands.',
  valuesConfig: {
    PROPOSED: { description: 'The host has named a rate.' },
    COUNTERED: { description: 'The seller has named another one.' },
    AGREED: { description: 'The rate holds for orders placed from then on.' },
    REFUSED: { description: 'One of the two wants no deal.' },
    ENDED: { description: 'It held for a while; the usual rate holds again.' },
  },
})

/** What may be done to a deal, as an enum of the graph. */
export const DealDeedType: Readonly<Record<string, DealDeed>> = {
  PROPOSE: 'propose',
  COUNTER: 'counter',
  AGREE: 'agree',
  REFUSE: 'refuse',
  END: 'end',
}
registerEnumType(DealDeedType, {
  name: 'HostDealDeed',
  description: 'A step of a deal.',
  valuesConfig: {
    PROPOSE: { description: 'The host names another rate.' },
    COUNTER: { description: 'The seller names another rate.' },
    AGREE: { description: 'To the rate that the other one named.' },
    REFUSE: { description: 'No deal.' },
    END: { description: 'Of a deal that was agreed.' },
  },
})

@ObjectType('HostDeal', { description: 'What a host and a seller negotiate for one product.' })
export class HostDealType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => MemberType, { nullable: true, description: 'The host.' })
  host!: object

  @Field(() => ID, { description: 'The product.' })
  product!: string

  @Field(() => String, { description: 'Who sells it.' })
  seller!: string

  @Field(() => DealStateType, { description: 'Where it stands.' })
  state!: string

  @Field(() => Int, {
    description: "The rate named last: the host's part of what buyers pay, in hundredths of a percent.",
  })
  rateBp!: number

  @Field(() => String, { nullable: true, description: 'What was said last.' })
  note!: string | null

  @Field(() => DateTime, { nullable: true, description: 'Since when it is agreed.' })
  agreedAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  endedAt!: Date | null
}

/** A page of deals. */
export const HostDealConnection = connectionOf('HostDeal', () => HostDealType)

@InputType('ProposeHostDealInput', { description: 'A rate that a host asks for.' })
export class ProposeHostDealInput {
  @Field(() => String, { description: 'Chosen by the client, 1 to 200 characters.' })
  idempotencyKey!: string

  @Field(() => ID, { description: 'For which product.' })
  productId!: string

  @Field(() => Int, { description: 'Hundredths of a percent of what buyers pay in his rooms.' })
  rateBp!: number

  @Field(() => String, { nullable: true, description: 'Why.' })
  note?: string | null
}

@InputType('MoveHostDealInput', { description: 'A step of a deal.' })
export class MoveHostDealInput {
  @Field(() => String, { description: 'Chosen by the client, 1 to 200 characters.' })
  idempotencyKey!: string

  @Field(() => ID, { description: 'Which.' })
  hostDealId!: string

  @Field(() => DealDeedType, { description: 'What is done.' })
  deed!: DealDeed

  @Field(() => Int, { nullable: true, description: 'The rate, with PROPOSE and COUNTER.' })
  rateBp?: number | null

  @Field(() => String, { nullable: true, description: 'Why.' })
  note?: string | null
}

@ObjectType('HostDealPayload', { description: 'What became of a deal.' })
export class HostDealPayload extends Payload {
  @Field(() => HostDealType, { nullable: true, description: 'The deal as it is now; null when it was refused.' })
  hostDeal?: HostDealType | null
}

import { Ctx, Field, FieldResolver, Mutation, ObjectType, Query, Resolver, Root, Arg, InputType } from 'type-graphql'
import { misread, text } from '../../../../platform/decode.js'
import { needRole } from '../../../../schema/identity.js'
import { DateTime, SafeInt } from '../../../host/graph/scalars.js'
import { payload, type Answered } from '../../../host/graph/payload.js'
import { Payload } from '../../../host/graph/user-error.js'
import type { Asking } from './asking.js'
import { ListingType } from './listing-types.js'

@ObjectType('KuaishouLive', { description: "Our live room inside Kuaishou's app, as it tells." })
export class KuaishouLiveType {
  @Field(() => SafeInt, { description: 'How many people watch.' })
  viewers!: number

  @Field(() => DateTime, { description: 'When that was seen.' })
  at!: Date
}

@InputType('FetchKuaishouOrderInput', { description: 'An order that is to be looked at again.' })
export class FetchKuaishouOrderInput {
  @Field(() => String, { description: "The partner's own number of the order: digits." })
  partnerOrder!: string
}

@ObjectType('FetchKuaishouOrderPayload', { description: 'What became of the wish to look again.' })
export class FetchKuaishouOrderPayload extends Payload {
  @Field(() => DateTime, { nullable: true, description: 'When it was asked for; compare the day again afterwards.' })
  askedAt?: Date
}

/** Looking at the partner's side now: its live room, and an order on which the books differ. */
@Resolver(() => ListingType)
export class LiveResolver {
  @Query(() => KuaishouLiveType, {
    nullable: true,
    description:
      'Our live room there, seen ten seconds ago at most; null when it does not tell. For operators and merchants.',
  })
  async kuaishouLive(@Ctx() { who, flow }: Asking): Promise<KuaishouLiveType | null> {
    needRole(who, 'operator', 'merchant')
    const seen = await flow.live.viewers()
    return seen === null ? null : { viewers: seen.value, at: seen.at }
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether it is in the cart of our live room there now; null when it is not shown there, or the partner does not tell.',
  })
  async inLiveCart(@Root() { id }: ListingType, @Ctx() { flow, loaders }: Asking): Promise<boolean | null> {
    const kwaiItem = await loaders.itemOfListing.load(id.slice('Listing:'.length))
    return kwaiItem === null ? null : ((await flow.live.inCart(kwaiItem))?.value ?? null)
  }

  @Mutation(() => FetchKuaishouOrderPayload, {
    description:
      "Reads an order of Kuaishou's anew and does what is due for it, also what was given up. For operators.",
  })
  async fetchKuaishouOrder(
    @Arg('input', () => FetchKuaishouOrderInput) input: FetchKuaishouOrderInput,
    @Ctx() { who, flow }: Asking,
  ): Promise<Answered<{ askedAt: Date }>> {
    needRole(who, 'operator')
    return await payload(async () => {
      const oid = text(input.partnerOrder, 'partnerOrder', { most: 20 })
      if (!/^\d+$/.test(oid)) throw misread('partnerOrder', 'digits', oid)
      await flow.fetch(oid)
      return { askedAt: flow.now() }
    })
  }
}

import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql'
import { PERSONAL } from '../../host/graph/live-directive.js'
import { payload, type Answered } from '../../host/graph/payload.js'
import { Payload } from '../../host/graph/user-error.js'
import type { Member } from '../store/member-rows.js'
import type { MembersContext } from './members-context.js'
import { MemberType } from './member-types.js'

@InputType({ description: 'For whom a merchant acts.' })
export class BindMerchantInput {
  @Field(() => ID, { description: 'The merchant.' })
  memberId!: string

  @Field(() => [String], { description: 'The sellers, at most 100; none ends it.' })
  sellers!: string[]
}

@ObjectType('BindMerchantPayload', { description: 'The merchant, now bound.' })
export class BindMerchantPayload extends Payload {
  @Field(() => MemberType, { nullable: true, description: 'The member; null when it was refused.' })
  member?: MemberType | null
}

/** Which sellers a merchant acts for. */
@Resolver(() => MemberType)
export class MerchantResolver {
  @Mutation(() => BindMerchantPayload, {
    description: 'Says for which sellers a merchant acts: for these and no other. For operators.',
  })
  bindMerchant(
    @Arg('input', () => BindMerchantInput) { memberId, sellers }: BindMerchantInput,
    @Ctx() { who, flow, loaders }: MembersContext,
  ): Promise<Answered<{ member: Member | null }>> {
    return payload(async () => ({
      member: await loaders.members.load(await flow.bindMerchant(who, { member: memberId, sellers })),
    }))
  }

  @Directive(PERSONAL)
  @FieldResolver(() => [String], {
    nullable: true,
    description:
      'The sellers for which the member acts as a merchant; for the member and for operators, null to others.',
  })
  async actsFor(@Root() { id }: Member, @Ctx() { who, loaders }: MembersContext): Promise<readonly string[] | null> {
    if (who.member !== id && !who.roles.includes('operator')) return null
    return await loaders.sellersOf.load(id)
  }
}

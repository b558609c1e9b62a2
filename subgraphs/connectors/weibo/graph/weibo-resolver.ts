import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { text } from '../../../../platform/decode.js'
import { idOf } from '../../../../schema/ids.js'
import { memberOf, needRole } from '../../../../schema/identity.js'
import { payload } from '../../../host/graph/payload.js'
import type { AccountRow } from '../store/accounts.js'
import type { PostRow } from '../store/posts.js'
import { maySee, type Asking } from './asking.js'
import {
  BindWeiboInput,
  BindWeiboPayload,
  CampaignPostType,
  PostLinkInput,
  PostLinkPayload,
  TrackedLinkType,
  WeiboAccountType,
} from './weibo-types.js'

/** Binds accounts and posts links. */
@Resolver()
export class WeiboResolver {
  @Query(() => WeiboAccountType, { nullable: true, description: 'The account of who asks; null before it is bound.' })
  async weiboAccount(@Ctx() { who, loaders }: Asking): Promise<AccountRow | null> {
    return who.member === null ? null : await loaders.account.load(who.member)
  }

  @Query(() => String, {
    nullable: true,
    description: 'The page of the network where an influencer consents; it sends the browser back with a code.',
  })
  weiboConsentPage(
    @Arg('state', () => String, { description: 'Comes back with the code; make it unguessable.' }) state: string,
    @Ctx() { flow }: Asking,
  ): string {
    return flow.consentPage(text(state, 'state', { most: 200 }))
  }

  @Mutation(() => BindWeiboPayload, { description: 'Binds the account of who asks. For influencers.' })
  bindWeibo(@Arg('input', () => BindWeiboInput) input: BindWeiboInput, @Ctx() { who, flow }: Asking): Promise<object> {
    needRole(who, 'influencer')
    const member = memberOf(who)
    return payload(async () => ({ account: await flow.bind(member, text(input.code, 'code', { most: 200 })) }))
  }

  @Mutation(() => PostLinkPayload, {
    description:
      'Posts a link of who asks for him, by the rules of the network; the same words again are the same post. For influencers.',
  })
  postLink(@Arg('input', () => PostLinkInput) input: PostLinkInput, @Ctx() { who, flow }: Asking): Promise<object> {
    needRole(who, 'influencer')
    const member = memberOf(who)
    return payload(async () => {
      const link = idOf('TrackedLink')(input.linkId, 'linkId')
      return { post: await flow.post({ member, link, words: text(input.text, 'text', { least: 0, most: 1000 }) }) }
    })
  }
}

/** Says whether an account needs a new consent. */
@Resolver(() => WeiboAccountType)
export class AccountResolver {
  @FieldResolver(() => Boolean, {
    description: 'Whether the network takes our word for the account no longer: bind it anew.',
  })
  needsConsent(@Root() { token, expiresAt }: AccountRow, @Ctx() { flow }: Asking): boolean {
    return token === null || expiresAt <= flow.clock.now()
  }
}

/** Reads posts. */
@Resolver(() => CampaignPostType)
export class PostResolver {
  @FieldResolver(() => TrackedLinkType, { nullable: true, description: 'The link that it carries.' })
  link(@Root() { link }: PostRow): object {
    return { __typename: 'TrackedLink', id: link }
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How many seconds ago the figures were told; null before the first time.',
  })
  ageSeconds(@Root() { countedAt }: PostRow, @Ctx() { flow }: Asking): number | null {
    return countedAt === null
      ? null
      : Math.max(0, Math.round((flow.clock.now().getTime() - countedAt.getTime()) / 1000))
  }
}

/** Adds posts to links. */
@Resolver(() => TrackedLinkType)
export class LinkPostsResolver {
  @FieldResolver(() => [CampaignPostType], {
    nullable: true,
    description:
      'What was posted of it, oldest first; those that are not there only to its owner and the campaign team.',
  })
  async posts(@Root() { id }: TrackedLinkType, @Ctx() { who, loaders }: Asking): Promise<readonly PostRow[]> {
    const posts = await loaders.postsOfLink.load(id)
    return posts.filter((post) => post.status === 'POSTED' || maySee(who, post.member))
  }
}

import { Arg, Ctx, Directive, ID, Mutation, Resolver, Root, Subscription } from 'type-graphql'
import { list } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import { memberOf, needRole } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { readMaybeKey } from '../../host/graph/maybe-key.js'
import { payload } from '../../host/graph/payload.js'
import type { BoardMoved } from '../flow/watch-boards.js'
import { visible, type Asking } from './asking.js'
import { shownRank, type BoardOf } from './campaign-resolver.js'
import { BoardType } from './campaign-type.js'
import {
  CloseCampaignInput,
  DraftCampaignInput,
  EnrolInfluencersInput,
  EnrolInput,
  OpenCampaignInput,
  TakeLinkInput,
} from './inputs.js'
import {
  CloseCampaignPayload,
  DraftCampaignPayload,
  EnrolInfluencersPayload,
  EnrolPayload,
  OpenCampaignPayload,
  TakeLinkPayload,
} from './payloads.js'

const campaignId = (value: unknown): string => idOf('Campaign')(value, 'campaignId')

/** Moves campaigns on, and takes people into them. */
@Resolver()
export class ContestResolver {
  @Mutation(() => DraftCampaignPayload, { description: 'Drafts a campaign. For campaign managers.' })
  draftCampaign(
    @Arg('input', () => DraftCampaignInput) input: DraftCampaignInput,
    @Ctx() { who, flow }: Asking,
  ): Promise<object> {
    needRole(who, 'campaign-manager')
    const draftedBy = memberOf(who)
    return payload(async () => ({
      campaign: await flow.draft({ draftedBy, idempotencyKey: readMaybeKey(input), input }),
    }))
  }

  @Mutation(() => OpenCampaignPayload, { description: 'Opens a draft to influencers. For campaign managers.' })
  openCampaign(
    @Arg('input', () => OpenCampaignInput) input: OpenCampaignInput,
    @Ctx() { who, flow }: Asking,
  ): Promise<object> {
    needRole(who, 'campaign-manager')
    return payload(async () => ({ campaign: await flow.open(campaignId(input.campaignId)) }))
  }

  @Mutation(() => CloseCampaignPayload, {
    description:
      'Freezes the order of ranks, with a proof, and grants the prizes, each once however often it is asked for. For campaign managers.',
  })
  closeCampaign(
    @Arg('input', () => CloseCampaignInput) input: CloseCampaignInput,
    @Ctx() { who, flow }: Asking,
  ): Promise<object> {
    needRole(who, 'campaign-manager')
    return payload(async () => ({ campaign: await flow.close(campaignId(input.campaignId)) }))
  }

  @Mutation(() => EnrolPayload, {
    description: 'Takes who asks into an open campaign; again, nothing changes. For influencers.',
  })
  enrol(@Arg('input', () => EnrolInput) input: EnrolInput, @Ctx() { who, flow, loaders }: Asking): Promise<object> {
    needRole(who, 'influencer')
    const influencer = memberOf(who)
    return payload(async () => {
      const id = campaignId(input.campaignId)
      await flow.enrol(id, [influencer])
      const [campaign, place] = await Promise.all([loaders.campaign.load(id), loaders.rank.load(id)])
      return { campaign, rank: campaign === null || place === null ? null : shownRank(place, campaign) }
    })
  }

  @Mutation(() => EnrolInfluencersPayload, {
    description: 'Takes many influencers into an open campaign at once. For campaign managers.',
  })
  enrolInfluencers(
    @Arg('input', () => EnrolInfluencersInput) input: EnrolInfluencersInput,
    @Ctx() { who, flow }: Asking,
  ): Promise<object> {
    needRole(who, 'campaign-manager')
    return payload(async () => {
      const influencers = list(input.influencers, 'influencers', idOf('Member'), { most: 1000 })
      return { enrolled: await flow.enrol(campaignId(input.campaignId), influencers) }
    })
  }

  @Mutation(() => TakeLinkPayload, {
    description:
      'Gives who asks an exclusive link to a product, the same each time. For influencers who have enrolled.',
  })
  takeLink(@Arg('input', () => TakeLinkInput) input: TakeLinkInput, @Ctx() { who, flow }: Asking): Promise<object> {
    needRole(who, 'influencer')
    const influencer = memberOf(who)
    return payload(async () => {
      const product = idOf('Product')(input.productId, 'productId')
      return { link: await flow.takeLink({ campaign: campaignId(input.campaignId), influencer, product }) }
    })
  }

  @Directive('@live(shared: true)')
  @Subscription(() => BoardType, {
    description: 'The board, each time that it has moved: at most a few times a second, always the newest.',
    subscribe: async ({ args, context }: { args: { campaignId: string }; context: Asking }) => {
      const id = campaignId(args.campaignId)
      if (visible(context.who, await context.loaders.campaign.load(id)) === null)
        throw refuse('NOT_FOUND', 'no campaign is known under this id')
      return context.flow.watchBoard(id)
    },
  })
  async boardChanged(
    @Arg('campaignId', () => ID) _campaignId: string,
    @Root() { campaign: id }: BoardMoved,
    @Ctx() { loaders }: Asking,
  ): Promise<BoardOf> {
    const campaign = await loaders.campaign.load(id)
    if (campaign === null) throw refuse('NOT_FOUND', 'no campaign is known under this id')
    return { campaign }
  }
}

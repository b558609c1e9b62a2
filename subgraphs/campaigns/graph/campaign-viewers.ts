import { Arg, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { list } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import type { CampaignRow } from '../store/campaign-rows.js'
import type { Place } from '../store/places.js'
import type { Asking } from './asking.js'
import { CampaignType } from './campaign-type.js'

/** Viewers and campaigns in one question: a whole crowd is asked for at once, but for few campaigns. */
const MOST_MEMBERS = 20_000
const MOST_CAMPAIGNS = 50

/** What a contest is to whoever watches it: leaves, so that all who watch share what else is told of the board. */
@Resolver(() => CampaignType)
export class CampaignViewers {
  @Directive('@live(viewer: "campaignRanksFor")')
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'The rank of who asks, from 1; null when he does not take part.',
  })
  async rankForMe(@Root() { id }: CampaignRow, @Ctx() { loaders }: Asking): Promise<number | null> {
    return (await loaders.rank.load(id))?.rank ?? null
  }

  @Directive('@live(viewer: "campaignScoresFor")')
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'The valid purchases of who asks; null when he does not take part.',
  })
  async scoreForMe(@Root() { id }: CampaignRow, @Ctx() { loaders }: Asking): Promise<number | null> {
    return (await loaders.rank.load(id))?.score ?? null
  }

  @Directive('@inaccessible')
  @Query(() => [[Int]], {
    nullable: 'itemsAndList',
    description: "`rankForMe` of each campaign for each member. For the gateway's own questions: no client can see it.",
  })
  campaignRanksFor(
    @Arg('members', () => [ID]) members: readonly string[],
    @Arg('ids', () => [ID]) ids: readonly string[],
    @Ctx() asking: Asking,
  ): Promise<Table> {
    return tableOf(asking, { members, ids }, ({ rank }) => rank)
  }

  @Directive('@inaccessible')
  @Query(() => [[Int]], {
    nullable: 'itemsAndList',
    description:
      "`scoreForMe` of each campaign for each member. For the gateway's own questions: no client can see it.",
  })
  campaignScoresFor(
    @Arg('members', () => [ID]) members: readonly string[],
    @Arg('ids', () => [ID]) ids: readonly string[],
    @Ctx() asking: Asking,
  ): Promise<Table> {
    return tableOf(asking, { members, ids }, ({ score }) => score)
  }
}

/** For each member a list of one value for each campaign. */
type Table = readonly (readonly (number | null)[])[]

/** One statement for all members and campaigns. */
async function tableOf(
  { flow }: Asking,
  asked: { readonly members: readonly string[]; readonly ids: readonly string[] },
  valueOf: (place: Place) => number,
): Promise<Table> {
  const influencers = list(asked.members, 'members', idOf('Member'), { most: MOST_MEMBERS })
  const campaigns = list(asked.ids, 'ids', idOf('Campaign'), { most: MOST_CAMPAIGNS })
  const places = await flow.places({ campaigns, influencers })
  return influencers.map((influencer) =>
    campaigns.map((campaign) => {
      const place = places.get(campaign)?.get(influencer)
      return place === undefined ? null : valueOf(place)
    }),
  )
}

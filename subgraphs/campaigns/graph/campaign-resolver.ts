import { Arg, Args, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { text, whole } from '../../../platform/decode.js'
import { idOf } from '../../../schema/ids.js'
import { PageArgs, pageOf, pageRequest, type Page } from '../../host/graph/page.js'
import type { Standing } from '../domain/rank.js'
import type { CampaignRow } from '../store/campaign-rows.js'
import type { LinkRow } from '../store/links.js'
import { isTeam, stub, visible, type Asking } from './asking.js'
import { BoardType, CampaignConnection, CampaignType, PrizeType, RankConnection, RankType } from './campaign-type.js'
import { TrackedLinkType } from './link-type.js'
import { PERSONAL } from '../../host/graph/live-directive.js'

/** A board before its fields are asked for. */
export interface BoardOf {
  readonly campaign: CampaignRow
}

/** A place as the graph shows it. */
export function shownRank({ influencer, ...place }: Standing, { frozenAt }: CampaignRow): object {
  return { ...place, influencer: stub('Member', influencer), provisional: frozenAt === null }
}

/** Reads campaigns. */
@Resolver(() => CampaignType)
export class CampaignResolver {
  @Query(() => CampaignType, { nullable: true, description: 'A campaign; a draft only for its team.' })
  async campaign(@Arg('id', () => ID) id: string, @Ctx() { loaders, who }: Asking): Promise<CampaignRow | null> {
    return visible(who, await loaders.campaign.load(idOf('Campaign')(id, 'id')))
  }

  @Query(() => CampaignConnection, {
    nullable: true,
    description: 'Campaigns, the newest first; drafts only for the team.',
  })
  async campaigns(@Args(() => PageArgs) args: PageArgs, @Ctx() { flow, who }: Asking): Promise<Page<CampaignRow>> {
    const request = pageRequest(args)
    const after = request.after && {
      createdAt: text(request.after[0], 'after'),
      id: text(request.after[1], 'after'),
    }
    const rows = await flow.campaigns({ limit: request.limit, after, drafts: isTeam(who) })
    return pageOf(rows, request, ({ createdAt, id }) => [createdAt.toISOString(), id])
  }

  @FieldResolver(() => [PrizeType], { description: 'What can be won, the best rank first.' })
  async prizes(@Root() { id }: CampaignRow, @Ctx() { loaders }: Asking): Promise<readonly object[]> {
    const prizes = await loaders.prizes.load(id)
    return prizes.map((prize) => ({ ...prize, winner: prize.winner === null ? null : stub('Member', prize.winner) }))
  }

  @FieldResolver(() => BoardType, { description: 'The order of ranks: of this moment, or as it was frozen.' })
  board(@Root() campaign: CampaignRow): BoardOf {
    return { campaign }
  }

  @Directive(PERSONAL)
  @FieldResolver(() => RankType, {
    nullable: true,
    description: 'The place of who asks; null when he does not take part.',
  })
  async myRank(@Root() campaign: CampaignRow, @Ctx() { loaders }: Asking): Promise<object | null> {
    const place = await loaders.rank.load(campaign.id)
    return place === null ? null : shownRank(place, campaign)
  }

  @Directive(PERSONAL)
  @FieldResolver(() => [TrackedLinkType], { description: 'The links of who asks in this campaign, oldest first.' })
  async myLinks(@Root() { id }: CampaignRow, @Ctx() { loaders }: Asking): Promise<readonly LinkRow[]> {
    return await loaders.myLinks.load(id)
  }

  @FieldResolver(() => RankConnection, { description: 'The frozen order of ranks, whole; empty until it is frozen.' })
  async standings(
    @Root() campaign: CampaignRow,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { loaders }: Asking,
  ): Promise<Page<object>> {
    const request = pageRequest(args)
    const afterRank = request.after === null ? 0 : whole(request.after[0], 'after')
    const rows = await loaders.standings.load({ campaign: campaign.id, afterRank, limit: request.limit })
    const page = pageOf(rows, request, ({ rank }) => [rank])
    return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: shownRank(node, campaign) })) }
  }
}

/** Reads boards. */
@Resolver(() => BoardType)
export class BoardResolver {
  @FieldResolver(() => [RankType], { description: 'The first places, in order.' })
  async top(
    @Root() { campaign }: BoardOf,
    @Arg('first', () => Int, { defaultValue: 10, description: 'How many, from 1 to 100.' }) first: number,
    @Ctx() { loaders }: Asking,
  ): Promise<readonly object[]> {
    const most = whole(first, 'first', { least: 1, most: 100 })
    const places = await loaders.top.load({ campaign: campaign.id, first: most })
    return places.map((place) => shownRank(place, campaign))
  }

  @FieldResolver(() => Int, { description: 'How many influencers take part.' })
  async total(@Root() { campaign }: BoardOf, @Ctx() { loaders }: Asking): Promise<number> {
    return await loaders.total.load(campaign.id)
  }

  @FieldResolver(() => RankType, {
    nullable: true,
    description: 'The place of who asks; null when he does not take part.',
  })
  async me(@Root() { campaign }: BoardOf, @Ctx() { loaders }: Asking): Promise<object | null> {
    const place = await loaders.rank.load(campaign.id)
    return place === null ? null : shownRank(place, campaign)
  }
}

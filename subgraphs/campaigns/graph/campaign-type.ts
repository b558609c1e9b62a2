import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { connectionOf } from '../../host/graph/page.js'
import { MoneyType } from '../../host/graph/money.js'
import { NodeType } from '../../host/graph/node.js'
import { DateTime } from '../../host/graph/scalars.js'
import type { CampaignState } from '../../../schema/events/campaigns.js'
import { PERSONAL } from '../../host/graph/live-directive.js'

registerEnumType(
  { DRAFT: 'DRAFT', OPEN: 'OPEN', FROZEN: 'FROZEN', CLOSED: 'CLOSED' } satisfies Record<CampaignState, CampaignState>,
  { name: 'CampaignState', description: 'How far a campaign has come; it never goes back.' },
)

/** Members are kept elsewhere: here only the id. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Member', { description: 'A member of the shop.' })
export class MemberStub {
  @Field(() => ID, { description: 'The global id.' })
  id!: string
}

/** What the holder of a rank wins. */
@ObjectType('Prize', { description: 'What the holder of one rank wins when the campaign closes.' })
export class PrizeType {
  @Field(() => Int, { description: 'The rank that wins it.' })
  rank!: number

  @Field(() => Int, { description: 'Years of PLUS membership.' })
  plusYears!: number

  @Field(() => MoneyType, { description: 'What is put on the e-card.' })
  eCard!: MoneyType

  @Field(() => MemberStub, { nullable: true, description: 'Who was granted it; null until then.' })
  winner!: MemberStub | null
}

/** One place on the board. */
@ObjectType('Rank', { description: "An influencer's place in a campaign." })
export class RankType {
  @Field(() => Int, { description: 'From 1; no two share one.' })
  rank!: number

  @Field(() => MemberStub, { nullable: true, description: 'Whose place it is.' })
  influencer!: MemberStub

  @Field(() => Int, { description: 'Valid purchases: order lines that were paid and not given back.' })
  score!: number

  @Field(() => Int, { description: 'The orders in which these lines stand.' })
  orders!: number

  @Field(() => DateTime, {
    description: 'Since when the score is what it is; of two equal scores the earlier is ahead.',
  })
  reachedAt!: Date

  @Field(() => Boolean, { description: 'True until the campaign is frozen: returns may still change it.' })
  provisional!: boolean
}

/** The order of ranks. */
@ObjectType('Board', { description: 'The order of ranks of a campaign: of this moment, or as it was frozen.' })
export class BoardType {
  @Field(() => CampaignType, { description: 'The campaign it belongs to.' })
  campaign!: CampaignType

  @Field(() => Int, { description: 'How many influencers take part.' })
  total!: number

  @Directive(PERSONAL)
  @Field(() => RankType, {
    nullable: true,
    description:
      'The place of who asks; null when he does not take part. In a subscription `campaign { rankForMe }` costs less: this parts who watches from all others.',
  })
  me!: RankType | null
}

/** A contest of influencers. */
@Directive('@key(fields: "id")')
@ObjectType('Campaign', { implements: NodeType, description: 'A contest of influencers for the most valid purchases.' })
export class CampaignType extends NodeType {
  @Field(() => String, { description: 'Its name.' })
  title!: string

  @Field(() => String, { description: 'What counts, in plain words.' })
  rule!: string

  @Field(() => String, { description: 'DRAFT, OPEN, FROZEN or CLOSED.' })
  state!: CampaignState

  @Field(() => DateTime, {
    nullable: true,
    description: 'From when purchases count; null for a draft that begins with its opening.',
  })
  opensAt!: Date | null

  @Field(() => DateTime, { description: 'Until when purchases count.' })
  closesAt!: Date

  @Field(() => Int, { description: 'How many hours after a click a purchase still counts.' })
  windowHours!: number

  @Field(() => DateTime, { description: 'When it was drafted.' })
  createdAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When the order of ranks was frozen.' })
  frozenAt!: Date | null

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 (hex) over the frozen standings: one line `rank|influencer|score|orders|reachedAt` for each, in the order of ranks, joined by newlines; times as ISO text in UTC with milliseconds. Read `standings` and make it again.',
  })
  proof!: string | null
}

/** A page of frozen ranks, or of campaigns. */
export const RankConnection = connectionOf('Rank', () => RankType)
export const CampaignConnection = connectionOf('Campaign', () => CampaignType)

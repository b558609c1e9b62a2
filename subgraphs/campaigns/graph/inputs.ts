import { Field, ID, InputType, Int } from 'type-graphql'
import { MAYBE_KEY } from '../../host/graph/maybe-key.js'
import { MoneyInput } from '../../host/graph/money.js'
import { DateTime } from '../../host/graph/scalars.js'

/** A prize as it is drafted. */
@InputType('PrizeInput', { description: 'What the holder of one rank wins.' })
export class PrizeInput {
  @Field(() => Int, { description: 'The rank that wins it, from 1.' })
  rank!: number

  @Field(() => Int, { defaultValue: 0, description: 'Years of PLUS membership.' })
  plusYears!: number

  @Field(() => MoneyInput, { description: 'What is put on the e-card; its amount may be 0.' })
  eCard!: MoneyInput
}

/** A campaign as it is drafted. */
@InputType('DraftCampaignInput', { description: 'A campaign as its team drafts it.' })
export class DraftCampaignInput {
  @Field(() => String, MAYBE_KEY)
  idempotencyKey?: string | null

  @Field(() => String, { description: 'Its name, at most 100 characters.' })
  title!: string

  @Field(() => String, { nullable: true, description: 'What counts, in plain words; left out, the standard wording.' })
  rule?: string | null

  @Field(() => DateTime, { nullable: true, description: 'From when purchases count; left out, from its opening.' })
  opensAt?: Date | null

  @Field(() => DateTime, { description: 'Until when purchases count.' })
  closesAt!: Date

  @Field(() => Int, {
    nullable: true,
    description: 'How many hours after a click a purchase still counts; left out, 360.',
  })
  windowHours?: number | null

  @Field(() => [PrizeInput], { description: 'At most 20, each for another rank.' })
  prizes!: PrizeInput[]
}

/** Names a campaign to be opened. */
@InputType('OpenCampaignInput', { description: 'Names a campaign to be opened.' })
export class OpenCampaignInput {
  @Field(() => ID, { description: 'The campaign.' })
  campaignId!: string
}

/** Names a campaign to be closed. */
@InputType('CloseCampaignInput', { description: 'Names a campaign to be closed.' })
export class CloseCampaignInput {
  @Field(() => ID, { description: 'The campaign.' })
  campaignId!: string
}

/** Names a campaign to take part in. */
@InputType('EnrolInput', { description: 'Names a campaign to take part in.' })
export class EnrolInput {
  @Field(() => ID, { description: 'The campaign.' })
  campaignId!: string
}

/** Names influencers whom the team takes in. */
@InputType('EnrolInfluencersInput', { description: 'Names influencers whom the campaign team takes in.' })
export class EnrolInfluencersInput {
  @Field(() => ID, { description: 'The campaign.' })
  campaignId!: string

  @Field(() => [ID], { description: 'Members, at most 1,000 at once.' })
  influencers!: string[]
}

/** Names a product to promote. */
@InputType('TakeLinkInput', { description: 'Names a campaign and a product to promote in it.' })
export class TakeLinkInput {
  @Field(() => ID, { description: 'The campaign.' })
  campaignId!: string

  @Field(() => ID, { description: 'The product that the link leads to.' })
  productId!: string
}

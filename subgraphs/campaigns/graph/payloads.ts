import { Field, Int, ObjectType } from 'type-graphql'
import { Payload } from '../../host/graph/user-error.js'
import { CampaignType, RankType } from './campaign-type.js'
import { TrackedLinkType } from './link-type.js'

/** What became of a draft. */
@ObjectType('DraftCampaignPayload', { description: 'What became of a draft.' })
export class DraftCampaignPayload extends Payload {
  @Field(() => CampaignType, { nullable: true, description: 'The draft.' })
  campaign?: CampaignType
}

/** What became of an opening. */
@ObjectType('OpenCampaignPayload', { description: 'What became of an opening.' })
export class OpenCampaignPayload extends Payload {
  @Field(() => CampaignType, { nullable: true, description: 'The open campaign.' })
  campaign?: CampaignType
}

/** What became of a closing. */
@ObjectType('CloseCampaignPayload', { description: 'What became of a closing.' })
export class CloseCampaignPayload extends Payload {
  @Field(() => CampaignType, { nullable: true, description: 'The closed campaign, with its proof and its winners.' })
  campaign?: CampaignType
}

/** What became of an enrolment. */
@ObjectType('EnrolPayload', { description: 'What became of an enrolment.' })
export class EnrolPayload extends Payload {
  @Field(() => CampaignType, { nullable: true, description: 'The campaign.' })
  campaign?: CampaignType

  @Field(() => RankType, { nullable: true, description: 'The place of who enrolled.' })
  rank?: RankType
}

/** What became of an enrolment of many. */
@ObjectType('EnrolInfluencersPayload', { description: 'What became of an enrolment of many.' })
export class EnrolInfluencersPayload extends Payload {
  @Field(() => Int, { nullable: true, description: 'How many are new; the others took part already.' })
  enrolled?: number
}

/** What became of the wish for a link. */
@ObjectType('TakeLinkPayload', { description: 'What became of the wish for a link.' })
export class TakeLinkPayload extends Payload {
  @Field(() => TrackedLinkType, { nullable: true, description: 'The link; the same however often it is asked for.' })
  link?: TrackedLinkType
}

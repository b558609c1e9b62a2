import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { NodeType } from '../../../host/graph/node.js'
import { DateTime } from '../../../host/graph/scalars.js'
import { Payload } from '../../../host/graph/user-error.js'

/** Links are kept elsewhere; what was posted of them is known here. */
@Directive('@key(fields: "id")')
@ObjectType('TrackedLink', { description: "An influencer's exclusive link to a product in a campaign." })
export class TrackedLinkType {
  @Field(() => ID, { description: 'The global id.' })
  id!: string
}

/** A post of a link at the social network. */
@Directive('@key(fields: "id")')
@ObjectType('CampaignPost', {
  implements: NodeType,
  description:
    'A post of an exclusive link at the social network. Its figures are decoration: scores come from orders.',
})
export class CampaignPostType extends NodeType {
  @Field(() => TrackedLinkType, { nullable: true, description: 'The link that it carries.' })
  link!: TrackedLinkType

  @Field(() => String, { description: 'The text as it was sent.' })
  text!: string

  @Field(() => String, {
    description:
      'WAITING to be sent, DELAYED (taken by the network, but not seen there yet), POSTED, REFUSED, or GONE (deleted there).',
  })
  status!: string

  @Field(() => String, { nullable: true, description: 'Why it was refused.' })
  reason!: string | null

  @Field(() => String, { nullable: true, description: "The network's own id of it, once it is seen there." })
  mid!: string | null

  @Field(() => Int, { description: 'Reposts as last told.' })
  reposts!: number

  @Field(() => Int, { description: 'Comments as last told; this may go down.' })
  comments!: number

  @Field(() => Int, { description: 'Likes as last told.' })
  likes!: number

  @Field(() => Int, {
    nullable: true,
    description: 'How many seconds ago the figures were told; null before the first time.',
  })
  ageSeconds!: number | null
}

/** An account at the social network. */
@ObjectType('WeiboAccount', { description: "A member's account at the social network." })
export class WeiboAccountType {
  @Field(() => String, { description: "The network's own id of the account." })
  uid!: string

  @Field(() => DateTime, { description: 'Since when it is bound.' })
  boundAt!: Date

  @Field(() => DateTime, { description: 'Until when the consent holds.' })
  expiresAt!: Date

  @Field(() => Boolean, { description: 'Whether the network takes our word for the account no longer: bind it anew.' })
  needsConsent!: boolean
}

/** A code to be changed for a consent. */
@InputType('BindWeiboInput', { description: 'What the network gave to the influencer who consented.' })
export class BindWeiboInput {
  @Field(() => String, { description: 'The code with which he came back.' })
  code!: string
}

/** What became of a binding. */
@ObjectType('BindWeiboPayload', { description: 'What became of a binding.' })
export class BindWeiboPayload extends Payload {
  @Field(() => WeiboAccountType, { nullable: true, description: 'The account.' })
  account?: WeiboAccountType
}

/** A post to be made. */
@InputType('PostLinkInput', { description: 'A link of your own, and words to post it with.' })
export class PostLinkInput {
  @Field(() => ID, { description: 'The link.' })
  linkId!: string

  @Field(() => String, {
    description:
      'The words; the link is put after them if it is not in them. No #topic#, at most 140 characters in all.',
  })
  text!: string
}

/** What became of the wish to post. */
@ObjectType('PostLinkPayload', { description: 'What became of the wish to post.' })
export class PostLinkPayload extends Payload {
  @Field(() => CampaignPostType, {
    nullable: true,
    description: 'The post; it is sent at once or as soon as the network lets it.',
  })
  post?: CampaignPostType
}

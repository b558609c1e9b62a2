import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { NodeType } from '../../host/graph/node.js'
import { DateTime } from '../../host/graph/scalars.js'
import { CampaignType, MemberStub } from './campaign-type.js'
import { PERSONAL } from '../../host/graph/live-directive.js'

/** Products are kept elsewhere: here only the id. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Product', { description: 'A product of the shop.' })
export class ProductStub {
  @Field(() => ID, { description: 'The global id.' })
  id!: string
}

/** An influencer's own link. */
@Directive('@key(fields: "id")')
@Directive(PERSONAL)
@ObjectType('TrackedLink', {
  implements: NodeType,
  description: "An influencer's exclusive link to a product in a campaign.",
})
export class TrackedLinkType extends NodeType {
  @Field(() => String, { description: 'The address to post; it proves itself by a tag.' })
  url!: string

  @Field(() => CampaignType, { description: 'The campaign in which it counts.' })
  campaign!: CampaignType

  @Field(() => ProductStub, { nullable: true, description: 'The product that it leads to.' })
  product!: ProductStub

  @Field(() => MemberStub, { nullable: true, description: 'Whose link it is.' })
  influencer!: MemberStub

  @Field(() => DateTime, { description: 'When it was taken.' })
  takenAt!: Date

  @Field(() => Int, {
    nullable: true,
    description: 'Visits that were not plainly those of programs; for its owner and the campaign team, null to others.',
  })
  clicks!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Orders that count for it now; for its owner and the campaign team, null to others.',
  })
  orders!: number | null
}

/** What proves an attribution. */
@ObjectType('AttributionEvidence', {
  description: 'What proves an attribution; no address and no agent, only hashes of them.',
})
export class EvidenceType {
  @Field(() => DateTime, { description: 'When the deciding click came.' })
  clickAt!: Date

  @Field(() => String, { description: "A salted hash of the visitor's address." })
  addressHash!: string

  @Field(() => String, { description: "A salted hash of the visitor's user agent." })
  agentHash!: string
}

/** Who sent the buyer. */
@ObjectType('Attribution', { description: 'Who sent the buyer of an order line, by which rule, and what proves it.' })
export class AttributionType {
  @Field(() => MemberStub, { nullable: true, description: 'Who sent him.' })
  influencer!: MemberStub

  @Field(() => TrackedLinkType, { description: 'By which link.' })
  link!: TrackedLinkType

  @Field(() => String, {
    description:
      "LAST_CLICK: the visitor's last click on a link to this product within the window decides. SELF_PURCHASE: that link is the buyer's own, so it never counts.",
  })
  rule!: string

  @Field(() => DateTime, { description: 'When the order was placed.' })
  at!: Date

  @Field(() => Boolean, {
    description: 'Whether it counts for the score now: paid, not given back, and not an own purchase.',
  })
  counts!: boolean

  @Field(() => EvidenceType, { nullable: true, description: 'What proves it; for the campaign team, null to others.' })
  evidence!: EvidenceType | null
}

/** Lines of orders are kept elsewhere; who sent their buyer is known here. */
@Directive('@key(fields: "id")')
@ObjectType('OrderLine', { description: 'A line of an order.' })
export class OrderLineType {
  @Field(() => ID, { description: 'The global id.' })
  id!: string
}

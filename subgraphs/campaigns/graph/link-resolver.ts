import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { isTeam, stub, type Asking } from './asking.js'
import { AttributionType, EvidenceType, OrderLineType, ProductStub, TrackedLinkType } from './link-type.js'
import { CampaignType, MemberStub } from './campaign-type.js'
import type { CampaignRow } from '../store/campaign-rows.js'
import type { Evidence } from '../store/clicks.js'
import type { LinkRow } from '../store/links.js'
import type { Identity } from '../../../schema/identity.js'

/** An attribution before its fields are asked for. */
interface AttributionOf {
  readonly influencer: object
  readonly link: LinkRow
  readonly rule: string
  readonly at: Date
  readonly counts: boolean
  readonly decidingClick: string
}

/** Reads links; how well one does is its owner's and the team's to know. */
@Resolver(() => TrackedLinkType)
export class LinkResolver {
  @FieldResolver(() => String, { description: 'The address to post; it proves itself by a tag.' })
  url(@Root() link: LinkRow, @Ctx() { flow }: Asking): string {
    return flow.linkUrl(link)
  }

  @FieldResolver(() => CampaignType, { description: 'The campaign in which it counts.' })
  async campaign(@Root() { campaign }: LinkRow, @Ctx() { loaders }: Asking): Promise<CampaignRow | null> {
    return await loaders.campaign.load(campaign)
  }

  @FieldResolver(() => ProductStub, { nullable: true, description: 'The product that it leads to.' })
  product(@Root() { product }: LinkRow): object {
    return stub('Product', product)
  }

  @FieldResolver(() => MemberStub, { nullable: true, description: 'Whose link it is.' })
  influencer(@Root() { influencer }: LinkRow): object {
    return stub('Member', influencer)
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Visits that were not plainly those of programs; for its owner and the campaign team, null to others.',
  })
  clicks(@Root() link: LinkRow, @Ctx() { who }: Asking): number | null {
    return knows(who, link) ? link.clicks : null
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Orders that count for it now; for its owner and the campaign team, null to others.',
  })
  orders(@Root() link: LinkRow, @Ctx() { who }: Asking): number | null {
    return knows(who, link) ? link.orders : null
  }
}

/** Says who sent the buyer of a line: to the buyer, to who sent him, and to the team. */
@Resolver(() => OrderLineType)
export class OrderLineResolver {
  @FieldResolver(() => AttributionType, {
    nullable: true,
    description: 'Who sent the buyer; null when nobody did, or when it is not yours to see.',
  })
  async attribution(@Root() { id }: OrderLineType, @Ctx() { who, loaders }: Asking): Promise<AttributionOf | null> {
    const purchase = await loaders.purchase.load(id)
    if (purchase?.attributed === undefined || purchase.attributed === null) return null
    const { influencer, link: linkId, rule, decidingClick } = purchase.attributed
    if (!isTeam(who) && (who.member === null || ![purchase.buyer, influencer].includes(who.member))) return null
    const link = await loaders.link.load(linkId)
    if (link === null) return null
    return {
      ...{ influencer: stub('Member', influencer), link, rule, decidingClick },
      at: purchase.placedAt,
      counts: purchase.counted,
    }
  }
}

/** Shows what proves an attribution. */
@Resolver(() => AttributionType)
export class AttributionResolver {
  @FieldResolver(() => EvidenceType, {
    nullable: true,
    description: 'What proves it; for the campaign team, null to others.',
  })
  async evidence(@Root() { decidingClick }: AttributionOf, @Ctx() { who, loaders }: Asking): Promise<Evidence | null> {
    return isTeam(who) ? await loaders.evidence.load(decidingClick) : null
  }
}

function knows(who: Identity, { influencer }: LinkRow): boolean {
  return isTeam(who) || who.member === influencer
}

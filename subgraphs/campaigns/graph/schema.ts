import type { GraphQLSchema } from 'graphql'
import { buildFederatedSubgraph, type Reference } from '../../host/graph/federated-schema.js'
import { visible, type Asking } from './asking.js'
import { BoardResolver, CampaignResolver } from './campaign-resolver.js'
import { CampaignViewers } from './campaign-viewers.js'
import { ContestResolver } from './contest-resolver.js'
import { AttributionResolver, LinkResolver, OrderLineResolver } from './link-resolver.js'
import { CampaignType } from './campaign-type.js'
import { OrderLineType, TrackedLinkType } from './link-type.js'

/** The federated schema of campaigns. */
export function campaignsSchema(): GraphQLSchema {
  return buildFederatedSubgraph({
    resolvers: [
      CampaignResolver,
      CampaignViewers,
      BoardResolver,
      ContestResolver,
      LinkResolver,
      OrderLineResolver,
      AttributionResolver,
    ],
    references: {
      Campaign: async ({ id }: Reference, { loaders, who }: Asking) => visible(who, await loaders.campaign.load(id)),
      TrackedLink: async ({ id }: Reference, { loaders }: Asking) => await loaders.link.load(id),
      OrderLine: ({ id }: Reference) => ({ id }),
    },
    orphans: [CampaignType, TrackedLinkType, OrderLineType],
  })
}

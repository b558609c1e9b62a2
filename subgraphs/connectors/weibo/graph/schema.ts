import type { GraphQLSchema } from 'graphql'
import { buildFederatedSubgraph, type Reference } from '../../../host/graph/federated-schema.js'
import type { PostRow } from '../store/posts.js'
import { maySee, type Asking } from './asking.js'
import { AccountResolver, LinkPostsResolver, PostResolver, WeiboResolver } from './weibo-resolver.js'
import { CampaignPostType, TrackedLinkType } from './weibo-types.js'

/** The federated schema of this connector. */
export function weiboSchema(): GraphQLSchema {
  return buildFederatedSubgraph({
    resolvers: [WeiboResolver, AccountResolver, PostResolver, LinkPostsResolver],
    references: {
      CampaignPost: async ({ id }: Reference, { loaders, who }: Asking) => seen(await loaders.post.load(id), who),
      TrackedLink: ({ id }: Reference) => ({ id }),
    },
    orphans: [CampaignPostType, TrackedLinkType],
  })
}

/** A post that is not at the network is its owner's and the team's to see. */
function seen(post: PostRow | null, who: Asking['who']): PostRow | null {
  return post === null || post.status === 'POSTED' || maySee(who, post.member) ? post : null
}

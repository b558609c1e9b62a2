import type { GraphQLSchema } from 'graphql'
import { buildFederatedSubgraph, type Reference } from '../../../host/graph/federated-schema.js'
import type { Asking } from './asking.js'
import { DifferenceResolver } from './difference-resolver.js'
import { ListingResolver, listingValue, VariantResolver } from './listing-resolver.js'
import { ListingType, VariantType } from './listing-types.js'
import { LiveResolver } from './live-resolver.js'

/** The federated schema of this connector. */
export function kuaishouSchema(): GraphQLSchema {
  return buildFederatedSubgraph({
    resolvers: [ListingResolver, VariantResolver, DifferenceResolver, LiveResolver],
    references: {
      Listing: async ({ id }: Reference, { loaders, who }: Asking) => {
        if (!who.roles.includes('operator') && !who.roles.includes('merchant')) return null
        const row = await loaders.listing.load(id.slice('Listing:'.length))
        return row === null ? null : listingValue(row)
      },
      Variant: ({ id }: Reference) => ({ id }),
    },
    orphans: [ListingType, VariantType],
  })
}

import { defineConfig } from '@graphql-hive/gateway'
import { unifiedGraphHandler } from '@graphql-hive/router-runtime'

// Its own documentation's settings for the public benchmark; de-duplication on only in the rows that say so.
export const gatewayConfig = defineConfig({
  ...(process.env.BENCH_RUST === '1' && { unifiedGraphHandler }),
  ...(process.env.BENCH_SHARING === '1' && { inboundInflightRequestDeduplication: true }),
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') ?? undefined }),
  },
  landingPage: false,
  graphiql: false,
  logging: false,
})

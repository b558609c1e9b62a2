import { defineConfig } from '@graphql-hive/gateway'
import { unifiedGraphHandler } from '@graphql-hive/router-runtime'

// Subscriptions of subgraphs over WebSocket, as its documentation sets them.
export const gatewayConfig = defineConfig({
  ...(process.env.BENCH_RUST === '1' && { unifiedGraphHandler }),
  transportEntries: { '*.http': { options: { subscriptions: { kind: 'ws', location: '/graphql' } } } },
  landingPage: false,
  graphiql: false,
  logging: false,
})

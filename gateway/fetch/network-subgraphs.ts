import type { Subgraphs } from './ask-subgraph.js'
import { askOverHttp, type HttpSubgraphsOptions } from './http-subgraphs.js'
import { wsSubgraphs, type WsSubgraphsOptions } from './ws-subgraphs.js'

/** Subgraphs that are reached over the network, and the end of that. */
export interface NetworkSubgraphs extends Subgraphs {
  stop(): Promise<void>
}

/** Questions go over HTTP, subscriptions over `graphql-transport-ws`, both at the address that `urlOf` gives. */
export function networkSubgraphs(options: HttpSubgraphsOptions & WsSubgraphsOptions): NetworkSubgraphs {
  const sockets = wsSubgraphs(options)
  return { ask: askOverHttp(options), subscribe: (request) => sockets.subscribe(request), stop: () => sockets.stop() }
}

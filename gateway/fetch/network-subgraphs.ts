import type { Subgraphs } from './ask-subgraph.js'
import { httpSubgraphs, type HttpSubgraphsOptions } from './http-subgraphs.js'
import { sseSubgraphs } from './sse-subgraphs.js'
import { wsSubgraphs, type WsSubgraphsOptions } from './ws-subgraphs.js'

/** Subgraphs that are reached over the network, and the end of that. */
export interface NetworkSubgraphs extends Subgraphs {
  stop(): Promise<void>
}

/** Questions go over HTTP, subscriptions over `graphql-transport-ws` (Server-Sent Events for those in `sse`), both at the address that `urlOf` gives. */
export function networkSubgraphs(
  options: HttpSubgraphsOptions & WsSubgraphsOptions & { readonly sse?: readonly string[] },
): NetworkSubgraphs {
  const sockets = wsSubgraphs(options)
  const streams = sseSubgraphs(options)
  const streaming = new Set(options.sse)
  const http = httpSubgraphs(options)
  return {
    hostOf: http.hostOf,
    ask: http.ask,
    subscribe: (request) => (streaming.has(request.subgraph) ? streams(request) : sockets.subscribe(request)),
    async stop() {
      await sockets.stop()
      await http.stop()
    },
  }
}

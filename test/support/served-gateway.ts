import { gatewayConfig } from '../../gateway/config.js'
import { networkSubgraphs } from '../../gateway/fetch/network-subgraphs.js'
import { timeoutOf } from '../../gateway/fetch/guarded-subgraphs.js'
import { openGateway, type GatewayOptions } from '../../gateway/gateway.js'
import { seededChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { silent } from '../../platform/observe/observer.js'
import type { TestAnswer } from './federated.js'
import type { ServedSubgraphs } from './served-subgraphs.js'

/** A gateway that reaches its subgraphs over sockets. */
export interface ServedGateway {
  readonly url: string
  ask(query: string, headers?: Readonly<Record<string, string>>): Promise<TestAnswer>
  /** A second time is the first. */
  stop(): Promise<void>
}

/** Opens it over subgraphs that are served. */
export async function serveGateway(
  served: ServedSubgraphs,
  changes: Readonly<Record<string, unknown>> = {},
  options: Partial<GatewayOptions> = {},
): Promise<ServedGateway> {
  const config = gatewayConfig('open', { port: 0, ...changes })
  const { mostBytes, mostWaiting } = config.fetch
  const parts = { clock: systemClock, chance: seededChance(1), observer: silent, ...options }
  const bounds = { key: null, timeoutMs: timeoutOf(config.fetch), mostBytes, mostWaiting }
  const subgraphs = networkSubgraphs({ ...bounds, ...parts, urlOf: served.urlOf })
  const { supergraph } = served
  const gateway = await openGateway({ verify: null, ...parts, supergraph, subgraphs, config })
  let stopping: Promise<void> | null = null
  return {
    url: gateway.url,
    async ask(query, headers = {}) {
      const all = { 'content-type': 'application/json', ...headers }
      const body = JSON.stringify({ query })
      const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: all, body })
      return (await response.json()) as TestAnswer // our own gateway wrote it
    },
    stop: () => (stopping ??= gateway.stop().then(() => subgraphs.stop())),
  }
}

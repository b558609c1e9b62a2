import type { Secrets } from '../../../platform/secret.js'
import type { Ask } from '../../../schema/ask.js'
import type { Subgraph } from '../../host/subgraph.js'
import { startConnector } from '../start-connector.js'
import { readKuaishouConfig } from './config.js'
import { connectorOf, workOf } from './connector.js'
import { agreeingOf } from './flow/agree.js'
import { fetchOrder } from './flow/hear.js'
import { listingsOf } from './flow/listings.js'
import { liveOf } from './flow/live.js'
import { startPurging } from './flow/purge-personal.js'
import type { Asking } from './graph/asking.js'
import { makeLoaders } from './graph/loaders.js'
import { kuaishouSchema } from './graph/schema.js'
import { SCHEMA } from './store/kuaishou-tables.js'
import { migrations } from './store/migrations.js'

/** What the starting file hands to this connector. */
export interface KuaishouOptions {
  readonly secrets: Secrets
  readonly env: Readonly<Record<string, string | undefined>>
  /** The graph, with the partner token of Kuaishou. */
  readonly ask: Ask
}

/** Our goods sold inside Kuaishou: items, prices and stock there, orders and refunds from there. */
export function kuaishou({ secrets, env, ask }: KuaishouOptions): Subgraph {
  const config = readKuaishouConfig(env)
  return {
    name: SCHEMA,
    migrations,
    schema: kuaishouSchema(),
    start: (ground) => {
      const work = workOf({ config, secrets, ask }, ground)
      const running = startConnector(connectorOf(work), ground)
      const agreeing = agreeingOf(work, ask)
      const stopPurging = startPurging(work)
      const listings = listingsOf(ground, () => running.wake())
      const flow = {
        ...{
          ...listings,
          agreeing,
          live: liveOf({ ...ground, calls: work.calls }),
          db: ground.db,
          now: () => ground.clock.now(),
        },
        async fetch(oid: string) {
          await fetchOrder(work, oid)
          running.wake()
        },
      }
      return Promise.resolve({
        context: (who): Asking => ({ who, flow, loaders: makeLoaders(ground.db) }),
        doors: running.doors,
        stop: async () => {
          await stopPurging()
          await agreeing.stop()
          await running.stop()
        },
      })
    },
  }
}

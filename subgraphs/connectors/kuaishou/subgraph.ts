import type { Secrets } from '../../../platform/secret.js'
import type { Ask } from '../../../schema/ask.js'
import type { Subgraph } from '../../host/subgraph.js'
import { startConnector } from '../start-connector.js'
import { readKuaishouConfig } from './config.js'
import { kuaishouConnector } from './connector.js'
import { listingsOf } from './flow/listings.js'
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
      const running = startConnector(kuaishouConnector({ config, secrets, ask }, ground), ground)
      const flow = listingsOf(ground, () => running.wake())
      return Promise.resolve({
        context: (who): Asking => ({ who, flow, loaders: makeLoaders(ground.db) }),
        doors: running.doors,
        stop: () => running.stop(),
      })
    },
  }
}

import type { Secrets } from '../../../platform/secret.js'
import { forgetKeys } from '../../host/forget-keys.js'
import { buildFederatedSubgraph } from '../../host/graph/federated-schema.js'
import type { Subgraph } from '../../host/subgraph.js'
import { startConnector } from '../start-connector.js'
import { readWebhooksConfig } from './config.js'
import { webhooksConnector } from './connector.js'
import { hearGoods } from './flow/hear-goods.js'
import { openFeed } from './flow/partner-feed.js'
import { tokenDoor } from './flow/token-door.js'
import type { Asking } from './graph/asking.js'
import { CredentialResolver } from './graph/credential-resolver.js'
import { EventResolver } from './graph/event-resolver.js'
import { GoodsResolver } from './graph/goods-resolver.js'
import { WebhookResolver } from './graph/webhook-resolver.js'
import { migrations, SCHEMA } from './store/migrations.js'

/** What the starting file hands to this connector. */
export interface WebhooksOptions {
  readonly secrets: Secrets
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Partners that buy through the graph are told by signed letters of what moves. */
export function webhooks({ secrets, env }: WebhooksOptions): Subgraph {
  const config = readWebhooksConfig(env)
  const key = secrets.key('webhooks')
  return {
    name: SCHEMA,
    migrations,
    schema: buildFederatedSubgraph({
      resolvers: [WebhookResolver, GoodsResolver, CredentialResolver, EventResolver],
      references: {},
      orphans: [],
    }),
    start: (ground) => {
      const running = startConnector(webhooksConnector({ config, key }, ground), ground)
      const stopGoods = hearGoods(ground)
      const feed = openFeed(ground)
      const cancelForgetting = forgetKeys(ground, SCHEMA)
      const { db, clock, chance } = ground
      const desk = { db, clock, chance, key: secrets.key('credential') }
      const door = tokenDoor({ ...desk, tokenKey: secrets.key('token'), tokenSeconds: config.tokenSeconds })
      const flow = { db, clock, config, key, desk, feed, wake: () => running.wake() }
      return Promise.resolve({
        context: (who): Asking => ({ who, flow, loaders: null }),
        doors: [...running.doors, door],
        stop: async () => {
          cancelForgetting()
          await feed.stop()
          await stopGoods()
          await running.stop()
        },
      })
    },
  }
}

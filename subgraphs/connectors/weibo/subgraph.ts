import type { Secrets } from '../../../platform/secret.js'
import type { Ask } from '../../../schema/ask.js'
import type { Ground, Subgraph } from '../../host/subgraph.js'
import { startConnector } from '../start-connector.js'
import { weiboClient } from './client.js'
import { readWeiboConfig, type WeiboConfig } from './config.js'
import { weiboConnector } from './connector.js'
import { bind } from './flow/bind.js'
import type { Parts } from './flow/parts.js'
import { postLink } from './flow/post-link.js'
import type { Asking } from './graph/asking.js'
import { makeLoaders } from './graph/loaders.js'
import { weiboSchema } from './graph/schema.js'
import { tokenSeal } from './sealed-token.js'
import { migrations, SCHEMA } from './store/migrations.js'

/** What the starting file hands to this connector. */
export interface WeiboOptions {
  readonly secrets: Secrets
  readonly env: Readonly<Record<string, string | undefined>>
  /** The graph, with the partner token of Weibo. */
  readonly ask: Ask
}

/** Influencers' posts at Weibo: accounts bound, links posted, figures fetched. */
export function weibo({ secrets, env, ask }: WeiboOptions): Subgraph {
  const config = readWeiboConfig(env)
  return {
    name: SCHEMA,
    migrations,
    schema: weiboSchema(),
    start: (ground) => {
      const parts = partsOf(ground, { config, secrets, ask })
      const running = startConnector(weiboConnector(parts), ground)
      return Promise.resolve({
        context: (who): Asking => ({ who, flow: flowOf(parts, () => running.wake()), loaders: makeLoaders(ground.db) }),
        doors: running.doors,
        stop: () => running.stop(),
      })
    },
  }
}

/** What the connector's deeds work with, on one ground. */
export function partsOf(
  ground: Ground,
  { config, secrets, ask }: { config: WeiboConfig; secrets: Secrets; ask: Ask },
): Parts {
  const client = weiboClient(config, ground.observer)
  return { ...ground, config, client, ask, seal: tokenSeal(secrets.key('weibo'), ground.chance) }
}

function flowOf(parts: Parts, wake: () => void): Asking['flow'] {
  return {
    clock: parts.clock,
    consentPage: (state) => parts.client.consentPage(state),
    bind: (member, code) => bind(parts, member, code),
    post: async (wanted) => {
      const post = await postLink(parts, wanted)
      wake()
      return post
    },
  }
}

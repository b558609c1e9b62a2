import { consume } from '../../platform/bus/consume.js'
import { startRelay } from '../../platform/bus/outbox.js'
import type { Secrets } from '../../platform/secret.js'
import type { Identity } from '../../schema/identity.js'
import { forgetKeys } from '../host/forget-keys.js'
import type { Ground, RunningSubgraph, Subgraph } from '../host/subgraph.js'
import { readCampaignsConfig } from './config.js'
import { linkDoor } from './door/link-door.js'
import { saleDoor } from './door/sale-door.js'
import { campaignsFlow } from './flow/campaigns-flow.js'
import { countPurchases } from './flow/count-purchases.js'
import { openLinks } from './flow/follow-link.js'
import type { Parts } from './flow/parts.js'
import { BoardWatch } from './flow/watch-boards.js'
import type { Asking } from './graph/asking.js'
import { makeLoaders } from './graph/loaders.js'
import { campaignsSchema } from './graph/schema.js'
import { migrations, SCHEMA } from './store/migrations.js'

/** What the starting file hands to campaigns. */
export interface CampaignsOptions {
  readonly secrets: Secrets
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Contests of influencers: who sent the buyer, and who sent most of them. */
export function campaigns({ secrets, env }: CampaignsOptions): Subgraph {
  const config = readCampaignsConfig(env)
  const begin = (ground: Ground): Promise<RunningSubgraph> => start(ground, { secrets, config })
  return { name: SCHEMA, migrations, schema: campaignsSchema(), start: begin }
}

async function start(ground: Ground, { secrets, config }: Pick<Parts, 'secrets' | 'config'>): Promise<RunningSubgraph> {
  const { db, bus, clock, chance } = ground
  const relay = startRelay({ ...ground, schema: SCHEMA })
  const parts = { ...ground, config, secrets, wake: () => relay.wake() }
  const boards = new BoardWatch(clock)
  const stopWatching = await boards.follow(bus, ground.observer)
  const stopCounting = consume({
    ...ground,
    ...{ schema: SCHEMA, consumer: 'scores', topic: 'orders' },
    apply: async (tx, events) => {
      await countPurchases(tx, events)
      // Seen once this transaction has committed; the relay looks by itself too, this only saves time.
      clock.after(5, () => relay.wake())
    },
  })
  const links = openLinks(parts)
  const cancelForgetting = forgetKeys(ground, SCHEMA)
  const flow = campaignsFlow(parts, boards)
  return {
    context: (who: Identity): Asking => ({ who, flow, loaders: makeLoaders(db, who) }),
    doors: [linkDoor({ follow: (visit) => links.follow(visit), chance, saleUrl: config.saleUrl }), saleDoor],
    stop: async () => {
      cancelForgetting()
      await links.drain()
      await stopCounting()
      await stopWatching()
      await relay.stop()
    },
  }
}

import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { memoryBus } from '../../platform/bus/memory-bus.js'
import type { Database } from '../../platform/db/database.js'
import { CLUSTER, openPglite } from '../../platform/db/pglite.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import type { Ask } from '../../schema/ask.js'
import { askShop } from '../../scripts/client/ask-shop.js'
import { Closers } from '../../scripts/start/closers.js'
import { openSandboxes, type Sandboxes } from '../../scripts/start/sandboxes.js'
import { openShop, type Shop, type TokenClaims } from '../../scripts/start/shop.js'
import { freePort } from '../../platform/http/free-port.js'

/** The whole house in this process: the embedded database, the bus in memory, real sockets, the partners' sandboxes. */
export interface House {
  readonly shop: Shop
  readonly db: Database
  readonly sandboxes: Sandboxes
  /** `http://127.0.0.1:…/graphql`. */
  readonly url: string
  /** `ws://127.0.0.1:…/graphql`. */
  readonly socketUrl: string
  /** Somebody's voice at the endpoint; null is an anonymous visitor. */
  as(claims: TokenClaims | null): Promise<Ask>
  stop(): Promise<void>
}

/** What a journey changes of it. */
export interface HouseOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly faults?: 'none' | 'all'
  readonly seed?: number
  /** Changes to the gateway's settings. */
  readonly gateway?: Readonly<Record<string, unknown>>
}

/** Opens the house of a journey; what it makes goes when it is stopped. */
export async function openHouse({
  env = {},
  faults = 'none',
  seed = 1,
  gateway = {},
}: HouseOptions = {}): Promise<House> {
  const closers = new Closers()
  const dir = closers.keep(await mkdtemp(join(tmpdir(), 'daihuo-house-')), (it) =>
    rm(it, { recursive: true, force: true }),
  )
  await cp(join(inject('pgliteTemplate'), CLUSTER), join(dir, 'db', CLUSTER), { recursive: true })
  const db = closers.keep(await openPglite({ dir: join(dir, 'db') }), (it) => it.close())
  const bus = closers.keep(memoryBus({ clock: systemClock, observer: silent }), (it) => it.close())
  const ground = { db, bus, clock: systemClock, chance: systemChance, observer: silent }
  const ports = { kuaishou: 0, weibo: 0, payment: 0 }
  const sandboxes = closers.keep(
    await openSandboxes({
      ports,
      dir: null,
      clock: systemClock,
      observer: silent,
      seed,
      faults,
      paymentSecret: 'house',
      people: false,
    }),
    (it) => it.stop(),
  )
  const port = await freePort()
  const shopEnv = { PUBLIC_URL: `http://127.0.0.1:${port}`, ...sandboxes.env, ...env }
  const shop = closers.keep(
    await openShop({
      ground,
      secrets: secretsFrom(Buffer.alloc(32, 7)),
      env: shopEnv,
      host: '127.0.0.1',
      port,
      metrics: null,
      gateway,
    }),
    (it) => it.stop(),
  )
  sandboxes.pointTo(shop.url)
  const url = `${shop.url}/graphql`
  return {
    ...{ shop, db, sandboxes, url },
    socketUrl: url.replace('http', 'ws'),
    as: async (claims) => askShop({ url, token: claims === null ? null : await shop.token(claims) }),
    stop: () => closers.close(),
  }
}

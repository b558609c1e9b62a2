import { silent } from '../../platform/observe/observer.js'
import { serve } from '../../platform/http/serve.js'
import { secretsFrom } from '../../platform/secret.js'
import type { Database } from '../../platform/db/database.js'
import { systemClock } from '../../platform/time/clock.js'
import { migrate } from '../../platform/db/migrate.js'
import type { Fault } from '../../sandbox/kuaishou/faults.js'
import { openKuaishouSandbox, type KuaishouSandbox } from '../../sandbox/kuaishou/kuaishou-sandbox.js'
import type { Ground } from '../../subgraphs/host/subgraph.js'
import { readKuaishouConfig } from '../../subgraphs/connectors/kuaishou/config.js'
import { kuaishouConnector, PATHS } from '../../subgraphs/connectors/kuaishou/connector.js'
import { listingsOf, type Listings } from '../../subgraphs/connectors/kuaishou/flow/listings.js'
import { migrations } from '../../subgraphs/connectors/kuaishou/store/migrations.js'
import { startConnector, type RunningConnector } from '../../subgraphs/connectors/start-connector.js'
import { aFakeShop, type FakeShop } from './fake-shop.js'
import { aGround } from './ground.js'

/** The connector between its sandbox and a shop that is faked through the port. */
export interface KuaishouHouse {
  readonly ground: Ground
  readonly sandbox: KuaishouSandbox
  readonly shop: FakeShop
  readonly listings: Listings
  readonly connector: RunningConnector
  /** The address of the connector's own doors. */
  readonly doors: string
  /** Every parameter that reached the sandbox, by method. */
  readonly sent: { readonly method: string; readonly param: string }[]
  /** Ends the connector as a killed process would: nothing is drained, its rows stay; then begins another on them. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** What a test changes of it. */
export interface HouseOptions {
  readonly faults?: readonly Fault[]
  readonly env?: Readonly<Record<string, string>>
  /** Whether the sandbox tells (push) and asks (deduct). */
  readonly push?: boolean
  readonly deduct?: boolean
}

/** Opens sandbox, connector and fake shop over one database; polling is left to the test unless the environment says otherwise. */
export async function aKuaishouHouse(db: Database, options: HouseOptions = {}): Promise<KuaishouHouse> {
  const { faults = [], env = {}, push = true, deduct = true } = options
  const ground = aGround({ db })
  const sent: { method: string; param: string }[] = []
  const heard = (method: string, param: string): void => void sent.push({ method, param })
  const sandbox = await openKuaishouSandbox({ port: 0, clock: systemClock, observer: silent, seed: 7, faults, heard })
  await migrate(db, 'kuaishou', migrations)
  const shop = aFakeShop(ground.bus, 'kuaishou')
  const config = readKuaishouConfig({ KUAISHOU_URL: sandbox.url, KUAISHOU_POLL_MS: '3600000', ...env })
  const secrets = secretsFrom(Buffer.alloc(32, 1))
  const begin = (): RunningConnector =>
    startConnector(kuaishouConnector({ config, secrets, ask: shop.ask }, ground), ground)
  let running = begin()
  const door = (path: string) => ({
    method: 'POST' as const,
    path,
    answer: (request: Parameters<RunningConnector['doors'][number]['answer']>[0]) =>
      running.doors.find((one) => one.path === path)?.answer(request) ?? Promise.reject(new Error('no such door')),
  })
  const serving = await serve({ doors: [door(PATHS.push), door(PATHS.deduct)], port: 0, observer: silent })
  sandbox.pointTo({
    webhook: push ? serving.url + PATHS.push : null,
    deduct: deduct ? serving.url + PATHS.deduct : null,
  })
  return {
    ...{ ground, sandbox, shop, doors: serving.url, sent },
    listings: listingsOf(ground, () => running.wake()),
    get connector() {
      return running
    },
    async restart() {
      await running.stop()
      running = begin()
    },
    async stop() {
      await sandbox.stop()
      await serving.stop()
      await running.stop()
      await ground.bus.close()
      await db.close()
    },
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgres } from '../../platform/db/postgres.js'
import { freePort } from '../../platform/http/free-port.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemClock } from '../../platform/time/clock.js'
import { signToken } from '../../platform/token.js'
import type { Role } from '../../schema/identity.js'
import { Closers } from '../../scripts/start/closers.js'
import { openSandboxes, type Sandboxes } from '../../scripts/start/sandboxes.js'
import { stockDifferences } from '../../subgraphs/orders/store/audits.js'
import { MortalHouse } from '../../test/kill/mortal-house.js'
import { Merchant } from '../../test/support/merchant.js'
import { startDurablePostgres } from '../../test/support/start-postgres.js'

/** The whole shop in a process of its own on PostgreSQL (its own settings: every commit is synced), and its partners in this one. */
export interface PartnerShop {
  readonly url: string
  readonly sandboxes: Sandboxes
  readonly merchant: Merchant
  token(claims: Readonly<Record<string, unknown>> & { readonly roles: readonly Role[] }): Promise<string>
  /** What the stock ledger says differently from its movements; the shop must have been stopped by `stopShop`. */
  audit(): Promise<readonly object[]>
  stopShop(): Promise<void>
  stop(): Promise<void>
}

/** Opens it; what it made goes when it is stopped. */
export async function openPartnerShop(env: Readonly<Record<string, string>>): Promise<PartnerShop> {
  const closers = new Closers()
  const dir = closers.keep(await mkdtemp(join(tmpdir(), 'bench-partner-')), (it) =>
    rm(it, { recursive: true, force: true }),
  )
  const postgres = await startDurablePostgres(dir)
  if (postgres === null) throw new Error('this bench needs PostgreSQL')
  closers.keep(postgres, (it) => it.stop())
  const sandboxes = closers.keep(
    await openSandboxes({
      ...{ ports: { kuaishou: 0, weibo: 0, payment: 0 }, dir: null, clock: systemClock, observer: silent },
      ...{ seed: 1, faults: 'none', paymentSecret: 'bench', people: false },
    }),
    (it) => it.stop(),
  )
  const url = `http://127.0.0.1:${await freePort()}`
  const house = closers.keep(
    new MortalHouse({
      ...{ ...process.env, ...sandboxes.env, DATABASE_URL: postgres.url, PORT: new URL(url).port, PUBLIC_URL: url },
      ...env,
    }),
    (it) => it.close(),
  )
  await house.begin()
  const key = secretsFrom(Buffer.alloc(32, 7)).key('token')
  const token: PartnerShop['token'] = (claims) => signToken(key, claims, { clock: systemClock, seconds: 86_400 })
  const merchant = new Merchant(
    `${url}/graphql`,
    await token({ sub: 'Member:merchant', roles: ['member', 'operator', 'merchant'] }),
  )
  return {
    ...{ url, sandboxes, merchant, token },
    async audit() {
      const db = openPostgres({ url: postgres.url, pool: 2 })
      try {
        return await stockDifferences(db)
      } finally {
        await db.close()
      }
    },
    stopShop: () => house.close(),
    stop: () => closers.close(),
  }
}

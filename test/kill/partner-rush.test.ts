import { beforeAll, describe, expect, inject, it } from 'vitest'
import { openPostgres } from '../../platform/db/postgres.js'
import { readFaults } from '../../sandbox/kuaishou/faults.js'
import { compile } from '../support/compile.js'
import { freshPostgres, missing } from '../support/databases.js'
import { partnerRush } from './partner-rush.js'

/** `npm run evening:partner` does the same at length. */
const ORDERS = 30

describe('an evening at a partner that misbehaves in every way, while our process is killed', () => {
  beforeAll(compile)

  const postgres = inject('postgresUrl')
  if (postgres === null) missing('PostgreSQL', () => it.todo('R04 R08 ends with both sides equal'))
  else
    it('R04 R08 ends with both sides equal: nothing lost, doubled, oversold or a fen apart', async () => {
      const url = await freshPostgres(postgres)
      const outcome = await partnerRush({
        ...{ orders: ORDERS, seed: 1, kills: 2, faults: readFaults('all') ?? [], env: { DATABASE_URL: url } },
        open: () => Promise.resolve(openPostgres({ url, pool: 2 })),
      })
      expect(outcome).toMatchObject({ kills: 2, differences: [] })
      expect(outcome.oursMinor).toBe(outcome.theirsMinor)
      expect(outcome.orders).toBeGreaterThanOrEqual(ORDERS)
    }, 180_000)
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '../../../../platform/db/migrate.js'
import { eachMigrated } from '../../../../test/support/databases.js'
import { KUAISHOU } from '../../../../test/support/standing.js'
import { fakeClock } from '../../../../test/support/fake-clock.js'
import { aGround } from '../../../../test/support/ground.js'
import type { Ground } from '../../../host/subgraph.js'
import { readKuaishouConfig } from '../config.js'
import { migrations } from '../store/migrations.js'
import { hearOrder, keepAddress } from '../store/partner-orders.js'
import { purgePersonal } from './purge-personal.js'

const DAY_MS = 86_400_000

eachMigrated(KUAISHOU, (open) => {
  let ground: Ground
  let clock: ReturnType<typeof fakeClock>

  beforeEach(async () => {
    clock = fakeClock('2026-11-11T12:00:00Z')
    ground = aGround({ db: await open(), clock })
    await migrate(ground.db, 'kuaishou', migrations)
  })
  afterEach(() => ground.db.close())

  /** An order with an address, of which something was told just now. */
  async function anOrder(oid: string, state: string): Promise<void> {
    await hearOrder(ground.db, oid, 1)
    await keepAddress(ground.db, oid, Buffer.from('sealed by us'))
    await ground.db.query(`update kuaishou.partner_order set state = $2, sealed = 'by them' where oid = $1`, [
      oid,
      state,
    ])
    await ground.db.query(`insert into kuaishou.fact (key, version, body, at) values ($1, 1, '{}', $2)`, [
      `order:${oid}`,
      clock.now(),
    ])
  }
  const withAddress = async (): Promise<string> => {
    const { rows } = await ground.db.query<{ oid: string }>(
      'select oid from kuaishou.partner_order where address is not null or sealed is not null order by oid',
    )
    return rows.map(({ oid }) => oid).join()
  }
  const purge = () => purgePersonal({ ground, config: readKuaishouConfig({ KUAISHOU_PERSONAL_DAYS: '30' }) })

  describe('where a parcel went', () => {
    it('is forgotten so many days after its order has ended, and not a day before', async () => {
      await anOrder('1', 'COMPLETED')
      await anOrder('2', 'CLOSED')
      await clock.advance(29 * DAY_MS)
      await purge()
      expect(await withAddress()).toBe('1,2')
      await clock.advance(2 * DAY_MS)
      await purge()
      expect(await withAddress()).toBe('')
    })

    it('is kept while the order is on its way, or something was told of it since', async () => {
      await anOrder('1', 'SENT')
      await anOrder('2', 'COMPLETED')
      await clock.advance(31 * DAY_MS)
      await ground.db.query(`update kuaishou.fact set at = $1 where key = 'order:2'`, [clock.now()])
      await purge()
      expect(await withAddress()).toBe('1,2')
    })
  })
})

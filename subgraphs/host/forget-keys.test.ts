import { expect, it } from 'vitest'
import { once } from '../../platform/db/once.js'
import { counting } from '../../test/support/counting.js'
import { eachMigrated } from '../../test/support/databases.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { aGround } from '../../test/support/ground.js'
import { MEMBERS } from '../../test/support/standing.js'
import { until } from '../../test/support/until.js'
import { forgetKeys } from './forget-keys.js'

const HOUR_MS = 3_600_000

eachMigrated(MEMBERS, (open) => {
  it('idempotency keys are forgotten after three days, and counted', async () => {
    const [db, clock, counts] = [await open(), fakeClock(), counting()]
    const cancel = forgetKeys(aGround({ db, clock, observer: counts }), 'members')
    for (const [key, hours] of [
      ['old', 73],
      ['young', 71],
    ] as const) {
      await db.transaction((tx) => once(tx, 'members', { owner: 'a', key, body: 1 }, () => Promise.resolve(key)))
      const at = new Date(clock.now().getTime() - hours * HOUR_MS)
      await db.query('update members.once set at = $2 where key = $1', [key, at])
    }
    await until(() => clock.advance(60_000).then(() => counts.counted('members.deeds.forgotten') > 0))
    const { rows } = await db.query<{ key: string }>('select key from members.once')
    expect([rows, counts.counted('members.deeds.forgotten')]).toEqual([[{ key: 'young' }], 1])
    cancel()
    await db.close()
  })
})

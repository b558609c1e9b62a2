import { expect, it } from 'vitest'
import { once } from '../../../platform/db/once.js'
import { counting } from '../../../test/support/counting.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ROOMS } from '../../../test/support/standing.js'
import { fakeClock } from '../../../test/support/fake-clock.js'
import { someRooms } from '../../../test/support/rooms.js'
import { until } from '../../../test/support/until.js'

const MINUTE_MS = 60_000

eachMigrated(ROOMS, (open) => {
  it('idempotency keys of rooms are forgotten after three days, and counted', async () => {
    const db = await open()
    const [clock, counts] = [fakeClock(), counting()]
    const rooms = await someRooms({ db, clock, observer: counts })
    const deed = (key: string) =>
      db.transaction((tx) => once(tx, 'rooms', { owner: 'a', key, body: 1 }, () => Promise.resolve(key)))
    for (const key of ['old', 'young']) await deed(key)
    await db.query(`update rooms.once set at = now() - interval '73 hours' where key = 'old'`)
    await db.query(`update rooms.once set at = now() - interval '71 hours' where key = 'young'`)
    await until(() => clock.advance(MINUTE_MS).then(() => counts.counted('rooms.deeds.forgotten') > 0))
    const { rows } = await db.query<{ key: string }>('select key from rooms.once')
    expect([rows, counts.counted('rooms.deeds.forgotten')]).toEqual([[{ key: 'young' }], 1])
    await rooms.stop()
    await db.close()
  })
})

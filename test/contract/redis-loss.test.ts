import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { redisBus } from '../../platform/bus/redis-bus.js'
import { silent } from '../../platform/observe/observer.js'
import { systemClock } from '../../platform/time/clock.js'
import { aBakery } from '../support/bakery.js'
import { freshPostgres } from '../support/databases.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { freePort } from '../../platform/http/free-port.js'
import { startRedis } from '../support/start-redis.js'
import { until } from '../support/until.js'

describe('a shop on PostgreSQL and Redis', () => {
  it.skipIf(inject('redisUrl') === null || inject('postgresUrl') === null)(
    'R21 starts without Redis, goes on when it comes, and again when it comes back empty',
    async () => {
      const port = await freePort()
      const dir = await mkdtemp(join(tmpdir(), 'daihuo-redis-'))
      const db = openPostgres({ url: await freshPostgres(inject('postgresUrl') ?? '') })
      const bus = redisBus({ url: `redis://127.0.0.1:${port}`, clock: systemClock, observer: silent })
      const signals: string[] = []
      const bakery = await aBakery(db, bus)
      bakery.open('front')
      await bus.listen('c', (body) => signals.push(body))
      const sells = (count: number): Promise<void> => until(async () => (await bakery.sold('front')).length === count)

      await bakery.bake('loaf:1')
      const first = await startRedis(dir, port)
      await sells(1)
      await first?.stop()
      await bakery.bake('loaf:2')
      bus.signal('c', 'lost')
      const second = await startRedis(dir, port)
      await bakery.bake('loaf:3')
      await sells(3)
      bus.signal('c', 'heard')
      await until(() => signals.length > 0)

      expect(await bakery.sold('front')).toEqual(['loaf:1', 'loaf:2', 'loaf:3'])
      expect(signals).toEqual(['heard'])
      await bakery.close()
      await bus.close()
      await Promise.all([db.close(), second?.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  )
})

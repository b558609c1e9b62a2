import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { deferred } from '../../platform/deferred.js'
import { migrate } from '../../platform/db/migrate.js'
import { Failure } from '../../platform/failure.js'
import { eachDatabase } from '../../test/support/databases.js'
import { fakeClock } from '../../test/support/fake-clock.js'
import { aGround } from '../../test/support/ground.js'
import type { Ground } from '../host/subgraph.js'
import { applyTo } from './apply.js'
import { CONNECTOR_TABLES } from './connector-tables.js'
import type { Connector, Errand, Outcome } from './connector.js'
import { putErrands, takeErrands } from './errands.js'
import { startRunner } from './follow.js'

eachDatabase((open) => {
  let ground: Ground
  let clock: ReturnType<typeof fakeClock>
  let runs: Errand[]
  let outcome: () => Outcome

  beforeEach(async () => {
    clock = fakeClock('2026-11-11T12:00:00Z')
    ground = aGround({ db: await open(), clock })
    await migrate(ground.db, 'toy', [{ name: '001', sql: CONNECTOR_TABLES('toy') }])
    runs = []
    outcome = () => null
  })
  afterEach(() => ground.db.close())

  const toy: Connector = { partner: 'toy', told: (_tx, news) => Promise.resolve(news.map(({ key }) => errand(key))) }
  const errand = (key: string, inMs = 0): Errand => ({ kind: 'do', key, body: {}, inMs })
  const put = (...errands: readonly Errand[]) =>
    ground.db.transaction((tx: Database) => putErrands(tx, 'toy', { errands, ground }))
  /** Does what is due, and ends. */
  async function drained(): Promise<readonly string[]> {
    const follow = {
      ...{ topics: [], hear: () => Promise.resolve([]) },
      run: (one: Errand) => {
        runs.push(one)
        return Promise.resolve().then(outcome)
      },
    }
    const runner = startRunner(toy, follow, ground)
    await runner.drain()
    await runner.stop()
    return runs.map(({ key }) => key)
  }
  /** Four seconds go by, in which the runner says once that it is still at it. */
  async function renewedBy(time: ReturnType<typeof fakeClock>): Promise<void> {
    const until = async () =>
      (await ground.db.query<{ until: Date }>('select leased_until as until from toy.errand')).rows[0]?.until.getTime()
    const before = await until()
    await time.advance(4_000)
    while ((await until()) === before) await new Promise((resolve) => setImmediate(resolve))
  }
  const left = async () =>
    (await ground.db.query<{ key: string; stuck: string | null }>('select key, stuck from toy.errand order by key'))
      .rows

  describe('an errand', () => {
    it('is done once, however often it was asked for', async () => {
      await put(errand('a'), errand('a'))
      await put(errand('a'))
      expect([await drained(), await left()]).toEqual([['a'], []])
    })

    it('waits until it is due, and another asking can hasten it', async () => {
      await put(errand('a', 5_000))
      expect(await drained()).toEqual([])
      await put(errand('a'))
      expect(await drained()).toEqual(['a'])
    })

    it('is tried again after a growing pause when the partner is not there', async () => {
      outcome = () => {
        throw new Failure('PARTNER_UNAVAILABLE', 'down')
      }
      await put(errand('a'))
      for (const ms of [0, 400, 400, 700, 700]) {
        await clock.advance(ms)
        await drained()
      }
      expect(runs.length).toBe(3)
    })

    it('believes the time that the partner names rather than its own count', async () => {
      outcome = () => {
        throw new Failure('PARTNER_UNAVAILABLE', 'too much', { details: { retryAfterMs: 60_000 } })
      }
      await put(errand('a'))
      await drained()
      await clock.advance(59_000)
      expect(await drained()).toEqual(['a'])
      await clock.advance(20_000)
      expect(await drained()).toEqual(['a', 'a'])
    })

    it('lies with its reason when the partner refuses it, until it is asked for anew', async () => {
      outcome = () => {
        throw new Failure('PARTNER_REFUSED', 'no such item')
      }
      await put(errand('a'))
      await drained()
      expect(await left()).toEqual([{ key: 'a', stuck: 'no such item' }])
      outcome = () => null
      await put(errand('a'))
      expect([await drained(), await left()]).toEqual([['a', 'a'], []])
    })

    it.each([-3_600_000, 3_600_000])(
      'R25 is due by the time of the database, though the clock of the process jumps by %i ms',
      async (jumpMs) => {
        const began = clock.now().getTime()
        ground = { ...ground, databaseTime: () => new Date(began + clock.monotonicMs()) }
        await put(errand('soon', 1_000), errand('late', 60_000))
        clock.jump(jumpMs)
        expect(await drained()).toEqual([])
        await clock.advance(1_000)
        expect(await drained()).toEqual(['soon'])
        await put(errand('new'))
        expect(await drained()).toEqual(['soon', 'new'])
      },
    )

    it('R25 is due by the database’s own clock where nobody sets it', async () => {
      const { db, bus, chance, observer } = ground
      ground = { db, bus, clock, chance, observer }
      clock.jump(-3_600_000)
      await put(errand('late', 60_000), errand('now'))
      expect(await drained()).toEqual(['now'])
    })

    it('R04 is not taken again by the process that has it in hand, though its lease be over', async () => {
      await put(errand('a'))
      const inHand = await takeErrands(ground.db, 'toy', { most: 10, ground, inHand: [] })
      await clock.advance(60_000)
      expect(await takeErrands(ground.db, 'toy', { most: 10, ground, inHand })).toEqual([])
      expect(await takeErrands(ground.db, 'toy', { most: 10, ground, inHand: [] })).toHaveLength(1)
    })

    it('R04 is taken again when the process that had it died', async () => {
      await put(errand('a'))
      expect(await takeErrands(ground.db, 'toy', { most: 10, ground, inHand: [] })).toHaveLength(1)
      expect(await drained()).toEqual([])
      await clock.advance(11_000)
      expect(await drained()).toEqual(['a'])
    })

    it('R04 that takes long stays with the process that has it, while that lives', async () => {
      await put(errand('a'))
      const [begun, end] = [deferred<null>(), deferred<null>()]
      const run = async (): Promise<Outcome> => {
        begun.resolve(null)
        await end.promise
        return null
      }
      const runner = startRunner(toy, { topics: [], hear: () => Promise.resolve([]), run }, ground)
      runner.wake()
      await begun.promise
      for (let seconds = 0; seconds < 30; seconds += 4) await renewedBy(clock)
      expect(await takeErrands(ground.db, 'toy', { most: 10, ground, inHand: [] })).toEqual([])
      end.resolve(null)
      await runner.stop()
      expect(await left()).toEqual([])
    })

    it('that is slow keeps nobody waiting', async () => {
      await put(errand('slow'))
      const [begun, end, done] = [deferred<null>(), deferred<null>(), deferred<null>()]
      const run = async ({ key }: Errand): Promise<Outcome> => {
        if (key !== 'slow') done.resolve(null)
        begun.resolve(null)
        if (key === 'slow') await end.promise
        return null
      }
      const runner = startRunner(toy, { topics: [], hear: () => Promise.resolve([]), run }, ground)
      runner.wake()
      await begun.promise
      await put(errand('quick'))
      runner.wake()
      await done.promise
      end.resolve(null)
      await runner.stop()
      expect(await left()).toEqual([])
    })

    it('that is asked for anew while it runs is done again', async () => {
      let asked = false
      outcome = () => (asked ? null : { againInMs: 0 })
      await put(errand('a'))
      const follow = {
        ...{ topics: [], hear: () => Promise.resolve([]) },
        run: async (one: Errand) => {
          runs.push(one)
          if (!asked) await put(errand('a'))
          asked = true
          return null
        },
      }
      const runner = startRunner(toy, follow, ground)
      await runner.drain()
      await runner.stop()
      expect([runs.length, await left()]).toEqual([2, []])
    })
  })

  describe('a fact', () => {
    const fact = (version: number) => ({ key: 'order:1', version, body: { version } })

    it('is told once, and only the newest', async () => {
      const apply = applyTo(toy, ground, () => undefined)
      const told = [
        await apply([fact(2)]),
        await apply([fact(2)]),
        await apply([fact(1)]),
        await apply([fact(3), fact(2)]),
      ]
      expect(told).toEqual([1, 0, 0, 1])
      const { rows } = await ground.db.query<{ version: number }>('select version from toy.fact')
      expect(rows).toEqual([{ version: 3 }])
    })

    it('R04 that was not wholly kept was not told at all', async () => {
      const apply = applyTo(toy, ground, () => undefined)
      await expect(apply([fact(1)], () => Promise.reject(new Error('killed')))).rejects.toThrow('killed')
      expect([await left(), await apply([fact(1)])]).toEqual([[], 1])
    })
  })
})

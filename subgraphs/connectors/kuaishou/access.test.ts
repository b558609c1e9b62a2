import { afterEach, describe, expect, it } from 'vitest'
import { migrate } from '../../../platform/db/migrate.js'
import { silent } from '../../../platform/observe/observer.js'
import { secretsFrom } from '../../../platform/secret.js'
import { openKuaishouSandbox, type KuaishouSandbox } from '../../../sandbox/kuaishou/kuaishou-sandbox.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { KUAISHOU } from '../../../test/support/standing.js'
import { fakeClock } from '../../../test/support/fake-clock.js'
import { aGround } from '../../../test/support/ground.js'
import type { Ground } from '../../host/subgraph.js'
import { accessOf } from './access.js'
import { callsOf } from './calls.js'
import { clientOf } from './client.js'
import { readKuaishouConfig } from './config.js'
import { personalWith } from '../../../platform/personal.js'
import { migrations } from './store/migrations.js'
import { lockForRefresh, readToken } from './store/tokens.js'

const HOUR = 3_600_000

eachMigrated(KUAISHOU, (open) => {
  let sandbox: KuaishouSandbox
  let ground: Ground
  let clock: ReturnType<typeof fakeClock>
  afterEach(async () => {
    await sandbox.stop()
    await ground.db.close()
  })

  /** What another process of ours has of the same seller: the same rows, and nothing else in common. */
  function another(env: Readonly<Record<string, string>> = {}) {
    const config = readKuaishouConfig({ KUAISHOU_URL: sandbox.url, ...env })
    return accessOf({
      config,
      ground,
      personal: personalWith(secretsFrom(Buffer.alloc(32)).key('personal'), ground.chance),
    })
  }

  async function opened(env: Readonly<Record<string, string>> = {}) {
    clock = fakeClock('2026-11-11T12:00:00Z')
    sandbox = await openKuaishouSandbox({ port: 0, clock, observer: silent, seed: 1, faults: [] })
    ground = aGround({ db: await open(), clock })
    await migrate(ground.db, 'kuaishou', migrations)
    const config = readKuaishouConfig({ KUAISHOU_URL: sandbox.url, ...env })
    const personal = personalWith(secretsFrom(Buffer.alloc(32)).key('personal'), ground.chance)
    const access = accessOf({ config, ground, personal })
    return { access, calls: callsOf(clientOf({ config, access, clock, observer: silent })) }
  }

  describe('the grant of a seller', () => {
    it('is fetched once and kept, encrypted', async () => {
      const { access } = await opened()
      const token = await access.token()
      expect([await access.token(), sandbox.memory.grants.length]).toEqual([token, 1])
    })

    it('is refreshed before it ends, by one of many', async () => {
      const { access } = await opened()
      const first = await access.token()
      await clock.advance(43 * HOUR)
      const tokens = await Promise.all(Array.from({ length: 10 }, () => access.token()))
      expect(sandbox.memory.grants).toHaveLength(2)
      expect(new Set(tokens).size).toBeLessThanOrEqual(2)
      expect(await access.token()).not.toBe(first)
    })

    it('R08 is refreshed by one of many processes; the others go on with the old one, then with the new', async () => {
      const { access } = await opened()
      const first = await access.token()
      const processes = [access, another(), another(), another()]
      await clock.advance(43 * HOUR)
      const during = await Promise.all(processes.map((one) => one.token()))
      expect(sandbox.memory.grants).toHaveLength(2)
      expect(new Set(during).size).toBeLessThanOrEqual(2)
      await clock.advance(10_000)
      const after = new Set(await Promise.all(processes.map((one) => one.token())))
      expect([after.size, after.has(first), sandbox.memory.grants.length]).toEqual([1, false, 2])
    })

    it('R08 is refreshed by another process when the one that began to has died', async () => {
      const { access } = await opened()
      const first = await access.token()
      await clock.advance(43 * HOUR)
      const seen = await readToken(ground.db, sandbox.app.appKey)
      expect(await lockForRefresh(ground.db, seen ?? expect.unreachable(), clock.now())).not.toBeNull()
      expect(await another().token()).toBe(first)
      await clock.advance(31_000)
      expect(await another().token()).not.toBe(first)
    })

    it('is refreshed again in time when the answer was lost: the old refresh token lives five minutes more', async () => {
      const { access } = await opened()
      const first = await access.token()
      await clock.advance(43 * HOUR)
      const seen = await readToken(ground.db, sandbox.app.appKey)
      await lockForRefresh(ground.db, seen ?? expect.unreachable(), clock.now())
      const [grant] = sandbox.memory.grants
      if (grant !== undefined) grant.refreshUntil = clock.now().getTime() + 300_000
      await clock.advance(31_000)
      expect(await another().token()).not.toBe(first)
    })

    it('is asked for anew when the seller took it back', async () => {
      const { calls } = await opened()
      await calls.itemOf(1)
      sandbox.revoke()
      expect(await calls.itemOf(1)).toBeNull()
    })

    it('waits for a person where no page agrees by itself', async () => {
      const { calls } = await opened({ KUAISHOU_CONSENT: 'person' })
      await expect(calls.itemOf(1)).rejects.toMatchObject({ code: 'PARTNER_UNAVAILABLE' })
    })
  })

  describe('a call', () => {
    it('that is refused for its rate is tried later, also far below our own limit', async () => {
      const { calls } = await opened()
      await calls.itemOf(1)
      sandbox.faults.set(['limit'], true)
      await expect(calls.itemOf(1)).rejects.toMatchObject({
        code: 'PARTNER_UNAVAILABLE',
        details: { result: 1016, retryAfterMs: 1_000 },
      })
    })

    it('that is refused twice makes all of its API wait, without being sent, as long as the partner is not heard otherwise', async () => {
      const { calls } = await opened()
      await calls.itemOf(1)
      sandbox.faults.set(['limit'], true)
      for (const retryAfterMs of [1_000, 2_000])
        await expect(calls.itemOf(1)).rejects.toMatchObject({ details: { result: 1016, retryAfterMs } })
      sandbox.faults.set([])
      await clock.advance(500)
      await expect(calls.itemOf(1)).rejects.toMatchObject({ details: { retryAfterMs: 1_500 } })
      await expect(calls.refunds({ from: clock.now(), to: clock.now(), after: null })).resolves.toBeDefined()
      await clock.advance(1_500)
      expect(await calls.itemOf(1)).toBeNull()
    })

    it.each([-HOUR, HOUR])(
      'R25 that waits does so for its time, though the calendar jumps by %i ms',
      async (jumpMs) => {
        const { calls } = await opened()
        await calls.itemOf(1)
        sandbox.faults.set(['limit'], true)
        for (let time = 0; time < 2; time++) await expect(calls.itemOf(1)).rejects.toThrow()
        sandbox.faults.set([])
        clock.jump(jumpMs)
        await clock.advance(1_500)
        await expect(calls.itemOf(1)).rejects.toMatchObject({ details: { retryAfterMs: 500 } })
        await clock.advance(500)
        expect(await calls.itemOf(1)).toBeNull()
      },
    )

    it('that is refused by the quota of a test user makes all calls wait, longer and longer', async () => {
      const { calls } = await opened()
      await calls.itemOf(1)
      sandbox.faults.set(['quota'], true)
      for (const retryAfterMs of [5_000, 10_000])
        await expect(calls.itemOf(1)).rejects.toMatchObject({ details: { result: 1017, retryAfterMs } })
      sandbox.faults.set([])
      const refunds = calls.refunds({ from: clock.now(), to: clock.now(), after: null })
      await expect(refunds).rejects.toMatchObject({ code: 'PARTNER_UNAVAILABLE', details: { retryAfterMs: 10_000 } })
    })

    it('that the partner refuses says which number it gave', async () => {
      const { calls } = await opened()
      await expect(calls.item('1')).rejects.toMatchObject({ code: 'PARTNER_REFUSED', details: { result: 22 } })
    })

    it('with a wrong secret is nobody’s fault but ours, and waits', async () => {
      const { calls } = await opened({ KUAISHOU_SIGN_SECRET: 'wrong' })
      await expect(calls.itemOf(1)).rejects.toMatchObject({ code: 'PARTNER_UNAVAILABLE', details: { result: 28 } })
    })
  })
})

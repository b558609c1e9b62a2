import { afterEach, describe, expect, it } from 'vitest'
import { deferred } from '../../platform/deferred.js'
import { silent } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import { systemClock } from '../../platform/time/clock.js'
import { openTestGateway, type TestGateway } from './open-test-gateway.js'
import { TRANSPORTS } from './transports.js'

let gateway: TestGateway
afterEach(() => gateway.stop())

const PARTS = { shop: { sdl: 'type Query { hello: String }', resolvers: { Query: { hello: () => 'hi' } } } }

/** The machine's clock, jumping ahead whenever a timer is set: each look finds the event loop a minute late. */
const lateClock = (): Clock => {
  let jumped = 0
  return {
    now: () => systemClock.now(),
    monotonicMs: () => systemClock.monotonicMs() + jumped,
    after(ms, run) {
      if (ms === 100) jumped += 60_000
      return systemClock.after(ms === 100 ? 1 : ms, run)
    },
  }
}

describe('R26 a gateway with too much to do', () => {
  it('says 503 and when to come back', async () => {
    gateway = await openTestGateway(PARTS, { clock: lateClock(), config: { overload: { lateMs: 50 } } })
    await new Promise((resolve) => setTimeout(resolve, 20))
    const response = await gateway.post({ query: '{ hello }' })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
  })

  it.each(Object.entries(TRANSPORTS))('says BUSY over %s', async (_, send) => {
    const sockets = { mostMessages: 1_000_000, initMs: 10_000 }
    gateway = await openTestGateway(PARTS, {
      clock: lateClock(),
      config: { overload: { lateMs: 50 }, sockets, batch: 1 },
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await send(gateway, '{ hello }')).codes).toEqual(['BUSY'])
  })
})

describe('R26 a gateway whose line does not move', () => {
  const LOOK_MS = 5
  let release: () => Promise<void>

  /** One query is under way and holds every place, another has waited for it for a minute. */
  async function openStuck(): Promise<void> {
    let jumped = 0
    const clock: Clock = {
      now: () => systemClock.now(),
      monotonicMs: () => systemClock.monotonicMs() + jumped,
      // Nobody looks whether there is time to spare, of which an idle test has plenty.
      after: (ms, run) => (ms === LOOK_MS ? () => undefined : systemClock.after(ms, run)),
    }
    const [held, waits] = [deferred<string>(), deferred<undefined>()]
    const observer = {
      ...silent,
      count: (name: string) => (name === 'turnstile.waited' ? waits.resolve(undefined) : undefined),
    }
    const parts = {
      shop: {
        sdl: 'type Query { hello: String slow: String }',
        resolvers: { Query: { hello: () => 'hi', slow: () => held.promise } },
      },
    }
    const config = {
      turnstile: { places: 1, mostWaitMs: 1_000 },
      sharing: false,
      batch: 1,
      sockets: { mostMessages: 1_000_000 },
    }
    gateway = await openTestGateway(parts, { clock, observer, config })
    const stuck = [1, 2].map(() => gateway.post({ query: '{ slow }' }))
    await waits.promise
    jumped = 60_000
    release = async () => {
      held.resolve('done')
      await Promise.all(stuck)
    }
  }

  afterEach(() => release()) // before the gateway is stopped

  it('says 503 and when to come back at once, to what it knows as to what is new', async () => {
    await openStuck()
    for (const round of ['new', 'known', 'known by the shorter way']) {
      const response = await gateway.post({ query: '{ hello }' })
      expect([round, response.status, response.headers.get('retry-after')]).toEqual([round, 503, '1'])
      expect(await response.text()).toContain('"code":"BUSY"')
    }
  })

  it.each(Object.entries(TRANSPORTS))('says BUSY over %s', async (_, send) => {
    await openStuck()
    expect((await send(gateway, '{ hello }')).codes).toEqual(['BUSY'])
  })
})

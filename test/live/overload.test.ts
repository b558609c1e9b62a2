import { afterEach, describe, expect, it } from 'vitest'
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

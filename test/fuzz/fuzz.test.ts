import { expect, it, describe } from 'vitest'
import { openTestGateway } from '../live/open-test-gateway.js'
import { FUZZED } from './graph.js'
import { fuzz } from './fuzz.js'

const seed = Date.now() % 1_000_000

describe('S40 a gateway at which anything is thrown', () => {
  it.each(['open', 'strict'] as const)(
    `in the %s profile answers 2xx or 4xx and tells no inside (seed ${seed})`,
    async (profile) => {
      const config = { batch: 5, overload: { lateMs: 0 } }
      const gateway = await openTestGateway(FUZZED, { profile, config })
      const { finding, thrown } = await fuzz({
        url: gateway.url,
        schema: gateway.engine.schema,
        seed,
        forMs: 2_000,
        hands: 6,
      })
      await gateway.stop()
      expect(finding).toBeNull()
      expect(thrown).toBeGreaterThan(20)
    },
  )
})

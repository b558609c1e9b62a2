import { describe, expect, it } from 'vitest'
import { readFaults } from '../../sandbox/kuaishou/faults.js'
import { Merchant } from '../support/merchant.js'
import { openHouse } from '../support/house.js'
import { aHundredOrders, bothSidesAgree, untilTheEnd } from './partner-evening.js'

const SEED = 20

describe("the partner's evening, the whole house in one process", () => {
  it('ends with both sides agreeing on every order and every fen, whatever was repeated, lost or disordered', async () => {
    const house = await openHouse({ seed: SEED, env: { KUAISHOU_POLL_MS: '500', KUAISHOU_UNHEARD_MS: '2000' } })
    try {
      const { kuaishou } = house.sandboxes
      const merchant = new Merchant(
        house.url,
        await house.shop.token({ sub: 'Member:merchant', roles: ['member', 'operator', 'merchant'] }),
      )
      await merchant.opens()
      kuaishou.faults.set(readFaults('all') ?? [])
      await aHundredOrders(house, kuaishou)
      await untilTheEnd(merchant, kuaishou)
      await bothSidesAgree(merchant, kuaishou)
      expect(kuaishou.memory.orders.length).toBeGreaterThanOrEqual(100)
      expect(kuaishou.memory.orders.filter(({ status }) => status === 70).length).toBeGreaterThan(50)
      const partly = kuaishou.memory.orders.filter(
        ({ totalFen, refundedFen }) => refundedFen > 0 && refundedFen < totalFen,
      )
      expect(partly.length).toBeGreaterThan(1)
    } finally {
      await house.stop()
    }
  }, 180_000)
})

import { describe, expect, it } from 'vitest'
import { describeAll } from './shop.js'

describe('the settings of the subgraphs', () => {
  it('are good with nothing set', () => {
    expect(describeAll({}).length).toBeGreaterThan(7)
  })

  it('are told together where several are wrong', () => {
    const wrong = { ORDERS_RESERVE_MS: '1', KUAISHOU_POLL_MS: 'often', ROOMS_RECHECK_MS: '-1', PUBLIC_URL: 'nowhere' }
    expect(() => describeAll(wrong)).toThrow(/ORDERS_RESERVE_MS[^]*ROOMS_RECHECK_MS[^]*PUBLIC_URL[^]*KUAISHOU_POLL_MS/)
  })
})

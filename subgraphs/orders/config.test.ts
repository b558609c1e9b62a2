import { describe, expect, it } from 'vitest'
import { readOrdersConfig } from './config.js'

describe('the settings of orders', () => {
  it('work on a bare laptop', () => {
    expect(readOrdersConfig({})).toMatchObject({
      terms: { reserveMs: 900_000 },
      payment: { url: 'http://127.0.0.1:4103' },
    })
  })

  it('are all complained of together', () => {
    const env = { ORDERS_RESERVE_MS: 'soon', PAYMENT_URL: 'somewhere', ORDERS_BATCH_MOST: '0' }
    expect(() => readOrdersConfig(env)).toThrow(/ORDERS_RESERVE_MS[^]*ORDERS_BATCH_MOST[^]*PAYMENT_URL/)
  })
})

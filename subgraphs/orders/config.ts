import { anyText, anyUrl, readSettings, wholeBetween } from '../../platform/config/read-settings.js'
import type { CounterTerms } from './flow/counter.js'
import type { Terms } from './flow/shop.js'
import type { HttpProviderOptions } from './payment/http-provider.js'

/** Settings of `orders`. */
export interface OrdersConfig {
  readonly terms: Terms
  readonly counter: CounterTerms
  readonly payment: HttpProviderOptions
  /** How often what is due is looked for. */
  readonly roundMs: number
}

const HOUR_MS = 3_600_000
const SETTINGS = {
  reserveMs: {
    env: 'ORDERS_RESERVE_MS',
    read: wholeBetween(1000, 24 * HOUR_MS),
    default: HOUR_MS / 4,
    about: 'how long an unpaid order holds its pieces',
  },
  partnerReserveMs: {
    env: 'ORDERS_PARTNER_RESERVE_MS',
    read: wholeBetween(1000, 720 * HOUR_MS),
    default: 24 * HOUR_MS,
    about: "how long a partner's unpaid order does",
  },
  payingGraceMs: {
    env: 'ORDERS_PAYING_GRACE_MS',
    read: wholeBetween(0, 24 * HOUR_MS),
    default: HOUR_MS / 12,
    about: 'how much longer an order under payment does',
  },
  askAfterMs: {
    env: 'ORDERS_ASK_AFTER_MS',
    read: wholeBetween(100, HOUR_MS),
    default: 5000,
    about: 'after how long a payment that nobody told of is asked about',
  },
  roundMs: {
    env: 'ORDERS_ROUND_MS',
    read: wholeBetween(50, HOUR_MS),
    default: 500,
    about: 'how often what is due is looked for',
  },
  most: {
    env: 'ORDERS_BATCH_MOST',
    read: wholeBetween(1, 5000),
    default: 256,
    about: 'orders in one transaction',
  },
  waitMs: {
    env: 'ORDERS_BATCH_WAIT_MS',
    read: wholeBetween(0, 100),
    default: 1,
    about: 'how long the first of a batch waits',
  },
  limit: {
    env: 'ORDERS_LINE_LIMIT',
    read: wholeBetween(1, 1_000_000),
    default: 10_000,
    about: 'orders in line before BUSY',
  },
  paymentUrl: {
    env: 'PAYMENT_URL',
    read: anyUrl,
    default: 'http://127.0.0.1:4103',
    about: 'the payment provider',
  },
  paymentSecret: {
    env: 'PAYMENT_SECRET',
    read: anyText,
    default: 'sandbox-payment-secret',
    about: 'shared with the payment provider',
  },
  paymentTimeoutMs: {
    env: 'PAYMENT_TIMEOUT_MS',
    read: wholeBetween(100, 60_000),
    default: 5000,
    about: 'how long the payment provider may take',
  },
}

/** Reads the settings from the environment; all wrong ones are reported together. */
export function readOrdersConfig(env: Readonly<Record<string, string | undefined>>): OrdersConfig {
  const it = readSettings(SETTINGS, { args: [], env })
  return {
    terms: {
      reserveMs: it.reserveMs,
      partnerReserveMs: it.partnerReserveMs,
      payingGraceMs: it.payingGraceMs,
      askAfterMs: it.askAfterMs,
    },
    counter: { most: it.most, waitMs: it.waitMs, limit: it.limit },
    payment: { url: it.paymentUrl, secret: it.paymentSecret, timeoutMs: it.paymentTimeoutMs },
    roundMs: it.roundMs,
  }
}

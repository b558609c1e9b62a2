import {
  anyText,
  anyUrl,
  oneWordOf,
  optional,
  readSettings,
  wholeBetween,
} from '../../platform/config/read-settings.js'
import { readWarehouses } from './domain/delivery-promise.js'
import { BACK_RULES, type BackRule } from './domain/means.js'
import type { CounterTerms } from './flow/counter.js'
import type { DeskTerms } from './flow/queue-desk.js'
import type { WaitingTerms } from './flow/waiting-list.js'
import type { Terms } from './flow/shop.js'
import type { HttpProviderOptions } from './payment/http-provider.js'

/** Settings of `orders`. */
export interface OrdersConfig {
  readonly terms: Terms
  readonly counter: CounterTerms
  readonly payment: HttpProviderOptions
  readonly desk: DeskTerms
  /** How often the lines before watched sales are looked at. */
  readonly queueLookMs: number
  readonly waiting: WaitingTerms
  /** How often what is due is looked for. */
  readonly roundMs: number
  /** With which bucket of divided sales it begins; null: one by chance. */
  readonly lane: number | null
}

const HOUR_MS = 3_600_000
/** Shanghai and Guangzhou: the delta at hand in a day, most provinces in three, the far west later, and nothing over the strait. */
const WAREHOUSES =
  '310000: 31=1 32=1 33=1 34=2 *=3 15=4 62=4 63=5 64=4 65=6 54=7 71=- 81=- 82=-; 440000: 44=1 45=2 46=2 *=4 65=7 54=8 71=- 81=- 82=-'
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
  patienceMs: {
    env: 'ORDERS_PATIENCE_MS',
    read: wholeBetween(10, 60_000),
    default: 1000,
    about: 'how long an order may have to wait in line; beyond it BUSY',
  },
  offerMs: {
    env: 'ORDERS_OFFER_MS',
    read: wholeBetween(1000, 24 * HOUR_MS),
    default: HOUR_MS / 30,
    about: 'how long a piece that came back is kept for who waited for it',
  },
  lane: {
    env: 'ORDERS_LANE',
    read: optional(wholeBetween(0, 1023)),
    default: null,
    about: 'the number of this order process among others, so that each begins with another bucket of divided sales',
  },
  ticketMs: {
    env: 'ORDERS_TICKET_MS',
    read: wholeBetween(1000, 24 * HOUR_MS),
    default: HOUR_MS / 6,
    about: 'how long a queue ticket is good after its turn has come',
  },
  queueLookMs: {
    env: 'ORDERS_QUEUE_LOOK_MS',
    read: wholeBetween(50, 60_000),
    default: 500,
    about: 'how often those who wait before a sale are told where they stand',
  },
  hostBp: {
    env: 'ORDERS_HOST_COMMISSION_BP',
    read: wholeBetween(0, 10_000),
    default: 500,
    about: 'what a host earns by a line sold in his room, in hundredths of a percent',
  },
  influencerBp: {
    env: 'ORDERS_INFLUENCER_COMMISSION_BP',
    read: wholeBetween(0, 10_000),
    default: 300,
    about: 'what an influencer does by a line bought through his link',
  },
  partnerBp: {
    env: 'ORDERS_PARTNER_COMMISSION_BP',
    read: wholeBetween(0, 10_000),
    default: 500,
    about: 'what a partner does by a line sold in its app',
  },
  warehouses: {
    env: 'ORDERS_WAREHOUSES',
    read: readWarehouses,
    default: readWarehouses(WAREHOUSES),
    about: 'where parcels leave and in how many days they are where, like 310000: 31=1 *=3 54=-; 440000: 44=1 *=4',
  },
  personalDays: {
    env: 'ORDERS_PERSONAL_DAYS',
    read: wholeBetween(1, 3_650),
    default: 90,
    about: 'how many days after its end an order forgets where its parcel went',
  },
  backBy: {
    env: 'ORDERS_REFUND_RULE',
    read: oneWordOf(...BACK_RULES),
    default: 'IN_PROPORTION' as BackRule,
    about: 'how what goes back is shared between e-card and provider: IN_PROPORTION, E_CARD_FIRST, E_CARD_LAST',
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
      offerMs: it.offerMs,
      commissions: { hostBp: it.hostBp, influencerBp: it.influencerBp, partnerBp: it.partnerBp },
      backBy: it.backBy,
      warehouses: it.warehouses,
      personalDays: it.personalDays,
    },
    counter: { most: it.most, waitMs: it.waitMs, limit: it.limit, patienceMs: it.patienceMs },
    desk: { ticketMs: it.ticketMs, most: 1000, waitMs: it.waitMs, limit: 50_000 },
    queueLookMs: it.queueLookMs,
    waiting: { most: 1000, waitMs: it.waitMs, limit: 50_000 },
    payment: { url: it.paymentUrl, secret: it.paymentSecret, timeoutMs: it.paymentTimeoutMs },
    roundMs: it.roundMs,
    lane: it.lane,
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import { fields, json, oneOf, text, whole } from '../../../platform/decode.js'
import { call, type Called } from '../../../platform/http/call.js'
import type { Clock } from '../../../platform/time/clock.js'
import { currency } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'
import type { Charge, PaymentNotice, PaymentProvider } from './provider.js'

/** Where the provider is, and the secret that opens its doors and signs what it tells. */
export interface HttpProviderOptions {
  readonly url: string
  readonly secret: string
  readonly timeoutMs: number
}

/** A notice older (or newer) than this is not believed. */
const NOTICE_AGE_MS = 300_000
const MOST_BYTES = 65_536
const STATES = { pending: 'PENDING', succeeded: 'SUCCEEDED', declined: 'DECLINED' } as const

/** The provider over HTTP, as `sandbox/payment` speaks it. */
export function httpProvider({ url, secret, timeoutMs }: HttpProviderOptions, clock: Clock): PaymentProvider {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
  const base = { headers, timeoutMs, mostBytes: MOST_BYTES }
  const post = (path: string, key: string, body: object): Promise<Called> =>
    asked(() =>
      call({
        ...base,
        url: `${url}${path}`,
        method: 'POST',
        headers: { ...headers, 'idempotency-key': key },
        body: JSON.stringify(body),
      }),
    )
  return {
    async charge({ key, amount, method }) {
      return readCharge(good(await post('/v1/charges', key, { ...amount, method })))
    },
    async find(charge) {
      const answer = await asked(() =>
        call({ ...base, url: `${url}/v1/charges/${encodeURIComponent(charge)}`, method: 'GET' }),
      )
      return answer.status === 404 ? null : readCharge(good(answer))
    },
    async refund({ key, charge, amount }) {
      good(await post('/v1/refunds', key, { charge, amountMinor: amount.amountMinor }))
    },
    readNotice: (sent, body) => readNotice({ sent, body, secret, now: clock.now() }),
  }
}

/** Nothing is known when there was no answer: the same may be asked again. */
async function asked(work: () => Promise<Called>): Promise<Called> {
  try {
    return await work()
  } catch (cause) {
    throw refuse('PARTNER_UNAVAILABLE', 'the payment provider did not answer', { cause })
  }
}

function good({ status, body }: Called): unknown {
  if (status >= 500 || status === 429) throw refuse('PARTNER_UNAVAILABLE', 'the payment provider cannot serve now')
  if (status !== 200) throw refuse('PARTNER_REFUSED', `the payment provider answered ${status}`)
  return json(body.toString('utf8'), 'charge')
}

function readCharge(value: unknown): Charge {
  const it = fields(value, 'charge')
  return {
    charge: text(it['id'], 'charge.id', { most: 100 }),
    key: text(it['key'], 'charge.key', { most: 200 }),
    state: STATES[oneOf(it['state'], 'charge.state', ['pending', 'succeeded', 'declined'])],
    amount: {
      amountMinor: whole(it['amountMinor'], 'charge.amountMinor', { least: 0 }),
      currency: currency(it['currency'], 'charge.currency'),
    },
  }
}

/** `payment-signature: t=<milliseconds>,v1=<hex>`: over the bytes as they came, and just now. */
function readNotice(notice: {
  sent: ReadonlyMap<string, string>
  body: Uint8Array
  secret: string
  now: Date
}): PaymentNotice {
  const [, at, tag] = /^t=(\d{1,16}),v1=([0-9a-f]{64})$/.exec(notice.sent.get('payment-signature') ?? '') ?? []
  if (at === undefined || tag === undefined) throw refuse('SIGNATURE_INVALID', 'the signature is missing')
  const wanted = createHmac('sha256', notice.secret).update(`${at}.`).update(notice.body).digest()
  if (!timingSafeEqual(wanted, Buffer.from(tag, 'hex'))) throw refuse('SIGNATURE_INVALID', 'the signature is wrong')
  if (Math.abs(notice.now.getTime() - Number(at)) > NOTICE_AGE_MS)
    throw refuse('SIGNATURE_INVALID', 'the signature is too old')
  const it = fields(json(Buffer.from(notice.body).toString('utf8'), 'notice'), 'notice')
  const { charge, key } = readCharge(it['charge'])
  return { charge, key }
}

import { fields, maybe, text, whole, type Fields } from '../../../platform/decode.js'
import { parseExact, writeExact } from '../../../platform/exact-json.js'
import { Failure } from '../../../platform/failure.js'
import { call } from '../../../platform/http/call.js'
import type { Observer } from '../../../platform/observe/observer.js'
import type { Clock } from '../../../platform/time/clock.js'
import { refuse } from '../../../schema/refuse.js'
import type { KuaishouConfig } from './config.js'
import { paceOf, type Pace } from './pace.js'
import { sign } from './signature.js'

/** A bigint in a parameter is written as a number: that is what the partner's ids are. */
export type Param = Readonly<Record<string, unknown>>

/** Where the client gets what it signs with, and tells that it was refused. */
export interface Access {
  token(): Promise<string>
  /** The partner says that this token is none: gets another one, if there is a way. */
  renew(refused: string): Promise<string>
}

/** Signs, sends, reads the envelope. Gives `data`. */
export interface Client {
  get(method: string, param: Param): Promise<unknown>
  post(method: string, param: Param): Promise<unknown>
}

const MOST_BYTES = 8_388_608
const REVOKED = 24
const SIGNATURE: ReadonlySet<number> = new Set([27, 28])
const RETRY_MS = 30_000

/** What a client stands on. */
export interface ClientParts {
  readonly config: KuaishouConfig
  readonly access: Access
  readonly clock: Clock
  readonly observer: Observer
}

/** PARTNER_REFUSED carries the partner's number as `details.result`; PARTNER_UNAVAILABLE may carry `details.retryAfterMs`. */
export function clientOf(parts: ClientParts): Client {
  const paced = { ...parts, pace: paceOf(parts) }
  return {
    get: (method, param) => ask(paced, 'GET', { method, param }),
    post: (method, param) => ask(paced, 'POST', { method, param }),
  }
}

interface Asked {
  readonly method: string
  readonly param: Param
}

interface Paced extends ClientParts {
  readonly pace: Pace
}

async function ask(parts: Paced, verb: 'GET' | 'POST', asked: Asked): Promise<unknown> {
  parts.pace.ready(asked.method)
  const token = await parts.access.token()
  const first = await envelope(parts, verb, { ...asked, token })
  if (first['result'] !== REVOKED) return opened(parts, first, asked.method)
  const renewed = await parts.access.renew(token)
  return opened(parts, await envelope(parts, verb, { ...asked, token: renewed }), asked.method)
}

async function envelope(
  { config, clock, observer }: ClientParts,
  verb: 'GET' | 'POST',
  { method, param, token }: Asked & { readonly token: string },
): Promise<Fields> {
  const params = {
    ...{ access_token: token, appkey: config.appKey, method, param: writeExact(param), version: '1' },
    ...{ signMethod: config.signMethod, timestamp: clock.now().getTime().toString() },
  }
  const form = new URLSearchParams({ ...params, sign: sign(params, config.signSecret) }).toString()
  const url = `${config.url}/${method.replaceAll('.', '/')}`
  const begun = clock.monotonicMs()
  const answer = await sent(verb === 'GET' ? `${url}?${form}` : url, verb, { form, timeoutMs: config.timeoutMs })
  observer.time('kuaishou.called', (clock.monotonicMs() - begun) / 1000, { method })
  return answer
}

/** One HTTP exchange with the partner; its `result` counts also when the status is no good one. */
export async function sent(
  url: string,
  verb: 'GET' | 'POST',
  { form, timeoutMs }: { form: string; timeoutMs: number },
): Promise<Fields> {
  try {
    const answer = await call({
      ...{ url, method: verb, timeoutMs, mostBytes: MOST_BYTES },
      ...(verb === 'POST' && { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form }),
    })
    return fields(parseExact(answer.body.toString('utf8')), 'answer')
  } catch (cause) {
    throw refuse('PARTNER_UNAVAILABLE', 'Kuaishou did not answer, or not in its form', { cause })
  }
}

function opened({ pace }: Paced, envelope: Fields, method: string): unknown {
  const result = whole(envelope['result'], 'answer.result')
  const given = maybe(envelope['error_msg'], 'answer.error_msg', (value, place) => text(value, place, { least: 0 }))
  const said = given?.slice(0, 200) ?? 'no reason given'
  const tooMuch = pace.heard(method, result, said)
  if (tooMuch !== null) throw tooMuch
  if (result === 1) return envelope['data']
  throw refusal(result, `${method}: ${said}`)
}

function refusal(result: number, message: string): Failure {
  // Neither is about the errand: it waits until a person has set the grant or the secret right.
  if (result === REVOKED || SIGNATURE.has(result))
    return refuse('PARTNER_UNAVAILABLE', message, { details: { result, retryAfterMs: RETRY_MS } })
  return refuse('PARTNER_REFUSED', message, { details: { result } })
}

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** What a signature covers. `path` is the request target as sent, with its query. */
export interface SignedRequest {
  readonly method: string
  readonly path: string
  readonly body: string | Uint8Array
}

/** The two headers that a signed request bears, in lower case. */
export const TIME_HEADER = 'x-daihuo-time'
export const SIGNATURE_HEADER = 'x-daihuo-signature'

/** A signature older or newer than this is refused, so that a recorded request cannot be played again for long. */
export const SIGNATURE_SECONDS = 60

/** What a check found; only `good` lets a request in. */
export type SignatureVerdict = 'good' | 'missing' | 'wrong' | 'old'

/** The headers that prove, for a minute, that who holds `key` made this request: HMAC over method, path, time and the body's hash. */
export function signRequest(key: Uint8Array, request: SignedRequest, now: Date): Record<string, string> {
  const time = String(Math.floor(now.getTime() / 1000))
  return { [TIME_HEADER]: time, [SIGNATURE_HEADER]: mac(key, request, time).toString('hex') }
}

/** Reads the two headers back. The signature is compared before its age, so that nothing about the clock is told to a stranger. */
export function checkSignature(
  key: Uint8Array,
  request: SignedRequest,
  headers: { readonly time: string | undefined; readonly signature: string | undefined },
  now: Date,
): SignatureVerdict {
  const { time, signature } = headers
  if (time === undefined || signature === undefined) return 'missing'
  if (!/^\d{1,12}$/.test(time) || !/^[0-9a-f]{64}$/.test(signature)) return 'wrong'
  if (!timingSafeEqual(mac(key, request, time), Buffer.from(signature, 'hex'))) return 'wrong'
  return Math.abs(now.getTime() / 1000 - Number(time)) <= SIGNATURE_SECONDS ? 'good' : 'old'
}

function mac(key: Uint8Array, request: SignedRequest, time: string): Buffer {
  const hash = createHash('sha256').update(request.body).digest('hex')
  return createHmac('sha256', key).update(`${request.method}\n${request.path}\n${time}\n${hash}`).digest()
}

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** The parameters that every call bears beside its business ones. */
export type CallParams = ReadonlyMap<string, string>

/** What is signed: these keys in this order, left out when absent. */
const SIGNED = ['access_token', 'appkey', 'method', 'param', 'signMethod', 'timestamp', 'version'] as const

/** The platform's signature of a call: lower-case hex for MD5, Base64 for HMAC_SHA256; null for another method. */
export function signatureOf(params: CallParams, signSecret: string): string | null {
  const pairs = SIGNED.flatMap((key) => (params.has(key) ? [`${key}=${params.get(key) ?? ''}`] : []))
  const text = [...pairs, `signSecret=${signSecret}`].join('&')
  const method = params.get('signMethod')
  if (method === 'MD5') return createHash('md5').update(text).digest('hex')
  return method === 'HMAC_SHA256' ? createHmac('sha256', signSecret).update(text).digest('base64') : null
}

/** Whether the call was signed with the secret. MD5 is compared without case, Base64 exactly (the platform's page shows both cases for MD5). */
export function isSigned(params: CallParams, signSecret: string): boolean {
  const right = signatureOf(params, signSecret)
  const came = params.get('sign')
  if (right === null || came === undefined) return false
  const given = params.get('signMethod') === 'MD5' ? came.toLowerCase() : came
  return given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right))
}

import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { refuse } from '../../../schema/refuse.js'
import type { KuaishouConfig } from './config.js'

/** The parameters of one call in either direction, without its `sign`. */
export type CallParams = Readonly<Record<string, string>>

/** Kuaishou, "API调用说明", signature: these keys, sorted, and the secret behind them. */
const SIGNED = ['access_token', 'appkey', 'method', 'param', 'signMethod', 'timestamp', 'version'] as const

/** How old a question may be that the platform asks us. */
const FRESH_MS = 10 * 60_000

/** The signature of a call: HMAC-SHA-256 in Base64, or MD5 in lower-case hex, as its `signMethod` says. */
export function sign(params: CallParams, signSecret: string): string {
  const given = new Map(Object.entries(params))
  const pairs = SIGNED.filter((key) => given.has(key)).map((key) => `${key}=${given.get(key) ?? ''}`)
  const text = [...pairs, `signSecret=${signSecret}`].join('&')
  return given.get('signMethod') === 'MD5'
    ? createHash('md5').update(text).digest('hex')
    : createHmac('sha256', signSecret).update(text).digest('base64')
}

/** Passes when the form was signed by the platform for our app, just now; gives its `param`. */
export function verifiedParam(body: Uint8Array, { appKey, signSecret }: KuaishouConfig, now: Date): string {
  const { sign: came = '', ...params } = Object.fromEntries(new URLSearchParams(Buffer.from(body).toString('utf8')))
  const methodKnown = params['signMethod'] === 'HMAC_SHA256' || params['signMethod'] === 'MD5'
  if (!methodKnown || !alike(came, sign(params, signSecret)) || params['appkey'] !== appKey)
    throw refuse('SIGNATURE_INVALID', 'the signature is not the platform’s')
  if (!(Math.abs(now.getTime() - Number(params['timestamp'])) < FRESH_MS))
    throw refuse('SIGNATURE_INVALID', 'the signature is too old')
  return params['param'] ?? ''
}

/** Kuaishou, "消息服务说明": Base64 of AES-CBC with a zero IV. Only the platform has the key: what opens to JSON was sent by it. */
export function openMessage(body: Uint8Array, messageKey: string): Uint8Array {
  try {
    const key = Buffer.from(messageKey, 'base64')
    const sealed = Buffer.from(Buffer.from(body).toString('latin1'), 'base64')
    const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(16))
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  } catch (cause) {
    throw refuse('SIGNATURE_INVALID', 'the message is not encrypted with our key', { cause })
  }
}

function alike(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

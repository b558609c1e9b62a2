import { createHmac } from 'node:crypto'
import { fields, text, type Fields } from '../../../platform/decode.js'
import { Failure } from '../../../platform/failure.js'
import { refuse } from '../../../schema/refuse.js'

/** A letter as it lies in its row: whom it is for, and what it says. */
export interface Letter {
  readonly partner: string
  readonly id: string
  readonly kind: string
  readonly at: string
  readonly facts: Fields
}

/** Reads a letter from its row. */
export function letterOf(value: unknown): Letter {
  const it = fields(value, 'letter')
  return {
    partner: text(it['partner'], 'letter.partner'),
    id: text(it['id'], 'letter.id'),
    kind: text(it['kind'], 'letter.kind'),
    at: text(it['at'], 'letter.at'),
    facts: fields(it['facts'], 'letter.facts'),
  }
}

/** What is sent: a partner sees no member and nothing of our own books. */
export function bodyOf({ id, kind, at, facts }: Letter): string {
  return JSON.stringify({ id, kind, at, ...facts })
}

/** A partner's secret, from our key, its name and a number that grows when it wants another one: nothing of it is stored. */
export function secretOf(key: Buffer, partner: string, version: number): string {
  return createHmac('sha256', key).update(`${partner} ${version}`).digest('base64url')
}

/** `v1=` and the HMAC-SHA-256, in hex, over the time in seconds, a dot and the bytes of the body. */
export function signatureOf(secret: string, seconds: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

/** An address that may be told: of a host that the shop allows, and encrypted unless it is this machine. */
export function tellable(address: string, hosts: readonly string[]): string {
  const wrong = (message: string): Failure => refuse('BAD_USER_INPUT', message, { details: { place: 'url' } })
  if (!URL.canParse(address) || address.length > 500) throw wrong('the url is none')
  const url = new URL(address)
  const isHere = url.hostname === '127.0.0.1' || url.hostname === 'localhost'
  if (url.protocol !== 'https:' && !(isHere && url.protocol === 'http:')) throw wrong('the url must be https')
  if (url.username !== '' || url.password !== '' || url.hash !== '') throw wrong('the url bears more than an address')
  if (!hosts.includes(url.hostname)) throw wrong('this host is not one that the shop calls; ask its operators')
  return url.href
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import { list, maybe, misread, oneOf, text, whole } from '../../../platform/decode.js'
import { readNetwork } from '../../../platform/http/networks.js'
import { PARTNER_SCOPES, type PartnerScope } from '../../../schema/identity.js'
import type { Quota } from './domain/allowance.js'

/** What a credential may do, how often, and from where. */
export interface CredentialLimits extends Quota {
  readonly scopes: readonly PartnerScope[]
  /** None: from anywhere. */
  readonly networks: readonly string[]
}

const MOST = { perMinute: 100_000, perDay: 100_000_000, networks: 50 } as const

/** Reads limits as a person words them; what is left out stays as `standard` has it. */
export function readLimits(
  input: {
    readonly scopes?: unknown
    readonly perMinute?: unknown
    readonly perDay?: unknown
    readonly networks?: unknown
  },
  standard: CredentialLimits,
): CredentialLimits {
  const scope = (value: unknown, place: string): PartnerScope => oneOf(value, place, PARTNER_SCOPES)
  const scopes = maybe(input.scopes, 'scopes', (value, place) => list(value, place, scope, { most: 20 }))
  const networks = maybe(input.networks, 'networks', (value, place) =>
    list(value, place, network, { most: MOST.networks }),
  )
  return {
    scopes: scopes === null ? standard.scopes : PARTNER_SCOPES.filter((one) => scopes.includes(one)),
    perMinute: maybe(input.perMinute, 'perMinute', count(MOST.perMinute)) ?? standard.perMinute,
    perDay: maybe(input.perDay, 'perDay', count(MOST.perDay)) ?? standard.perDay,
    networks: networks ?? standard.networks,
  }
}

/** What a credential may do of which nothing else was said. */
export const STANDARD: CredentialLimits = { scopes: PARTNER_SCOPES, perMinute: 600, perDay: 100_000, networks: [] }

/** What is kept of a secret. It is 32 bytes of chance, which nobody finds by trying: a keyed hash does, and a slow one would only be slow. */
export function secretHash(key: Buffer, secret: string): string {
  return createHmac('sha256', key).update(`credential ${secret}`).digest('base64url')
}

/** Whether a secret is one of those that these hashes are of; it takes the same time for each wrong one. */
export function isOneOf(hash: string, hashes: readonly string[]): boolean {
  const given = Buffer.from(hash)
  return hashes.filter((one) => one.length === hash.length && timingSafeEqual(Buffer.from(one), given)).length > 0
}

function network(value: unknown, place: string): string {
  const written = text(value, place, { most: 60 })
  if (readNetwork(written) !== null) return written
  throw misread(place, 'an address or a network like 10.1.0.0/16 or 2001:db8::/32', value)
}

function count(most: number): (value: unknown, place: string) => number {
  return (value, place) => whole(value, place, { least: 1, most })
}

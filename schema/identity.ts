import { fields, list, maybe, oneOf, text, whole, type Fields } from '../platform/decode.js'
import { Failure } from '../platform/failure.js'
import { refuse } from './refuse.js'
import { idOf } from './ids.js'

/** What a bearer may do. `partner` is a partner's server; `platform-operator` runs the installation itself. */
export const ROLES = [
  'member',
  'host',
  'operator',
  'merchant',
  'campaign-manager',
  'influencer',
  'partner',
  'platform-operator',
] as const
export type Role = (typeof ROLES)[number]

/** What a partner's credential may be given; each opens some fields of the Partner API (docs/partners.md). */
export const PARTNER_SCOPES = ['catalog', 'quote', 'order', 'after-sales', 'events', 'statement'] as const
export type PartnerScope = (typeof PARTNER_SCOPES)[number]

/** What a partner's token was exchanged for: it asks no more than that was given, and from nowhere else. */
export interface Credential {
  readonly id: string
  /** Networks that it is used from, like `10.1.0.0/16`; none: from anywhere. */
  readonly networks: readonly string[]
}

/** Who asks. An anonymous visitor has no member, no partner and no roles. Shared as it is by gateway and subgraphs. */
export interface Identity {
  /** A `Member:…` id. */
  readonly member: string | null
  /** The partner's short name, as in its folder's name (`kuaishou`). */
  readonly partner: string | null
  readonly roles: readonly Role[]
  /** Scopes for `@requiresScopes`. */
  readonly scopes: readonly string[]
  /** Seconds since 1970; null for the anonymous. */
  readonly expiresAt: number | null
  /** Absent in tokens that the shop signed itself, which are not bounded by scopes of the Partner API. */
  readonly credential?: Credential
  /** All that a foreign issuer's token says, for `@policy`. */
  readonly claims?: Readonly<Record<string, unknown>>
}

export const ANONYMOUS: Identity = { member: null, partner: null, roles: [], scopes: [], expiresAt: null }

/** Reads the claims of a verified token: `sub` (member), `partner`, `roles`, `scope` (words), `exp`, and of a credential `client_id`, `networks`. */
export function identity(claims: unknown): Identity {
  try {
    return readClaims(claims)
  } catch (cause) {
    // A token of ours that says what no token says is a wrong token, and not a wrong argument.
    if (cause instanceof Failure) throw refuse('UNAUTHENTICATED', cause.message)
    throw cause
  }
}

/**
 * Reads a token of somebody else's issuer: scopes from `scope` or `scp`, and of `sub` and `roles` what has our form. The whole of it is
 * kept, for `@policy`.
 */
export function foreignIdentity(claims: unknown): Identity {
  const it = fields(claims, 'token')
  const roles: readonly unknown[] = Array.isArray(it['roles']) ? it['roles'] : []
  return {
    member: tried(() => idOf('Member')(it['sub'], 'token.sub')),
    partner: null,
    roles: ROLES.filter((role) => roles.includes(role)),
    scopes: wordsOf(it['scope'] ?? it['scp']),
    expiresAt: maybe(it['exp'], 'token.exp', whole),
    claims: it,
  }
}

function wordsOf(value: unknown): readonly string[] {
  const words: readonly unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(' ') : []
  return words.filter((word) => typeof word === 'string').filter((word) => word !== '')
}

function tried<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

function readClaims(claims: unknown): Identity {
  const it = fields(claims, 'token')
  return {
    member: maybe(it['sub'], 'token.sub', idOf('Member')),
    partner: maybe(it['partner'], 'token.partner', (value, place) => text(value, place, { most: 40 })),
    roles:
      maybe(it['roles'], 'token.roles', (value, place) =>
        list(value, place, (role, at) => oneOf(role, at, ROLES), { most: 20 }),
      ) ?? [],
    scopes: (maybe(it['scope'], 'token.scope', (value, place) => text(value, place, { least: 0, most: 2000 })) ?? '')
      .split(' ')
      .filter((word) => word !== ''),
    expiresAt: maybe(it['exp'], 'token.exp', whole),
    ...credentialIn(it),
  }
}

function credentialIn(it: Fields): { readonly credential?: Credential } {
  const id = maybe(it['client_id'], 'token.client_id', (value, place) => text(value, place, { most: 100 }))
  if (id === null) return {}
  const network = (value: unknown, place: string): string => text(value, place, { most: 60 })
  return { credential: { id, networks: list(it['networks'], 'token.networks', network, { most: 100 }) } }
}

/** The member who asks; refuses the anonymous. */
export function memberOf(who: Identity): string {
  if (who.member === null) throw refuse('UNAUTHENTICATED', 'this needs the token of a member')
  return who.member
}

/** Passes when who asks has one of the roles. */
export function needRole(who: Identity, ...roles: readonly Role[]): void {
  if (roles.some((role) => who.roles.includes(role))) return
  if (who.expiresAt === null) throw refuse('UNAUTHENTICATED', `this needs a token with the role ${roles.join(' or ')}`)
  throw refuse('FORBIDDEN', `this needs the role ${roles.join(' or ')}`)
}

/** The partner who asks; the role alone is not enough, the token must name it. */
export function partnerOf(who: Identity): string {
  needRole(who, 'partner')
  if (who.partner === null) throw refuse('FORBIDDEN', 'the token names no partner')
  return who.partner
}

/** The partner who asks for something that one of these scopes opens. */
export function partnerWith(who: Identity, ...scopes: readonly PartnerScope[]): string {
  const partner = partnerOf(who)
  if (!holdsScope(who, ...scopes)) throw refuse('FORBIDDEN', `this needs the scope ${scopes.join(' or ')}`)
  return partner
}

/** Whether one of these scopes is given to who asks; whoever holds a token of the shop's own has them all. */
export function holdsScope(who: Identity, ...scopes: readonly PartnerScope[]): boolean {
  return who.credential === undefined || scopes.some((scope) => who.scopes.includes(scope))
}

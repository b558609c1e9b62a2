import { fields, list, maybe, oneOf, text, whole } from '../platform/decode.js'
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
}

export const ANONYMOUS: Identity = { member: null, partner: null, roles: [], scopes: [], expiresAt: null }

/** Reads the claims of a verified token: `sub` (member), `partner`, `roles`, `scope` (words), `exp`. */
export function identity(claims: unknown): Identity {
  try {
    return readClaims(claims)
  } catch (cause) {
    // A token of ours that says what no token says is a wrong token, and not a wrong argument.
    if (cause instanceof Failure) throw refuse('UNAUTHENTICATED', cause.message)
    throw cause
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
  }
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

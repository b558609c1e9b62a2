import type { Identity } from '../../schema/identity.js'
import type { AccessRequirement } from '../supergraph/access-rules.js'

/** Whether somebody has what a requirement asks for. */
export type Grants = (requirement: AccessRequirement, who: Identity) => boolean

/** Decides on one policy by its name, at once. */
export type PolicyHook = (policy: string, who: Identity) => boolean

/**
 * What a verified token says is compared with what is required; a policy is granted by the hook, or when one of the things that its
 * setting names holds: `role:operator`, `scope:read`, `partner:kuaishou`, `claim:region=eu`. A policy that nobody knows is denied.
 */
export function grantsBy(policies: Readonly<Record<string, readonly string[]>>, hook: PolicyHook | null): Grants {
  const known = new Map(Object.entries(policies))
  const holds = (policy: string, who: Identity): boolean =>
    hook?.(policy, who) === true || (known.get(policy)?.some((one) => has(one, who)) ?? false)
  return (requirement, who) => {
    switch (requirement.kind) {
      case 'authenticated':
        return isSomebody(who)
      case 'scopes':
        return requirement.any.some((all) => all.every((scope) => who.scopes.includes(scope)))
      case 'policies':
        return requirement.any.some((all) => all.every((policy) => holds(policy, who)))
    }
  }
}

/** An anonymous visitor bears nothing at all; every verified token has at least an end. */
function isSomebody({ member, partner, roles, scopes, expiresAt }: Identity): boolean {
  return member !== null || partner !== null || expiresAt !== null || roles.length > 0 || scopes.length > 0
}

/** The form of a policy's setting. */
export const POLICY_FORM = /^(role|scope|partner|claim):(.+)$/

function has(condition: string, who: Identity): boolean {
  const [, kind, value = ''] = POLICY_FORM.exec(condition) ?? []
  if (kind === 'role') return who.roles.some((role) => role === value)
  if (kind === 'scope') return who.scopes.includes(value)
  if (kind === 'partner') return who.partner === value
  return kind === 'claim' && claims(value, who)
}

/** `region=eu`: the claim is that text, or a list that has it; without a value it must be true. */
function claims(condition: string, who: Identity): boolean {
  const [, name = '', , value] = /^([^=]+)(=(.*))?$/.exec(condition) ?? []
  const claim = who.claims !== undefined && Object.hasOwn(who.claims, name) ? who.claims[name] : undefined
  if (value === undefined) return claim === true
  return Array.isArray(claim) ? claim.includes(value) : claim === value
}

import { Kind, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'
import { fields, list, whole } from '../../platform/decode.js'
import { Failure } from '../../platform/failure.js'
import type { Observer } from '../../platform/observe/observer.js'
import type { Clock } from '../../platform/time/clock.js'
import type { FetchContext, Subgraphs } from '../fetch/ask-subgraph.js'

/** Where the quotas of credentials are counted. */
export interface QuotaSettings {
  /** The subgraph that `drawPartnerAllowance` is a mutation of; empty: tokens of credentials are not served here. */
  readonly subgraph: string
}

/** Lets operations of credentials in as far as their quotas go; whoever holds another token is not counted. */
export interface Allowance {
  /** Null for an operation that may go on; at once where that is known, or where nothing is counted. */
  take(context: FetchContext, document: DocumentNode, operation: OperationDefinitionNode | null | undefined): Taken
}

export type Taken = Failure | null | Promise<Failure | null>

/** What it is made of. */
export interface AllowanceParts {
  readonly subgraphs: Pick<Subgraphs, 'ask'>
  readonly clock: Clock
  readonly observer: Observer
}

/** How long drawn operations are kept, and a refusal believed: a credential that was revoked is served no longer. */
const LEASE_MS = 5_000
const MOST_CREDENTIALS = 10_000
const DRAW = `mutation Draw($count: Int!, $unused: Int!, $minute: SafeInt!) { drawPartnerAllowance(count: $count, unused: $unused, minute: $minute) }`

/** What this process has drawn for a credential. */
interface Lease {
  left: number
  minute: number
  /** By the monotonic clock; until then `left` may be used, or `refused` holds. */
  until: number
  refused: Failure | null
  drawing: Promise<Failure | null> | null
}

/**
 * Operations are drawn in blocks from where they are counted for all gateways, so that several of them never pass a quota together, a
 * restart forgets nothing, and it is not asked for each operation. Each root field counts, whatever it is called: aliases are no way around.
 */
export function allowance({ subgraph }: QuotaSettings, { subgraphs, clock, observer }: AllowanceParts): Allowance {
  const leases = new Map<string, Lease>()

  function leaseOf(id: string): Lease {
    const known = leases.get(id)
    if (known !== undefined) return known
    const fresh: Lease = { left: 0, minute: 0, until: 0, refused: null, drawing: null }
    leases.set(id, fresh)
    const [oldest] = leases.keys()
    if (leases.size > MOST_CREDENTIALS && oldest !== undefined) {
      leases.delete(oldest)
      observer.count('edge.allowance_forgotten')
    }
    return fresh
  }

  /** Undefined when it has to be asked for. */
  function known(lease: Lease, count: number): Failure | null | undefined {
    if (lease.until <= clock.monotonicMs()) return undefined
    if (lease.refused !== null) return lease.refused
    if (lease.left < count) return undefined
    lease.left -= count
    return null
  }

  /** Whoever comes meanwhile waits for the same drawing, and draws again when too little of it is left. */
  async function drawn(lease: Lease, count: number, context: FetchContext): Promise<Failure | null> {
    for (;;) {
      lease.drawing ??= draw(lease, count, context).finally(() => (lease.drawing = null))
      const failed = await lease.drawing
      if (failed !== null) return failed
      const verdict = known(lease, count)
      if (verdict !== undefined) return verdict
    }
  }

  /** Gives a failure that says nothing of the quota: then nobody is let in, and the next asks again. */
  async function draw(lease: Lease, count: number, context: FetchContext): Promise<Failure | null> {
    const variables = { count, unused: lease.left, minute: lease.minute }
    lease.left = 0
    const question = { subgraph, query: DRAW, operationName: 'Draw', variables, kind: 'mutation' as const }
    const { who, authorization, requestId } = context
    const own = { who, authorization, requestId, signal: null } // others wait for it when this client has left
    try {
      const [granted = 0, retryAfterSeconds = 1, minute = 0] = granting(
        await subgraphs.ask({ ...question, context: own }),
      )
      observer.count('edge.allowance_drawn')
      Object.assign(lease, { left: granted, minute, until: clock.monotonicMs() + LEASE_MS })
      lease.refused = granted < count ? exceeded(retryAfterSeconds) : null
      if (granted < count) lease.until = clock.monotonicMs() + Math.min(LEASE_MS, retryAfterSeconds * 1000)
      return null
    } catch (error) {
      if (error instanceof Failure && error.code === 'UNAUTHENTICATED') return error
      observer.log('warn', 'a quota could not be asked for', { error })
      return new Failure('BUSY', 'the quota of the credential cannot be looked up now; try again')
    }
  }

  return {
    take(context, document, operation) {
      const { credential } = context.who
      if (credential === undefined || !operation) return null
      if (subgraph === '') return new Failure('FORBIDDEN', 'tokens of credentials are not served here')
      const count = rootFields(document, operation)
      const lease = leaseOf(credential.id)
      const verdict = known(lease, count)
      const taken = verdict === undefined ? drawn(lease, count, context) : verdict
      if (taken instanceof Failure) observer.count('edge.allowance_refused')
      return taken
    },
  }
}

function exceeded(retryAfterSeconds: number): Failure {
  const message = 'the quota is used up; try again after the seconds named'
  return new Failure('QUOTA_EXCEEDED', message, { details: { retryAfterSeconds } })
}

/** Reads what the subgraph said; a refusal keeps its code. */
function granting({ data, errors }: { readonly data?: unknown; readonly errors?: unknown }): readonly number[] {
  if (Array.isArray(errors) && errors.length > 0) {
    const extensions = fields(fields(errors[0], 'errors[0]')['extensions'] ?? {}, 'extensions')
    if (extensions['code'] === 'UNAUTHENTICATED') throw new Failure('UNAUTHENTICATED', 'the credential was revoked')
    throw new Failure('BUSY', 'the drawing was refused')
  }
  return list(fields(data, 'data')['drawPartnerAllowance'], 'drawPartnerAllowance', whole)
}

/** Root fields, those of fragments put in; at least one. */
function rootFields(document: DocumentNode, { selectionSet }: OperationDefinitionNode): number {
  const counted = new Map<string, number>()
  const sets = new Map<string, SelectionSetNode>()
  for (const one of document.definitions)
    if (one.kind === Kind.FRAGMENT_DEFINITION) sets.set(one.name.value, one.selectionSet)
  const ofFragment = (name: string): number => {
    const there = counted.get(name)
    if (there !== undefined) return there
    counted.set(name, 0) // a fragment that spreads itself is never valid
    const set = sets.get(name)
    const count = set === undefined ? 0 : ofSet(set)
    counted.set(name, count)
    return count
  }
  const ofSet = (set: SelectionSetNode): number =>
    set.selections.reduce((sum, one) => {
      if (one.kind === Kind.FIELD) return sum + 1
      return sum + (one.kind === Kind.FRAGMENT_SPREAD ? ofFragment(one.name.value) : ofSet(one.selectionSet))
    }, 0)
  return Math.min(MOST_ROOTS, Math.max(1, ofSet(selectionSet)))
}

/** More than any limit lets through. */
const MOST_ROOTS = 100_000

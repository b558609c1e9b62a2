import { Failure } from '../../platform/failure.js'

/** A charge is pending until the buyer's bank has decided. */
export type ChargeState = 'pending' | 'succeeded' | 'declined'

/** A charge as the sandbox keeps and tells it. */
export interface Charge {
  readonly id: string
  readonly key: string
  readonly amountMinor: number
  readonly currency: string
  readonly method: string
  readonly state: ChargeState
  readonly refundedMinor: number
}

/** Money given back. */
export interface Refund {
  readonly id: string
  readonly key: string
  readonly charge: string
  readonly amountMinor: number
}

/** All that the sandbox knows. Keys are idempotency keys. */
export interface Ledger {
  readonly charges: Map<string, Charge>
  readonly refunds: Map<string, Refund>
}

export interface NewCharge {
  readonly key: string
  readonly amountMinor: number
  readonly currency: string
  readonly method: string
}

/** The charge under the key, made if there is none; the same key with another body is a conflict. */
export function charge(ledger: Ledger, asked: NewCharge): { readonly charge: Charge; readonly isNew: boolean } {
  const known = ledger.charges.get(asked.key)
  if (known === undefined) {
    const made: Charge = { ...asked, id: `ch_${ledger.charges.size + 1}`, state: 'pending', refundedMinor: 0 }
    ledger.charges.set(asked.key, made)
    return { charge: made, isNew: true }
  }
  const same = known.amountMinor === asked.amountMinor && known.currency === asked.currency
  if (!same || known.method !== asked.method) throw otherBody()
  return { charge: known, isNew: false }
}

/** The bank decides: whatever is paid with a method that ends in `declined` is refused. */
export function decide(ledger: Ledger, key: string): Charge | null {
  const known = ledger.charges.get(key)
  if (known?.state !== 'pending') return known ?? null
  const decided: Charge = { ...known, state: known.method.endsWith('declined') ? 'declined' : 'succeeded' }
  ledger.charges.set(key, decided)
  return decided
}

export function findCharge(ledger: Ledger, id: string): Charge {
  for (const known of ledger.charges.values()) if (known.id === id) return known
  throw new Failure('NOT_FOUND', `no charge ${id}`)
}

/** The refund under the key, made if there is none; never more than was paid. */
export function refund(ledger: Ledger, asked: Omit<Refund, 'id'>): Refund {
  const known = ledger.refunds.get(asked.key)
  if (known !== undefined) {
    if (known.charge !== asked.charge || known.amountMinor !== asked.amountMinor) throw otherBody()
    return known
  }
  const paid = findCharge(ledger, asked.charge)
  if (paid.state !== 'succeeded') throw new Failure('CONFLICT', `the charge is ${paid.state}`)
  if (paid.refundedMinor + asked.amountMinor > paid.amountMinor) throw new Failure('CONFLICT', 'more than was paid')
  const made: Refund = { ...asked, id: `re_${ledger.refunds.size + 1}` }
  ledger.refunds.set(asked.key, made)
  ledger.charges.set(paid.key, { ...paid, refundedMinor: paid.refundedMinor + asked.amountMinor })
  return made
}

function otherBody(): Failure {
  return new Failure('CONFLICT', 'this idempotency key was used before with another body')
}

import type { Money } from '../../../schema/money.js'

/** What became of a charge, as its provider tells. */
export type ChargeState = 'PENDING' | 'SUCCEEDED' | 'DECLINED'

/** A charge at the provider. */
export interface Charge {
  /** The provider's own name of it. */
  readonly charge: string
  /** The idempotency key that it was asked for with: the id of our payment. */
  readonly key: string
  readonly state: ChargeState
  readonly amount: Money
}

/** What is asked of the provider; with the same key it is done once, however often it is asked. */
export interface ChargeRequest {
  readonly key: string
  readonly amount: Money
  readonly method: string
}
export interface RefundRequest {
  readonly key: string
  readonly charge: string
  readonly amount: Money
}

/** A hint that a charge was decided. What counts is what `find` then tells. */
export interface PaymentNotice {
  readonly charge: string
  /** The id of our payment. */
  readonly key: string
}

/** Takes and gives back money. Throws `PARTNER_UNAVAILABLE` when nothing is known: then the same may be asked again. */
export interface PaymentProvider {
  charge(request: ChargeRequest): Promise<Charge>
  find(charge: string): Promise<Charge | null>
  refund(request: RefundRequest): Promise<void>
  /** bytes of a webhook -> verified -> what it is about; `SIGNATURE_INVALID` when the provider did not send them just now. */
  readNotice(headers: ReadonlyMap<string, string>, body: Uint8Array): PaymentNotice
}

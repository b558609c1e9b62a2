import { bodyHash } from '../../../platform/db/once.js'
import type { Failure } from '../../../platform/failure.js'
import type { Identity } from '../../../schema/identity.js'
import type { AskedLine, Asker } from '../domain/draft.js'
import type { QueueTicket } from '../domain/queue.js'

/** Who buys: a member for itself, or a partner for one of its buyers; exactly one of them is set. */
export interface Buyer {
  readonly member: string | null
  readonly partner: string | null
}

/** An order as it is asked for. */
export interface PlaceRequest {
  readonly buyer: Buyer
  readonly idempotencyKey: string
  /** The partner's own number; null for a member's order. */
  readonly partnerOrder: string | null
  readonly lines: readonly AskedLine[]
  /** `Coupon:…` ids laid on the order. */
  readonly coupons?: readonly string[]
  /** Places in the lines before its sales. No part of what makes it the same request: a ticket may be renewed. */
  readonly tickets?: readonly QueueTicket[]
  readonly addressId: string | null
  /** Where it goes, two to six digits of the national list: it decides which warehouse it leaves, and whether it can go there. */
  readonly region?: string | null
  /** A partner's address: sealed, Base64, and what it is known again by. */
  readonly address: { readonly sealed: string; readonly hash: string } | null
  readonly expectedTotalMinor: number | null
}

/** What placing came to, as it is kept for whoever asks again. */
export type Placing =
  { readonly order: string } | { readonly code: string; readonly message: string; readonly details: Failure['details'] }

/** Whose an idempotency key or a limit is. */
export function ownerOf({ member, partner }: Buyer): string {
  return member ?? `partner:${partner ?? ''}`
}

/** Whose an idempotency key is when somebody acts on an order that may be another's. */
export function askerOf(who: Identity): string {
  return who.member ?? `partner:${who.partner ?? ''}`
}

/** What makes two requests the same one, whatever key they bear. A partner's address is no part of it: it may come later, or change. */
export function requestHash(request: PlaceRequest): string {
  const { partnerOrder, lines, coupons, addressId, region, expectedTotalMinor } = request
  const body = { partnerOrder, lines, addressId, expectedTotalMinor }
  const where = partnerOrder !== null || (region ?? null) === null ? body : { ...body, region }
  return bodyHash(coupons === undefined || coupons.length === 0 ? where : { ...where, coupons })
}

/** For whom the lines are priced. */
export function askerIn({ buyer, coupons }: PlaceRequest): Asker {
  return { ...buyer, coupons: coupons ?? [] }
}

/** The idempotency key as it is kept; with another address a partner's request is looked at again. */
export function keptKey({ idempotencyKey, address }: PlaceRequest): string {
  return address === null ? `place ${idempotencyKey}` : `place ${idempotencyKey} to ${address.hash}`
}

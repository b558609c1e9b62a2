import { refuse } from '../../../schema/refuse.js'
import { ALL_BP, borneBySeller, type OfferKind, type Reduction, type Share } from './offers.js'

/** What is asked for when an offer or an issue of coupons is opened. */
export interface OfferAsked {
  readonly kind: OfferKind
  readonly seller: string | null
  readonly partner: string | null
  readonly reduction: Reduction
  /** Null: whoever usually bears this kind. */
  readonly shares: readonly Share[] | null
}

/** Who bears an offer; refuses shares that are not the whole, and bearers who have nothing to do with it. */
export function sharesOf(asked: OfferAsked): readonly Share[] {
  const shares = asked.shares ?? usual(asked)
  const sum = shares.reduce((all, { shareBp }) => all + shareBp, 0)
  if (sum !== ALL_BP) throw wrong('shares', `shares of ${ALL_BP} together, got ${sum}`)
  if (new Set(shares.map(({ bearer }) => bearer)).size !== shares.length) throw wrong('shares', 'each bearer once')
  const known = ['platform', ...bearers(asked)]
  for (const { bearer } of shares)
    if (!known.includes(bearer)) throw wrong('shares', `one of ${known.join(', ')}, got ${bearer.slice(0, 60)}`)
  return shares
}

/** Refuses a reduction that this kind cannot have: a member price names a price, a rate is a part of the whole. */
export function checkReduction({ kind, reduction, partner }: OfferAsked): void {
  if (kind === 'PLUS' && reduction.form !== 'TO') throw wrong('reduction', 'a price: a PLUS price names one')
  if (kind.endsWith('COUPON') && reduction.form === 'TO') throw wrong('reduction', 'an amount or a rate')
  if (reduction.form === 'RATE' && (reduction.bp < 1 || reduction.bp >= ALL_BP))
    throw wrong('reduction', `a rate from 1 to ${ALL_BP - 1}, got ${reduction.bp}`)
  if ((kind === 'PARTNER_SUBSIDY') !== (partner !== null))
    throw wrong('partner', 'a partner for a subsidy of a partner, and for nothing else')
}

/** Whether the seller bears all of it. */
export function isBorneBySeller(shares: readonly Share[]): boolean {
  return shares.every(({ bearer }) => bearer.startsWith('seller:'))
}

function usual({ kind, seller, partner }: OfferAsked): readonly Share[] {
  if (kind === 'PARTNER_SUBSIDY') return [{ bearer: `partner:${partner ?? ''}`, shareBp: ALL_BP }]
  if (kind === 'PLATFORM_SUBSIDY' || kind === 'PLATFORM_COUPON') return [{ bearer: 'platform', shareBp: ALL_BP }]
  return borneBySeller(seller ?? '')
}

function bearers({ seller, partner }: OfferAsked): readonly string[] {
  return [...(seller === null ? [] : [`seller:${seller}`]), ...(partner === null ? [] : [`partner:${partner}`])]
}

function wrong(place: string, expected: string): Error {
  return refuse('BAD_USER_INPUT', `${place} must be ${expected}`, { details: { place } })
}

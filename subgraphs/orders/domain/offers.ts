/** What can lower a price, in the order in which it is applied. */
export const OFFER_KINDS = [
  'PLUS',
  'ROOM',
  'FLASH_SALE',
  'PLATFORM_SUBSIDY',
  'PARTNER_SUBSIDY',
  'PRE_SALE',
  'SELLER_COUPON',
  'PLATFORM_COUPON',
] as const
export type OfferKind = (typeof OFFER_KINDS)[number]

/** Offers that name a price, of which one holds; the rest lowers what is there. */
export const PRICE_KINDS = ['PLUS', 'ROOM', 'FLASH_SALE'] as const satisfies readonly OfferKind[]
/** Offers of a piece that lower whatever price holds, one of each kind; the last is what a deposit counts for beyond itself. */
export const SUBSIDY_KINDS = ['PLATFORM_SUBSIDY', 'PARTNER_SUBSIDY', 'PRE_SALE'] as const satisfies readonly OfferKind[]
/** Offers of a whole order, one of each kind and seller. */
export const COUPON_KINDS = ['SELLER_COUPON', 'PLATFORM_COUPON'] as const satisfies readonly OfferKind[]
export type CouponKind = (typeof COUPON_KINDS)[number]

/** Which offers may stand on one another. Two of one kind never do, and what a pair may the other way round it may too. */
export const MAY_STACK: Readonly<Record<OfferKind, readonly OfferKind[]>> = {
  PLUS: ['PLATFORM_SUBSIDY', 'PARTNER_SUBSIDY', 'PRE_SALE', 'SELLER_COUPON', 'PLATFORM_COUPON'],
  ROOM: ['PLATFORM_SUBSIDY', 'PARTNER_SUBSIDY', 'PRE_SALE', 'SELLER_COUPON', 'PLATFORM_COUPON'],
  FLASH_SALE: [],
  PLATFORM_SUBSIDY: ['PLUS', 'ROOM', 'PARTNER_SUBSIDY', 'PRE_SALE', 'SELLER_COUPON', 'PLATFORM_COUPON'],
  PARTNER_SUBSIDY: ['PLUS', 'ROOM', 'PLATFORM_SUBSIDY', 'PRE_SALE', 'SELLER_COUPON', 'PLATFORM_COUPON'],
  PRE_SALE: ['PLUS', 'ROOM', 'PLATFORM_SUBSIDY', 'PARTNER_SUBSIDY', 'SELLER_COUPON', 'PLATFORM_COUPON'],
  SELLER_COUPON: ['PLUS', 'ROOM', 'PLATFORM_SUBSIDY', 'PARTNER_SUBSIDY', 'PRE_SALE', 'PLATFORM_COUPON'],
  PLATFORM_COUPON: ['PLUS', 'ROOM', 'PLATFORM_SUBSIDY', 'PARTNER_SUBSIDY', 'PRE_SALE', 'SELLER_COUPON'],
}

/** By how much an offer lowers: to a price, by an amount, or by hundredths of a percent. */
export type Reduction =
  | { readonly form: 'TO'; readonly minor: number }
  | { readonly form: 'BY'; readonly minor: number }
  | { readonly form: 'RATE'; readonly bp: number }

/** Who bears how much of a reduction; the shares of an offer are 10,000 together. */
export interface Share {
  /** Like `seller:shop`, `platform` or `partner:kuaishou`. */
  readonly bearer: string
  readonly shareBp: number
}
export const ALL_BP = 10_000

/** An offer for one piece. */
export interface Offer {
  /** What it is known by among its kind. */
  readonly id: string
  readonly kind: OfferKind
  readonly label: string
  readonly currency: string
  readonly reduction: Reduction
  readonly shares: readonly Share[]
  /** The `SubsidySession:…` whose budget pays for it; without one it has no limit. */
  readonly session?: string | null
  /** Why it does not apply to whoever asks; null when it does. */
  readonly barred: string | null
}

/** Whether an offer of this kind may stand beside those. */
export function stacksOn(kind: OfferKind, others: readonly OfferKind[]): boolean {
  return others.every((other) => MAY_STACK[kind].includes(other))
}

/** What is left of a price; never more than before, never less than nothing. */
export function reduced(priceMinor: number, reduction: Reduction): number {
  switch (reduction.form) {
    case 'TO':
      return Math.min(priceMinor, reduction.minor)
    case 'BY':
      return Math.max(0, priceMinor - reduction.minor)
    case 'RATE':
      return priceMinor - Number((BigInt(priceMinor) * BigInt(reduction.bp)) / BigInt(ALL_BP))
  }
}

/** By kind, then by id: whoever hands offers in another order gets the same price. */
export function inOrder<Some extends Pick<Offer, 'kind' | 'id'>>(offers: readonly Some[]): readonly Some[] {
  return offers.toSorted((one, other) => {
    const kinds = OFFER_KINDS.indexOf(one.kind) - OFFER_KINDS.indexOf(other.kind)
    return kinds !== 0 ? kinds : one.id < other.id ? -1 : one.id > other.id ? 1 : 0
  })
}

/** What a seller alone bears. */
export function borneBySeller(seller: string): readonly Share[] {
  return [{ bearer: `seller:${seller}`, shareBp: ALL_BP }]
}

/** A price that a room names for its viewers. */
export function roomOffer(seller: string, price: { readonly amountMinor: number; readonly currency: string }): Offer {
  return priceOffer('ROOM', 'room price', { seller, price })
}

/** The price of a flash sale. */
export function saleOffer(seller: string, price: { readonly amountMinor: number; readonly currency: string }): Offer {
  return priceOffer('FLASH_SALE', 'flash sale price', { seller, price })
}

/** What a deposit counts for beyond itself. */
export function depositBonus({
  depositMinor,
  countsMinor,
  shares,
  currency,
}: {
  readonly depositMinor: number
  readonly countsMinor: number
  readonly shares: readonly Share[]
  readonly currency: string
}): Offer {
  const label = `deposit of ${depositMinor} counts as ${countsMinor}`
  const reduction = { form: 'BY' as const, minor: countsMinor - depositMinor }
  return { id: '', kind: 'PRE_SALE', label, currency, reduction, shares, barred: null }
}

function priceOffer(
  kind: OfferKind,
  label: string,
  { seller, price }: { seller: string; price: { readonly amountMinor: number; readonly currency: string } },
): Offer {
  const reduction = { form: 'TO' as const, minor: price.amountMinor }
  return { id: '', kind, label, currency: price.currency, reduction, shares: borneBySeller(seller), barred: null }
}

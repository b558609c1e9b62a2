import { registerEnumType } from 'type-graphql'

/** Offers that are stored by themselves; rooms and flash sales have prices of their own. */
export const StoredOfferKindType = {
  PLUS: 'PLUS',
  PLATFORM_SUBSIDY: 'PLATFORM_SUBSIDY',
  PARTNER_SUBSIDY: 'PARTNER_SUBSIDY',
} as const
registerEnumType(StoredOfferKindType, {
  name: 'StoredOfferKind',
  description: 'An offer that can be opened by itself.',
  valuesConfig: {
    PLUS: { description: 'A price for PLUS members.' },
    PLATFORM_SUBSIDY: { description: 'A reduction that the platform bears, or bears a part of.' },
    PARTNER_SUBSIDY: { description: "A reduction inside a partner's app that the partner bears, or bears a part of." },
  },
})

/** Kinds of coupons. */
export const CouponKindType = { SELLER_COUPON: 'SELLER_COUPON', PLATFORM_COUPON: 'PLATFORM_COUPON' } as const
registerEnumType(CouponKindType, {
  name: 'CouponKind',
  description: 'A kind of coupon.',
  valuesConfig: {
    SELLER_COUPON: { description: 'For the goods of one seller.' },
    PLATFORM_COUPON: { description: 'For the goods of all sellers.' },
  },
})

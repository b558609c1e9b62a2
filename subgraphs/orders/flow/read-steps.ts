import { fields, list, maybe, oneOf, text, whole } from '../../../platform/decode.js'
import type { CouponPart } from '../domain/coupons.js'
import { COUPON_KINDS } from '../domain/offers.js'
import { STEP_KINDS, type PriceStep } from '../domain/quote.js'

/** How a line's price came about, as it was written when it was ordered. */
export interface WrittenSteps {
  readonly currency: string
  readonly steps: readonly PriceStep[]
  readonly coupons: readonly CouponPart[]
}

/** Reads the steps of a line; lines from before there were coupons have none. */
export function readSteps(value: unknown): WrittenSteps {
  const written = fields(value, 'steps')
  return {
    currency: text(written['currency'], 'steps.currency'),
    steps: list(written['steps'], 'steps', priceStep),
    coupons: list(written['coupons'] ?? [], 'steps.coupons', couponPart),
  }
}

function priceStep(value: unknown, place: string): PriceStep {
  const it = fields(value, place)
  return {
    kind: oneOf(it['kind'], `${place}.kind`, STEP_KINDS),
    label: text(it['label'], `${place}.label`),
    offeredMinor: whole(it['offeredMinor'], `${place}.offeredMinor`),
    changeMinor: whole(it['changeMinor'], `${place}.changeMinor`),
    bearer: maybe(it['bearer'], `${place}.bearer`, text),
    ...(it['session'] === undefined ? {} : { session: text(it['session'], `${place}.session`) }),
  }
}

/** Reads what a bearer pays of a coupon. */
export function couponPart(value: unknown, place: string): CouponPart {
  const it = fields(value, place)
  return {
    coupon: text(it['coupon'], `${place}.coupon`),
    kind: oneOf(it['kind'], `${place}.kind`, COUPON_KINDS),
    label: text(it['label'], `${place}.label`),
    bearer: text(it['bearer'], `${place}.bearer`),
    amountMinor: whole(it['amountMinor'], `${place}.amountMinor`, { least: 1 }),
  }
}

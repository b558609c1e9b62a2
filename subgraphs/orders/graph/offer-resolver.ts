import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { list, misread, text, whole } from '../../../platform/decode.js'
import { needRole } from '../../../schema/identity.js'
import { idOf } from '../../../schema/ids.js'
import { money } from '../../../schema/money.js'
import { readMaybeKey } from '../../host/graph/maybe-key.js'
import { payload } from '../../host/graph/payload.js'
import type { Reduction, Share } from '../domain/offers.js'
import { closeOffer, needSellerOf, openOffer, setFloor } from '../flow/open-offers.js'
import {
  ClosePriceOfferInput,
  OpenPriceOfferInput,
  SetFloorPriceInput,
  type BearerShareInput,
  type ReductionInput,
} from './offer-inputs.js'
import { FloorPricePayload, PriceOfferPayload, PriceOfferType } from './offer-types.js'
import type { OrdersContext } from './orders-context.js'
import { stub } from './stubs.js'

/** Offers that stand by themselves, and floors below all offers. */
@Resolver(() => PriceOfferType)
export class OfferResolver {
  @Query(() => PriceOfferType, { nullable: true, description: 'An offer by its id.' })
  priceOffer(@Arg('id', () => ID) id: string, @Ctx() { loaders }: OrdersContext) {
    return loaders.offers.load(idOf('PriceOffer')(id, 'id'))
  }

  @Mutation(() => PriceOfferPayload, {
    description: 'Opens an offer. For merchants what the seller bears alone, for operators all.',
  })
  openPriceOffer(
    @Arg('input', () => OpenPriceOfferInput) input: OpenPriceOfferInput,
    @Ctx() { who, flow, loaders }: OrdersContext,
  ) {
    return payload(async () => {
      needRole(who, 'merchant', 'operator')
      const id = await openOffer(flow.shop, who, {
        idempotencyKey: readMaybeKey(input),
        kind: input.kind,
        variant: idOf('Variant')(input.variantId, 'variantId'),
        label: text(input.label, 'label', { most: 80 }),
        currency: input.currency,
        reduction: readReductionInput(input.reduction),
        shares: readSharesInput(input.shares),
        partner: input.partner ?? null,
        startsAt: input.startsAt ?? null,
        endsAt: input.endsAt ?? null,
      })
      return { priceOffer: await loaders.offers.load(id) }
    })
  }

  @Mutation(() => PriceOfferPayload, { description: 'Ends an offer now. For whoever could have opened it.' })
  closePriceOffer(
    @Arg('input', () => ClosePriceOfferInput) input: ClosePriceOfferInput,
    @Ctx() { who, flow, loaders }: OrdersContext,
  ) {
    return payload(async () => {
      needRole(who, 'merchant', 'operator')
      const id = await closeOffer(flow.shop, who, idOf('PriceOffer')(input.priceOfferId, 'priceOfferId'))
      return { priceOffer: await loaders.offers.load(id) }
    })
  }

  @Mutation(() => FloorPricePayload, {
    description: 'Says what no offers of a variant together may go below. For merchants and operators.',
  })
  setFloorPrice(
    @Arg('input', () => SetFloorPriceInput) input: SetFloorPriceInput,
    @Ctx() { who, flow }: OrdersContext,
  ) {
    return payload(async () => {
      needRole(who, 'merchant', 'operator')
      const variant = idOf('Variant')(input.variantId, 'variantId')
      await needSellerOf(flow.shop.db, who, variant)
      const floor = input.floor === null || input.floor === undefined ? null : money(input.floor, 'floor')
      const floorMinor = floor === null ? null : whole(floor.amountMinor, 'floor.amountMinor', { least: 0 })
      await setFloor(flow.shop, { variant, floorMinor, currency: floor?.currency ?? null })
      return { variant: stub('Variant', variant) }
    })
  }
}

/** Reads a reduction: exactly one of its forms. */
export function readReductionInput({ toMinor, byMinor, rateBp }: ReductionInput): Reduction {
  const given: Reduction[] = []
  if (toMinor !== null && toMinor !== undefined)
    given.push({ form: 'TO', minor: whole(toMinor, 'reduction.toMinor', { least: 0 }) })
  if (byMinor !== null && byMinor !== undefined)
    given.push({ form: 'BY', minor: whole(byMinor, 'reduction.byMinor', { least: 1 }) })
  if (rateBp !== null && rateBp !== undefined) given.push({ form: 'RATE', bp: whole(rateBp, 'reduction.rateBp') })
  const [reduction] = given
  if (reduction === undefined || given.length > 1)
    throw misread('reduction', 'exactly one of toMinor, byMinor, rateBp', `${given.length} of them`)
  return reduction
}

/** Reads who is to bear an offer. */
export function readSharesInput(shares: readonly BearerShareInput[] | null | undefined): readonly Share[] | null {
  if (shares === null || shares === undefined) return null
  list(shares, 'shares', (share) => share, { most: 5 })
  return shares.map(({ bearer, shareBp }, at) => ({
    bearer: text(bearer, `shares[${at}].bearer`, { most: 120 }),
    shareBp: whole(shareBp, `shares[${at}].shareBp`, { least: 1, most: 10_000 }),
  }))
}

import type { Database } from '../../../platform/db/database.js'
import { onceIfKeyed, type MaybeKeyed } from '../../../platform/db/once.js'
import type { Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { actsForAll, needSellers } from '../../host/acting/acting-for.js'
import type { OfferKind, Reduction, Share } from '../domain/offers.js'
import { checkReduction, isBorneBySeller, sharesOf } from '../domain/shares.js'
import { findGoods, keepFloor } from '../store/goods.js'
import { closePriceOffer, insertPriceOffer, lockPriceOffer, offersOf } from '../store/price-offers.js'
import { askerOf } from './place-request.js'
import { again } from './retry.js'
import { announce, newKey, type Shop } from './shop.js'
import { offerStateAt, tellOffers } from './tell-offers.js'

/** A stored offer as it is asked for. */
export interface OfferRequest extends MaybeKeyed {
  readonly kind: OfferKind
  readonly variant: string
  readonly label: string
  readonly currency: string
  readonly reduction: Reduction
  readonly shares: readonly Share[] | null
  readonly partner: string | null
  /** The session whose budget pays for it. */
  readonly session?: string
  /** Null: now. */
  readonly startsAt: Date | null
  readonly endsAt: Date | null
}

/** The most offers of one variant that are open or to come: each of them is looked at for each quote. */
export const MOST_OFFERS = 20

/** Opens an offer by the database's clock, under the same key once. A merchant opens what the seller bears alone, others need an operator. Gives its id. */
export async function openOffer(shop: Shop, who: Identity, request: OfferRequest): Promise<string> {
  const deed = { owner: askerOf(who), kind: 'open-offer', asked: request }
  const id = await again(() =>
    shop.db.transaction((tx) => onceIfKeyed(tx, 'orders', deed, () => putOffer(tx, shop, { who, request }))),
  )
  announce(shop, [])
  return id
}

/** Opens an offer in a transaction of more; whoever commits it announces it. Gives its id. */
export async function putOffer(
  tx: Database,
  shop: Shop,
  { who, request }: { readonly who: Identity; readonly request: OfferRequest },
): Promise<string> {
  const goods = (await findGoods(tx, [request.variant])).get(request.variant)
  if (goods === undefined) throw refuse('NOT_FOUND', 'no such variant is sold', { details: { place: 'variantId' } })
  if (goods.currency !== request.currency)
    throw refuse('CURRENCY_MIXED', `the variant is sold in ${goods.currency}`, { details: { place: 'reduction' } })
  checkReduction({ ...request, seller: goods.seller })
  const shares = sharesOf({ ...request, seller: goods.seller })
  await mayBear(tx, who, { shares, seller: goods.seller })
  const at = await shop.databaseClock(tx)
  if ((await offersOf(tx, [request.variant], at)).length >= MOST_OFFERS)
    throw refuse('LIMIT_EXCEEDED', `a variant has at most ${MOST_OFFERS} offers`)
  const offer = {
    ...request,
    ...spanOf(request, at),
    session: request.session ?? null,
    id: `PriceOffer:${newKey(shop)}`,
    shares,
    closed: false,
    openedBy: who.member ?? '',
  }
  const toldState = offerStateAt(offer, at)
  await insertPriceOffer(tx, { ...offer, toldState })
  await tellOffers(tx, [{ ...named(offer), change: toldState }], at)
  return offer.id
}

/** Ends an offer now; one that has ended stays as it is. */
export async function closeOffer(shop: Shop, who: Identity, id: string): Promise<string> {
  await again(() =>
    shop.db.transaction(async (tx) => {
      const offer = await lockPriceOffer(tx, id)
      if (offer === null) throw refuse('NOT_FOUND', 'no such offer')
      const goods = (await findGoods(tx, [offer.variant])).get(offer.variant)
      await mayBear(tx, who, { shares: offer.shares, seller: goods?.seller ?? null })
      const at = await shop.databaseClock(tx)
      if (offerStateAt(offer, at) !== 'ENDED') await tellOffers(tx, [{ ...named(offer), change: 'ENDED' }], at)
      await closePriceOffer(tx, id, at)
    }),
  )
  announce(shop, [])
  return id
}

/** Says what no offers of a variant together may go below, and tells of it when it is another than before. */
export async function setFloor(
  shop: Shop,
  { variant, floorMinor, currency }: { variant: string; floorMinor: number | null; currency: string | null },
): Promise<void> {
  await again(() =>
    shop.db.transaction(async (tx) => {
      const goods = (await findGoods(tx, [variant])).get(variant)
      if (goods === undefined) throw refuse('NOT_FOUND', 'no such variant is sold', { details: { place: 'variantId' } })
      if (currency !== null && currency !== goods.currency)
        throw refuse('CURRENCY_MIXED', `the variant is sold in ${goods.currency}`, { details: { place: 'floor' } })
      if (!(await keepFloor(tx, variant, floorMinor))) return
      const news = { variant, change: 'FLOOR_SET', offer: null, partner: null } as const
      await tellOffers(tx, [news], await shop.databaseClock(tx))
    }),
  )
  announce(shop, [])
}

function named({ id, variant, partner }: { id: string; variant: string; partner: string | null }) {
  return { offer: id, variant, partner }
}

/** Refuses a merchant who would give away what is another's, or acts for another seller. */
export async function mayBear(
  tx: Database,
  who: Identity,
  { shares, seller }: { readonly shares: readonly Share[]; readonly seller: string | null },
): Promise<void> {
  if (actsForAll(who)) return
  if (seller === null || !isBorneBySeller(shares))
    throw refuse('FORBIDDEN', 'what others than the seller bear is for operators')
  await needSellers(tx, 'orders', { who, sellers: [seller] })
}

/** Refuses a merchant who does not act for the seller of a variant; operators act for each. */
export async function needSellerOf(db: Database, who: Identity, variant: string): Promise<void> {
  if (actsForAll(who)) return
  const goods = (await findGoods(db, [variant])).get(variant)
  if (goods === undefined) throw refuse('NOT_FOUND', 'no such variant is sold', { details: { place: 'variantId' } })
  await needSellers(db, 'orders', { who, sellers: [goods.seller] })
}

/** When something begins and ends; refuses an end that is no later than its beginning or now. */
export function spanOf(asked: { readonly startsAt: Date | null; readonly endsAt: Date | null }, at: Date) {
  const starts = asked.startsAt ?? at
  if (asked.endsAt !== null && asked.endsAt <= (starts > at ? starts : at))
    throw refuse('BAD_USER_INPUT', 'an offer ends after it has begun, and not in the past', {
      details: { place: 'endsAt' },
    })
  return { starts_at: starts, ends_at: asked.endsAt }
}

import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import type { OfferState, OffersChange, OffersChanged } from '../../../schema/events/orders.js'
import { countOffersTold, keepOfferStates, lockTurningOffers, type TurningOffer } from '../store/offer-turns.js'
import { again } from './retry.js'
import { announce, type Shop } from './shop.js'

/** What is to be told of what lowers a variant's price. */
export interface OffersNews {
  readonly variant: string
  readonly change: OffersChange
  /** Null: it is the floor that changed. */
  readonly offer: string | null
  readonly partner: string | null
}

/** Tells in the transaction of the fact that a variant's price may be another one now. */
export async function tellOffers(tx: Database, news: readonly OffersNews[], at: Date): Promise<void> {
  const counts = await countOffersTold(
    tx,
    news.map(({ variant }) => variant),
  )
  await tell(tx, 'orders', numbered(news, counts, at))
}

/** The last of a variant's news bears its count, the one before it one less. */
function numbered(
  news: readonly OffersNews[],
  counts: Awaited<ReturnType<typeof countOffersTold>>,
  at: Date,
): readonly OffersChanged[] {
  const behind = new Map<string, number>()
  const told = news.toReversed().flatMap((one): readonly OffersChanged[] => {
    const count = counts.get(one.variant)
    if (count === undefined) return []
    const version = count.offers_version - (behind.get(one.variant) ?? 0)
    behind.set(one.variant, (behind.get(one.variant) ?? 0) + 1)
    const id = `${one.variant}:offers:${version}`
    return [{ id, kind: 'orders.offersChanged', at: at.toISOString(), product: count.product, version, ...one }]
  })
  return told.reverse()
}

/** Where an offer stands at a moment of the database's clock. */
export function offerStateAt(
  offer: { readonly starts_at: Date; readonly ends_at: Date | null; readonly closed: boolean },
  at: Date,
): OfferState {
  if (offer.closed || (offer.ends_at !== null && offer.ends_at <= at)) return 'ENDED'
  return offer.starts_at <= at ? 'OPEN' : 'SCHEDULED'
}

/** How many offers one round turns. */
const MOST = 500

/** Tells of the offers that began or ended by the database's clock, each once. */
export async function turnOffers(shop: Shop): Promise<void> {
  const turned = await again(() =>
    shop.db.transaction(async (tx) => {
      const at = await shop.databaseClock(tx)
      const offers = await lockTurningOffers(tx, at, MOST)
      if (offers.length === 0) return 0
      await keepOfferStates(tx, offers, at)
      await tellOffers(tx, offers.map(newsOf), at)
      return offers.length
    }),
  )
  if (turned > 0) announce(shop, [])
}

function newsOf({ id, variant, partner, state }: TurningOffer): OffersNews {
  return { variant, partner, offer: id, change: state }
}

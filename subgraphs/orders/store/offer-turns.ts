import type { Database } from '../../../platform/db/database.js'
import { oneOf } from '../../../platform/decode.js'
import { OFFER_STATES, type OfferState } from '../../../schema/events/orders.js'

/** An offer whose state is another than the one that was told last. */
export interface TurningOffer {
  readonly id: string
  readonly variant: string
  readonly partner: string | null
  readonly state: OfferState
}

/** Offers that begin or end at the time and have not been told to, locked; what another process holds is passed by. */
export async function lockTurningOffers(tx: Database, at: Date, most: number): Promise<readonly TurningOffer[]> {
  const { rows } = await tx.query<Omit<TurningOffer, 'state'> & { readonly state: string }>(
    `select id, variant, partner, case when ends_at <= $1::timestamptz then 'ENDED' else 'OPEN' end as state from orders.price_offer
     where told_state <> 'ENDED' and ((told_state = 'SCHEDULED' and starts_at <= $1::timestamptz) or ends_at <= $1::timestamptz)
     order by id limit $2 for update skip locked`,
    [at, most],
  )
  return rows.map((row) => ({ ...row, state: oneOf(row.state, 'state', OFFER_STATES) }))
}

/** Keeps what is told of offers now; variants that have no offer to come are no longer looked up for any. */
export async function keepOfferStates(tx: Database, offers: readonly TurningOffer[], at: Date): Promise<void> {
  await tx.query(
    `update orders.price_offer o set told_state = x.state from unnest($1::text[], $2::text[]) as x(id, state) where o.id = x.id`,
    [offers.map(({ id }) => id), offers.map(({ state }) => state)],
  )
  await tx.query(
    `update orders.goods g set offered = false where g.variant = any($1::text[]) and not exists (
       select from orders.price_offer o where o.variant = g.variant and not o.closed and (o.ends_at is null or o.ends_at > $2::timestamptz))`,
    [offers.filter(({ state }) => state === 'ENDED').map(({ variant }) => variant), at],
  )
}

/** A variant of whose offers is told, and how often that has been done. */
export interface OffersTold {
  readonly variant: string
  readonly product: string
  readonly offers_version: number
}

/** Counts one more for each time that a variant is named; gives the counts as they are afterwards, by variant. */
export async function countOffersTold(
  tx: Database,
  variants: readonly string[],
): Promise<ReadonlyMap<string, OffersTold>> {
  const { rows } = await tx.query<OffersTold>(
    `with x as (select variant, count(*) as times from unnest($1::text[]) as u(variant) group by variant),
       locked as (select g.variant from orders.goods g join x using (variant) order by g.variant for no key update of g)
     update orders.goods g set offers_version = offers_version + x.times from x join locked using (variant)
     where g.variant = x.variant returning g.variant, g.product, g.offers_version`,
    [variants],
  )
  return new Map(rows.map((row) => [row.variant, row]))
}

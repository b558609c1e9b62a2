import type { Database } from '../../../platform/db/database.js'
import { fields, list, oneOf, text, whole } from '../../../platform/decode.js'
import { OFFER_KINDS, type OfferKind, type Reduction, type Share } from '../domain/offers.js'

/** A stored offer for a piece of a variant. */
export interface PriceOfferRow {
  readonly id: string
  readonly kind: OfferKind
  readonly variant: string
  readonly label: string
  readonly currency: string
  readonly reduction: Reduction
  readonly shares: readonly Share[]
  /** The partner inside whose app it holds; null: everywhere. */
  readonly partner: string | null
  /** The session whose budget pays for it. */
  readonly session: string | null
  readonly starts_at: Date
  readonly ends_at: Date | null
  readonly closed: boolean
}

interface Stored extends Omit<PriceOfferRow, 'kind' | 'reduction' | 'shares'> {
  readonly kind: string
  readonly form: string
  readonly amount: number
  readonly shares: unknown
}

const COLUMNS = `o.id, o.kind, o.variant, o.label, o.currency, o.form, o.amount, o.shares, o.partner, o.session, o.starts_at, o.ends_at, o.closed`

/** Writes down a new offer; its variant is from now on one that has offers. */
export async function insertPriceOffer(
  tx: Database,
  offer: PriceOfferRow & { readonly openedBy: string; readonly toldState: string },
): Promise<void> {
  const { form, amount } = writtenReduction(offer.reduction)
  await tx.query(
    `insert into orders.price_offer (id, kind, variant, label, currency, form, amount, shares, partner, starts_at, ends_at, opened_by, told_state, session)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12, $13, $14)`,
    [
      ...[offer.id, offer.kind, offer.variant, offer.label, offer.currency, form, amount, JSON.stringify(offer.shares)],
      ...[offer.partner, offer.starts_at, offer.ends_at, offer.openedBy, offer.toldState, offer.session],
    ],
  )
  await tx.query('update orders.goods set offered = true where variant = $1 and not offered', [offer.variant])
}

/** Ends an offer now, if it has not ended; the variant that has no other to come is no longer looked up for any. */
export async function closePriceOffer(tx: Database, id: string, at: Date): Promise<void> {
  await tx.query(
    `update orders.price_offer set closed = true, told_state = 'ENDED', ends_at = least(coalesce(ends_at, $2::timestamptz), $2::timestamptz)
     where id = $1 and not closed`,
    [id, at],
  )
  await tx.query(
    `update orders.goods g set offered = false from orders.price_offer o where o.id = $1 and g.variant = o.variant
     and not exists (select from orders.price_offer other where other.variant = g.variant and not other.closed
       and (other.ends_at is null or other.ends_at > $2::timestamptz))`,
    [id, at],
  )
}

/** An offer, locked; null for an unknown one. */
export async function lockPriceOffer(tx: Database, id: string): Promise<PriceOfferRow | null> {
  const { rows } = await tx.query<Stored>(`select ${COLUMNS} from orders.price_offer o where o.id = $1 for update`, [
    id,
  ])
  return rows.map(read)[0] ?? null
}

/** Offers under these ids, by id. */
export async function findPriceOffers(
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PriceOfferRow>> {
  const { rows } = await db.query<Stored>(`select ${COLUMNS} from orders.price_offer o where o.id = any($1::text[])`, [
    ids,
  ])
  return new Map(rows.map((row) => [row.id, read(row)]))
}

/** The offers of these variants that are or will be open at the time or after it. */
export async function offersOf(
  db: Database,
  variants: readonly string[],
  since: Date,
): Promise<readonly PriceOfferRow[]> {
  const { rows } = await db.query<Stored>(
    `select ${COLUMNS} from orders.price_offer o where o.variant = any($1::text[]) and (o.ends_at is null or o.ends_at > $2::timestamptz)`,
    [variants, since],
    { prepared: true },
  )
  return rows.map(read)
}

/** A reduction as two columns. */
export function writtenReduction(reduction: Reduction): { readonly form: string; readonly amount: number } {
  return { form: reduction.form, amount: reduction.form === 'RATE' ? reduction.bp : reduction.minor }
}

/** The same read again. */
export function readReduction(form: string, amount: number): Reduction {
  const known = oneOf(form, 'form', ['TO', 'BY', 'RATE'])
  return known === 'RATE' ? { form: known, bp: amount } : { form: known, minor: amount }
}

/** Who bears what, read from its column. */
export function readShares(value: unknown): readonly Share[] {
  return list(value, 'shares', (share, place) => {
    const it = fields(share, place)
    return { bearer: text(it['bearer'], `${place}.bearer`), shareBp: whole(it['shareBp'], `${place}.shareBp`) }
  })
}

function read({ form, amount, shares, kind, ...row }: Stored): PriceOfferRow {
  return {
    ...row,
    kind: oneOf(kind, 'kind', OFFER_KINDS),
    reduction: readReduction(form, amount),
    shares: readShares(shares),
  }
}

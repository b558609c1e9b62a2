import type { Database } from '../../../platform/db/database.js'

/** A list price and how long it held; `until` is null while it does. */
export interface ListPriceRow {
  readonly variant: string
  readonly since: Date
  readonly until: Date | null
  readonly price_minor: number
  readonly currency: string
}

/** Writes down what variants cost from now on, one entry each; what they cost before has ended. */
export async function keepListPrices(
  tx: Database,
  prices: readonly { readonly variant: string; readonly list_minor: number; readonly currency: string }[],
  at: Date,
): Promise<void> {
  if (prices.length === 0) return
  await tx.query(
    'update orders.list_price set until = $2 where variant = any($1::text[]) and until is null and since < $2',
    [prices.map((price) => price.variant), at],
  )
  await tx.query(
    `insert into orders.list_price as p (variant, since, price_minor, currency)
     select variant, $2::timestamptz, list_minor, currency
     from jsonb_to_recordset($1::jsonb) as x(variant text, list_minor bigint, currency text) order by variant
     on conflict (variant, since) do update set price_minor = least(p.price_minor, excluded.price_minor), currency = excluded.currency`,
    [JSON.stringify(prices), at],
  )
}

/** What these variants cost at any time since. */
export async function listPricesSince(
  db: Database,
  variants: readonly string[],
  since: Date,
): Promise<readonly ListPriceRow[]> {
  const { rows } = await db.query<ListPriceRow>(
    `select variant, since, until, price_minor, currency from orders.list_price
     where variant = any($1::text[]) and (until is null or until > $2)`,
    [variants, since],
  )
  return rows
}

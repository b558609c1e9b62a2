import type { Database } from '../../../platform/db/database.js'

/** What a buyer had of a sale, and what is set aside for him. */
export interface Had {
  readonly taken: number
  readonly aside: number
  readonly aside_until: Date | null
}

/** Pieces that buyers have had of sales or that are set aside for them, by sale and buyer. */
export async function takenBy(
  tx: Database,
  pairs: readonly { readonly flashSale: string; readonly buyer: string }[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Had>>> {
  const taken = new Map<string, Map<string, Had>>()
  if (pairs.length === 0) return taken
  const { rows } = await tx.query<Had & { readonly flash_sale: string; readonly buyer: string }>(
    // By the limit each is looked up by its key: of a young table the planner would rather read the whole.
    `select m.flash_sale, m.buyer, m.taken, m.aside, m.aside_until from unnest($1::text[], $2::text[]) as p(flash_sale, buyer)
     cross join lateral (
       select * from orders.flash_sale_member m where m.flash_sale = p.flash_sale and m.buyer = p.buyer limit 1) m`,
    [pairs.map((pair) => pair.flashSale), pairs.map((pair) => pair.buyer)],
    { prepared: true },
  )
  for (const row of rows) {
    const of = taken.get(row.flash_sale) ?? new Map<string, Had>()
    taken.set(row.flash_sale, of.set(row.buyer, row))
  }
  return taken
}

/**
 * Counts what buyers took of sales (or gave back: negative). False when somebody took from another bucket meanwhile and would have more
 * than his limit: then the transaction is to be done again. The sale's own lock rules that out where it is not divided.
 */
export async function countTaken(tx: Database, taken: readonly Taken[]): Promise<boolean> {
  // Two statements, since a row that gives back must exist: as an insert the check would refuse the negative one before the conflict is seen.
  const [isWithin] = await Promise.all([
    countMore(
      tx,
      taken.filter(({ quantity }) => quantity > 0),
    ),
    countLess(
      tx,
      taken.filter(({ quantity }) => quantity < 0),
    ),
  ])
  return isWithin
}

/** What a buyer took. */
export interface Taken {
  readonly flashSale: string
  readonly buyer: string
  readonly quantity: number
}

const SUMMED = `select flash_sale, buyer, sum(quantity)::bigint as quantity
  from unnest($1::text[], $2::text[], $3::bigint[]) as t(flash_sale, buyer, quantity) group by 1, 2 order by 1, 2`

async function countMore(tx: Database, taken: readonly Taken[]): Promise<boolean> {
  if (taken.length === 0) return true
  const { rows } = await tx.query<{ readonly within: boolean }>(
    `with summed as (${SUMMED}), counted as (
       insert into orders.flash_sale_member as m (flash_sale, buyer, taken) select * from summed
       on conflict (flash_sale, buyer) do update set taken = m.taken + excluded.taken
         where m.taken + excluded.taken <= (select f.per_member from orders.flash_sale f where f.id = m.flash_sale)
       returning 1)
     select (select count(*) from counted) = (select count(*) from summed) as within`,
    columns(taken),
    { prepared: true },
  )
  return rows[0]?.within ?? true
}

async function countLess(tx: Database, taken: readonly Taken[]): Promise<void> {
  if (taken.length === 0) return
  await tx.query(
    `update orders.flash_sale_member m set taken = m.taken + s.quantity from (${SUMMED}) s
     where m.flash_sale = s.flash_sale and m.buyer = s.buyer`,
    columns(taken),
  )
}

function columns(taken: readonly Taken[]): readonly unknown[] {
  return [taken.map((row) => row.flashSale), taken.map((row) => row.buyer), taken.map((row) => row.quantity)]
}

import type { Database } from '../../../platform/db/database.js'
import type { Place } from './queues.js'

/** Puts buyers at the end of the lines, in the order given; gives those who did not stand in one yet. Sales must be locked. */
export async function joinWaiting(tx: Database, places: readonly Place[], at: Date): Promise<readonly Place[]> {
  const { rows } = await tx.query<Place>(
    `insert into orders.waiter (flash_sale, buyer, since)
     select p.flash_sale, p.buyer, $3 from unnest($1::text[], $2::text[]) with ordinality as p(flash_sale, buyer, place) order by p.place
     on conflict (flash_sale, buyer) where state in ('WAITING', 'OFFERED') do nothing
     returning flash_sale as "flashSale", buyer`,
    [...columns(places), at],
  )
  return rows
}

/** Takes a buyer out of the line, if he waits in it; says whether he did. The sale must be locked. */
export async function leaveWaiting(tx: Database, { flashSale, buyer }: Place): Promise<boolean> {
  const { count } = await tx.query(
    `update orders.waiter set state = 'LEFT' where flash_sale = $1 and buyer = $2 and state = 'WAITING'`,
    [flashSale, buyer],
  )
  return count > 0
}

/** Sets a piece aside until a moment for each of the first so many who wait; gives how many there were. The sale must be locked. */
export async function setAside(
  tx: Database,
  flashSale: string,
  { most, until }: { readonly most: number; readonly until: Date },
): Promise<number> {
  const { count } = await tx.query(
    `with first as (
       update orders.waiter w set state = 'OFFERED', offered_until = $3
       where w.number in (
         select number from orders.waiter where flash_sale = $1 and state = 'WAITING' order by number limit $2)
       returning w.buyer)
     insert into orders.flash_sale_member as m (flash_sale, buyer, taken, aside, aside_until)
     select $1, buyer, 0, 1, $3 from first order by buyer
     on conflict (flash_sale, buyer) do update set aside = 1, aside_until = excluded.aside_until`,
    [flashSale, most, until],
  )
  return count
}

/** Ends the offers whose time is over; gives how many. The sale must be locked. */
export async function lapseAside(tx: Database, flashSale: string, at: Date): Promise<number> {
  const { count } = await tx.query(
    `with lapsed as (
       update orders.waiter set state = 'LAPSED' where flash_sale = $1 and state = 'OFFERED' and offered_until <= $2
       returning buyer)
     update orders.flash_sale_member m set aside = 0, aside_until = null from lapsed
     where m.flash_sale = $1 and m.buyer = lapsed.buyer`,
    [flashSale, at],
  )
  return count
}

/** What was set aside for these buyers is theirs now. Sales must be locked. */
export async function takeAside(tx: Database, places: readonly Place[]): Promise<void> {
  if (places.length === 0) return
  await Promise.all([
    tx.query(
      `update orders.waiter w set state = 'TAKEN' from unnest($1::text[], $2::text[]) as p(flash_sale, buyer)
       where w.flash_sale = p.flash_sale and w.buyer = p.buyer and w.state = 'OFFERED'`,
      columns(places),
    ),
    tx.query(
      `update orders.flash_sale_member m set aside = 0, aside_until = null
       from unnest($1::text[], $2::text[]) as p(flash_sale, buyer) where m.flash_sale = p.flash_sale and m.buyer = p.buyer`,
      columns(places),
    ),
  ])
}

/** Nobody waits any more for sales that end, and nothing is set aside. Sales must be locked. */
export async function endWaiting(tx: Database, sales: readonly string[]): Promise<void> {
  if (sales.length === 0) return
  await tx.query(
    `with ended as (
       update orders.waiter set state = 'LEFT' where flash_sale = any($1::text[]) and state in ('WAITING', 'OFFERED')
       returning flash_sale, buyer)
     update orders.flash_sale_member m set aside = 0, aside_until = null from ended e
     where m.flash_sale = e.flash_sale and m.buyer = e.buyer`,
    [sales],
  )
}

/** Sales with a piece for who waits, or with an offer whose time is over. */
export async function salesWithTurn(db: Database, at: Date, most: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly id: string }>(
    `select id from (
       select id from orders.sale_now where waiting > 0 and not closed and quota > held + sold + returned + aside
       union select flash_sale from orders.waiter where state = 'OFFERED' and offered_until <= $1) s
     order by id limit $2`,
    [at, most],
  )
  return rows.map((row) => row.id)
}

/** Where a buyer stands: `ahead` is how many are before him (0: he is the next); with an offer until a moment it is null. */
export interface Wait extends Place {
  readonly ahead: number | null
  readonly offeredUntil: Date | null
}

/** Where these buyers stand in the line of a sale; who stands in none is left out. */
export async function findWaits(db: Database, flashSale: string, buyers: readonly string[]): Promise<readonly Wait[]> {
  if (buyers.length === 0) return []
  const { rows } = await db.query<Wait>(
    `select flash_sale as "flashSale", buyer, ahead, offered_until as "offeredUntil" from (
       select flash_sale, buyer, offered_until, case when state = 'WAITING'
         then count(*) filter (where state = 'WAITING') over (order by number) - 1 end as ahead
       from orders.waiter where flash_sale = $1 and state in ('WAITING', 'OFFERED')) w
     where buyer = any($2::text[])`,
    [flashSale, buyers],
  )
  return rows
}

function columns(places: readonly Place[]): readonly [readonly string[], readonly string[]] {
  return [places.map((place) => place.flashSale), places.map((place) => place.buyer)]
}

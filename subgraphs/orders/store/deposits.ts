import type { Database } from '../../../platform/db/database.js'
import type { OrderState } from '../../../schema/events/orders.js'
import type { DepositRule } from '../domain/pre-sale.js'

/** What an order of a pre-sale pays first, by the terms that held when it was placed. */
export interface DepositRow {
  readonly purchase: string
  readonly pre_sale: string
  readonly deposit_minor: number
  /** What it counts for of the price. */
  readonly counts_minor: number
  readonly balance_from: Date
  readonly balance_until: Date
  readonly missed: DepositRule
  readonly given_up: DepositRule
}

/** A deposit that is to be. */
export interface NewDeposit {
  readonly purchase: string
  readonly pre_sale: string
  readonly member: string
  readonly pieces: number
  readonly deposit_minor: number
  readonly counts_minor: number
}

/** Writes what new orders pay first, and counts their pieces. The pre-sales must be locked, the orders written. */
export async function insertDeposits(tx: Database, deposits: readonly NewDeposit[]): Promise<void> {
  if (deposits.length === 0) return
  await tx.query(
    `with made as (
       insert into orders.deposit (purchase, pre_sale, member, pieces, deposit_minor, counts_minor)
       select purchase, pre_sale, member, pieces, deposit_minor, counts_minor
       from jsonb_to_recordset($1::jsonb) as x(purchase text, pre_sale text, member text, pieces bigint, deposit_minor bigint, counts_minor bigint)
       returning pre_sale, pieces)
     update orders.pre_sale s set taken = s.taken + m.pieces
     from (select pre_sale, sum(pieces)::bigint as pieces from made group by pre_sale) m where s.id = m.pre_sale`,
    [JSON.stringify(deposits)],
  )
}

/** Pieces of orders that came to nothing are their pre-sales' again, once. */
export async function freeDeposits(tx: Database, purchases: readonly string[]): Promise<void> {
  if (purchases.length === 0) return
  await tx.query(
    `select from orders.pre_sale where id in (select pre_sale from orders.deposit where purchase = any($1::text[]))
     order by id for update`,
    [purchases],
  )
  await tx.query(
    `with freed as (
       update orders.deposit set freed = true where purchase = any($1::text[]) and not freed returning pre_sale, pieces)
     update orders.pre_sale s set taken = s.taken - f.pieces
     from (select pre_sale, sum(pieces)::bigint as pieces from freed group by pre_sale) f where s.id = f.pre_sale`,
    [purchases],
  )
}

/** How many pieces members have of pre-sales, by pre-sale and member. */
export async function preSoldTo(
  tx: Database,
  pairs: readonly { readonly preSale: string; readonly member: string }[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const had = new Map<string, Map<string, number>>()
  if (pairs.length === 0) return had
  const { rows } = await tx.query<{ readonly pre_sale: string; readonly member: string; readonly pieces: number }>(
    `select d.pre_sale, d.member, sum(d.pieces)::bigint as pieces
     from (select distinct * from unnest($1::text[], $2::text[]) as p(pre_sale, member)) p
     join orders.deposit d using (pre_sale, member) where not d.freed group by 1, 2`,
    [pairs.map(({ preSale }) => preSale), pairs.map(({ member }) => member)],
  )
  for (const { pre_sale, member, pieces } of rows)
    had.set(pre_sale, (had.get(pre_sale) ?? new Map<string, number>()).set(member, pieces))
  return had
}

/** What these orders pay first, by order; orders of no pre-sale are left out. */
export async function depositsOf(db: Database, purchases: readonly string[]): Promise<ReadonlyMap<string, DepositRow>> {
  if (purchases.length === 0) return new Map()
  const { rows } = await db.query<DepositRow>(
    `select d.purchase, d.pre_sale, d.deposit_minor, d.counts_minor, s.balance_from, s.balance_until, s.missed, s.given_up
     from orders.deposit d join orders.pre_sale s on s.id = d.pre_sale where d.purchase = any($1::text[])`,
    [purchases],
  )
  return new Map(rows.map((row) => [row.purchase, row]))
}

/** Locks orders of pre-sales whose time is over: at once, or, under payment, after the grace given to a late result. Passes by what another process holds. */
export async function lockOverduePreSold(
  tx: Database,
  due: { readonly at: Date; readonly payingBefore: Date; readonly most: number },
): Promise<readonly string[]> {
  const { rows } = await tx.query<{ readonly id: string }>(
    `select id from orders.purchase p
     where state in ('DEPOSIT_DUE', 'DEPOSIT_PAYING', 'DEPOSIT_PAID', 'BALANCE_PAYING') and p.reserved_until <= $1
       and (p.state in ('DEPOSIT_DUE', 'DEPOSIT_PAID') or p.reserved_until <= $2)
     order by p.id limit $3 for update skip locked`,
    [due.at, due.payingBefore, due.most],
  )
  return rows.map((row) => row.id)
}

/** Locks orders of pre-sales that were called off; passes by what another process holds. */
export async function lockCalledOff(tx: Database, most: number): Promise<readonly string[]> {
  const { rows } = await tx.query<{ readonly id: string }>(
    `select p.id from orders.pre_sale s join orders.deposit d on d.pre_sale = s.id and not d.freed join orders.purchase p on p.id = d.purchase
     where s.called_off and not s.over and p.state in ('DEPOSIT_DUE', 'DEPOSIT_PAYING', 'DEPOSIT_PAID', 'BALANCE_PAYING')
     order by p.id limit $1 for update of p skip locked`,
    [most],
  )
  return rows.map((row) => row.id)
}

/** An order whose balance may be paid from now on. */
export interface DueBalance {
  readonly purchase: string
  readonly pre_sale: string
  readonly member: string
  readonly variant: string
  readonly product: string
  readonly balance_minor: number
  readonly currency: string
  readonly until: Date
}

/** Marks orders as told that their balance is due, and gives them: each once, whoever looks at the same time. */
export async function takeDueBalances(tx: Database, at: Date, most: number): Promise<readonly DueBalance[]> {
  const state: OrderState = 'DEPOSIT_PAID'
  const { rows } = await tx.query<DueBalance>(
    `with due as (
       select d.purchase, s.id, s.variant, s.product, p.total_minor - d.deposit_minor as balance_minor, p.currency, p.reserved_until as until
       from orders.pre_sale s join orders.deposit d on d.pre_sale = s.id and not d.freed and not d.told
       join orders.purchase p on p.id = d.purchase
       where not s.over and s.balance_from <= $1 and p.state = $3
       order by d.purchase limit $2 for update of d skip locked)
     update orders.deposit d set told = true from due where d.purchase = due.purchase
     returning d.purchase, d.pre_sale, d.member, due.variant, due.product, due.balance_minor, due.currency, due.until`,
    [at, most, state],
  )
  return rows
}

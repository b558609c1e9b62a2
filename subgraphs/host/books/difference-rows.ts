import type { Database } from '../../../platform/db/database.js'
import type { Agreement, Compared } from './agreement.js'

/**
 * The tables of a connector whose partner's books are compared with ours: `agreed_day` is the result of a day's last comparison,
 * `difference` a line on which the books differ, `difference_deed` who did what to it and why, for ever.
 */
export function AGREEMENT_TABLES(schema: string): string {
  return `
create table ${schema}.agreed_day (
  day text primary key,
  compared_at timestamptz not null,
  orders bigint not null,
  undecided bigint not null,
  ours_minor bigint not null,
  theirs_minor bigint not null
);
create table ${schema}.difference (
  number bigint generated always as identity unique,
  day text not null,
  order_key text not null,
  what text not null,
  ours text not null,
  theirs text not null,
  state text not null,
  found_at timestamptz not null,
  primary key (day, order_key, what)
);
create index difference_open on ${schema}.difference (day) where state = 'OPEN';
create table ${schema}.difference_deed (
  difference bigint not null,
  state text not null,
  reason text not null,
  by_whom text not null,
  at timestamptz not null
);
create index deed_of_difference on ${schema}.difference_deed (difference, at);
`
}

/** The step after `AGREEMENT_TABLES`: a day is that of a partner, `first` being the one whose rows are there already. */
export function AGREEMENT_OF_PARTNERS(schema: string, first: string): string {
  return `
alter table ${schema}.agreed_day add column partner text not null default '${first}';
alter table ${schema}.agreed_day drop constraint agreed_day_pkey, add primary key (partner, day);
alter table ${schema}.difference add column partner text not null default '${first}';
alter table ${schema}.difference drop constraint difference_pkey, add primary key (partner, day, order_key, what);
`
}

/** OPEN waits for a person, EXPLAINED has a reason and waits for the books, SETTLED is over. */
export const DIFFERENCE_STATES = ['OPEN', 'EXPLAINED', 'SETTLED'] as const
export type DifferenceState = (typeof DIFFERENCE_STATES)[number]

/** A difference as it lies in its row. */
export interface DifferenceRow {
  readonly number: number
  readonly partner: string
  readonly day: string
  readonly order_key: string
  readonly what: Compared
  readonly ours: string
  readonly theirs: string
  readonly state: DifferenceState
  readonly found_at: Date
}

/** The result of a day's last comparison. */
export interface AgreedDayRow {
  readonly partner: string
  readonly day: string
  readonly compared_at: Date
  readonly orders: number
  readonly undecided: number
  readonly ours_minor: number
  readonly theirs_minor: number
}

/** Whose day it is. */
export interface PartnerDay {
  readonly partner: string
  readonly day: string
}

/** Who signs for what the comparison itself does to a difference. */
export const COMPARISON = 'comparison'

/**
 * Keeps what a day's comparison found, in one transaction. A known difference keeps its state while it says the same, and is open again when
 * it says something else or comes back after the books had agreed; one that is gone is settled by that.
 */
export async function keepAgreement(
  db: Database,
  schema: string,
  { partner, day, at, agreement }: PartnerDay & { readonly at: Date; readonly agreement: Agreement },
): Promise<void> {
  const found = JSON.stringify(agreement.differences)
  await db.transaction(async (tx) => {
    await tx.query(
      `insert into ${schema}.agreed_day (partner, day, compared_at, orders, undecided, ours_minor, theirs_minor)
       values ($7, $1, $2, $3, $4, $5, $6) on conflict (partner, day) do update set compared_at = excluded.compared_at,
         orders = excluded.orders, undecided = excluded.undecided, ours_minor = excluded.ours_minor, theirs_minor = excluded.theirs_minor`,
      [day, at, agreement.orders, agreement.undecided, agreement.oursMinor, agreement.theirsMinor, partner],
    )
    await tx.query(
      `insert into ${schema}.difference as known (partner, day, order_key, what, ours, theirs, state, found_at)
       select $5, $1, "order", what, ours, theirs, 'OPEN', $2
       from jsonb_to_recordset($3::jsonb) as x("order" text, what text, ours text, theirs text)
       on conflict (partner, day, order_key, what) do update set ours = excluded.ours, theirs = excluded.theirs, state = 'OPEN', found_at = excluded.found_at
       where known.ours <> excluded.ours or known.theirs <> excluded.theirs or (known.state = 'SETTLED' and $4 =
         (select by_whom from ${schema}.difference_deed where difference = known.number order by at desc limit 1))`,
      [day, at, found, COMPARISON, partner],
    )
    await tx.query(
      `with gone as (
         update ${schema}.difference d set state = 'SETTLED'
         where partner = $5 and day = $1 and state <> 'SETTLED' and not exists (
           select 1 from jsonb_to_recordset($3::jsonb) as x("order" text, what text) where x."order" = d.order_key and x.what = d.what)
         returning number)
       insert into ${schema}.difference_deed (difference, state, reason, by_whom, at)
       select number, 'SETTLED', 'both books say the same now', $4, $2 from gone`,
      [day, at, found, COMPARISON, partner],
    )
  })
}

/** A person's word on a difference. */
export interface Settling {
  readonly number: number
  readonly state: DifferenceState
  readonly reason: string
  readonly by: string
  readonly at: Date
}

/** Writes a person's word on a difference, beside all that was said before; null when there is none of this number. */
export async function settleDifference(db: Database, schema: string, it: Settling): Promise<DifferenceRow | null> {
  return await db.transaction(async (tx) => {
    const { rows } = await tx.query<DifferenceRow>(
      `update ${schema}.difference set state = $2 where number = $1 returning *`,
      [it.number, it.state],
    )
    const row = rows[0]
    if (row === undefined) return null
    await tx.query(
      `insert into ${schema}.difference_deed (difference, state, reason, by_whom, at) values ($1, $2, $3, $4, $5)`,
      [it.number, it.state, it.reason, it.by, it.at],
    )
    return row
  })
}

/** What was done to a difference. */
export interface DeedRow {
  readonly difference: number
  readonly state: DifferenceState
  readonly reason: string
  readonly by_whom: string
  readonly at: Date
}

/** The deeds of each difference, oldest first, in the order of the numbers. */
export async function deedsOf(
  db: Database,
  schema: string,
  numbers: readonly number[],
): Promise<readonly (readonly DeedRow[])[]> {
  const { rows } = await db.query<DeedRow>(
    `select * from ${schema}.difference_deed where difference = any($1::bigint[]) order by difference, at`,
    [numbers],
  )
  return numbers.map((number) => rows.filter((row) => row.difference === number))
}

/** Differences of a partner or of all, of a day or of all, in a state or in all, oldest first. */
export async function pageDifferences(
  db: Database,
  schema: string,
  wanted: {
    readonly partner: string | null
    readonly day: string | null
    readonly state: DifferenceState | null
    readonly after: number
    readonly most: number
  },
): Promise<readonly DifferenceRow[]> {
  const { rows } = await db.query<DifferenceRow>(
    `select * from ${schema}.difference where ($1::text is null or day = $1) and ($2::text is null or state = $2)
       and ($5::text is null or partner = $5) and number > $3
     order by number limit $4`,
    [wanted.day, wanted.state, wanted.after, wanted.most, wanted.partner],
  )
  return rows
}

/** What a day's last comparison came to, and how many of its differences are open; null when it never was compared. */
export async function readAgreedDay(
  db: Database,
  schema: string,
  { partner, day }: PartnerDay,
): Promise<(AgreedDayRow & { readonly open: number }) | null> {
  const { rows } = await db.query<AgreedDayRow & { readonly open: number }>(
    `select a.*, (select count(*) from ${schema}.difference d where d.partner = a.partner and d.day = a.day and d.state = 'OPEN') as open
     from ${schema}.agreed_day a where partner = $1 and day = $2`,
    [partner, day],
  )
  return rows[0] ?? null
}

import type { Database } from '../../../platform/db/database.js'

/** What members are reminded of. */
export const REMINDERS = `
  create table members.reminder (
    number bigint generated always as identity primary key,
    cause text not null unique,
    member_id text not null,
    kind text not null,
    product text not null,
    purchase text,
    balance_minor bigint,
    currency text,
    due timestamptz not null,
    at timestamptz not null,
    check (num_nulls(purchase, balance_minor, currency) in (0, 3))
  );
  create index reminder_newest on members.reminder (member_id, number desc);
  create index reminder_by_due on members.reminder (due);`

/** Of what a member may be reminded. */
export const REMINDER_KINDS = ['LAUNCH', 'BALANCE_DUE'] as const
export type ReminderKind = (typeof REMINDER_KINDS)[number]

/** A reminder to be kept; each cause reminds once. */
export interface NewReminder {
  readonly cause: string
  readonly member: string
  readonly kind: ReminderKind
  readonly product: string
  /** What is to be paid, of which order; null for a launch. */
  readonly balance: { readonly order: string; readonly amountMinor: number; readonly currency: string } | null
  /** ISO text: when the sale begins, or until when the balance may be paid. */
  readonly due: string
  readonly at: string
}

/** A reminder as its member is shown it. */
export interface ReminderRow {
  readonly number: number
  readonly cause: string
  readonly kind: ReminderKind
  readonly product: string
  readonly order: string | null
  readonly balanceMinor: number | null
  readonly currency: string | null
  readonly due: Date
  readonly at: Date
}

/** Keeps reminders in the order given; what was kept under its cause before is not kept again. */
export async function keepReminders(tx: Database, reminders: readonly NewReminder[]): Promise<void> {
  if (reminders.length === 0) return
  const rows = reminders.map(({ balance, ...reminder }) => ({ ...reminder, ...balance }))
  await tx.query(
    `insert into members.reminder (cause, member_id, kind, product, purchase, balance_minor, currency, due, at)
     select cause, member, kind, product, "order", "amountMinor", currency, due, at
     from jsonb_to_recordset($1::jsonb) as x (cause text, member text, kind text, product text, "order" text,
       "amountMinor" bigint, currency text, due timestamptz, at timestamptz)
     on conflict (cause) do nothing`,
    [JSON.stringify(rows)],
  )
}

/** The newest reminders of a member first, at most `limit`, behind the number `after`. */
export async function pageReminders(
  db: Database,
  member: string,
  { limit, after }: { readonly limit: number; readonly after: number | null },
): Promise<readonly ReminderRow[]> {
  const { rows } = await db.query<ReminderRow>(
    `select number, cause, kind, product, purchase as "order", balance_minor as "balanceMinor", currency, due, at
     from members.reminder where member_id = $1 and ($2::bigint is null or number < $2) order by number desc limit $3`,
    [member, after, limit],
  )
  return rows
}

/** Forgets reminders of what was due before this time. Gives how many. */
export async function forgetReminders(
  db: Database,
  { before, most }: { readonly before: Date; readonly most: number },
): Promise<number> {
  const { count } = await db.query(
    `with old as (select number from members.reminder where due < $1 order by due limit $2 for update skip locked)
     delete from members.reminder r using old where r.number = old.number`,
    [before, most],
  )
  return count
}

import type { Database } from '../../../platform/db/database.js'
import type { Booked } from '../../host/books/agreement.js'
import type { PartnerDay } from '../../host/books/difference-rows.js'

/** How far a partner has handed in a day's books. */
export interface ReportedDayRow extends PartnerDay {
  readonly currency: string
  readonly pages: number
  readonly lines: number
  /** When its last page came; null before. */
  readonly reported_at: Date | null
  /** Since when it is to be compared; null when it is not. */
  readonly due_at: Date | null
}

/** Begins a day's books anew: what was handed in of it before is gone. The row stays locked. */
export async function beginReport(
  tx: Database,
  { partner, day, currency }: PartnerDay & { readonly currency: string },
): Promise<void> {
  await tx.query(
    `insert into orders.reported_day (partner, day, currency, pages, lines) values ($1, $2, $3, 0, 0)
     on conflict (partner, day) do update
       set currency = excluded.currency, pages = 0, lines = 0, reported_at = null, due_at = null`,
    [partner, day, currency],
  )
  await tx.query('delete from orders.reported_line where partner = $1 and day = $2', [partner, day])
}

/** A partner's days, as far as anything was handed in of them, locked in their order: days beside each other are handed in without a deadlock. */
export async function lockReports(
  tx: Database,
  { partner, days }: { readonly partner: string; readonly days: readonly string[] },
): Promise<readonly ReportedDayRow[]> {
  const { rows } = await tx.query<ReportedDayRow>(
    'select * from orders.reported_day where partner = $1 and day = any($2::text[]) order by day for update',
    [partner, days],
  )
  return rows
}

/** Keeps the next page of a day's books; the day is whole at `reportedAt`, or has more pages. */
export async function addPage(
  tx: Database,
  of: PartnerDay & { readonly page: number; readonly reportedAt: Date | null },
  lines: readonly Booked[],
): Promise<ReportedDayRow> {
  await tx.query(
    `insert into orders.reported_line
       (partner, day, page, place, order_key, ended, paid_minor, refunded_minor, commission_minor, subsidy_minor)
     select $1, $2, $3, place, "order", "end", "paidMinor", "refundedMinor", "commissionMinor", "subsidyMinor"
     from jsonb_to_recordset($4::jsonb) as x(place bigint, "order" text, "end" text, "paidMinor" bigint,
       "refundedMinor" bigint, "commissionMinor" bigint, "subsidyMinor" bigint)`,
    [of.partner, of.day, of.page, JSON.stringify(lines.map((line, place) => ({ place, ...line })))],
  )
  const { rows } = await tx.query<ReportedDayRow>(
    `update orders.reported_day set pages = $3, lines = lines + $4, reported_at = $5 where partner = $1 and day = $2
     returning *`,
    [of.partner, of.day, of.page, lines.length, of.reportedAt],
  )
  const [row] = rows
  if (row === undefined) throw new Error('a row that was locked is not there')
  return row
}

/** Has those of a partner's days that are handed in whole compared. */
export async function setDue(
  db: Database,
  { partner, days, at }: { readonly partner: string; readonly days: readonly string[]; readonly at: Date },
): Promise<void> {
  await db.query(
    `update orders.reported_day set due_at = $3 where partner = $1 and day = any($2::text[]) and reported_at is not null`,
    [partner, days, at],
  )
}

/** Days whose comparison is due, those that have waited longest first. */
export async function dueDays(db: Database, most: number): Promise<readonly PartnerDay[]> {
  const { rows } = await db.query<PartnerDay>(
    'select partner, day from orders.reported_day where due_at is not null order by due_at limit $1',
    [most],
  )
  return rows
}

/** Takes a day that is due, locked, and due no longer; null when another process compares it, or has done so. */
export async function takeDue(tx: Database, { partner, day }: PartnerDay): Promise<ReportedDayRow | null> {
  const { rows } = await tx.query<ReportedDayRow>(
    `update orders.reported_day set due_at = null where (partner, day) in (
       select partner, day from orders.reported_day where partner = $1 and day = $2 and due_at is not null
       for update skip locked) returning *`,
    [partner, day],
  )
  return rows[0] ?? null
}

/** How far a day is handed in; null when nothing of it was. */
export async function readReport(db: Database, { partner, day }: PartnerDay): Promise<ReportedDayRow | null> {
  const { rows } = await db.query<ReportedDayRow>('select * from orders.reported_day where partner = $1 and day = $2', [
    partner,
    day,
  ])
  return rows[0] ?? null
}

/** The lines of a day as they were handed in. */
export async function reportedLines(db: Database, { partner, day }: PartnerDay): Promise<readonly Booked[]> {
  const { rows } = await db.query<Booked>(
    `select order_key as "order", ended as "end", paid_minor as "paidMinor", refunded_minor as "refundedMinor",
       commission_minor as "commissionMinor", subsidy_minor as "subsidyMinor"
     from orders.reported_line where partner = $1 and day = $2 order by page, place`,
    [partner, day],
  )
  return rows
}

/** Which of some orders a partner has handed in on some days, as far as those are whole. */
export async function reportedOn(
  db: Database,
  { partner, days }: { readonly partner: string; readonly days: readonly string[] },
  orders: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ readonly order: string }>(
    `select distinct l.order_key as "order" from orders.reported_line l join orders.reported_day d using (partner, day)
     where l.partner = $1 and l.day = any($2::text[]) and l.order_key = any($3::text[]) and d.reported_at is not null`,
    [partner, days, orders],
  )
  return new Set(rows.map(({ order }) => order))
}

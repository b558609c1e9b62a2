import type { Database } from '../../../platform/db/database.js'
import type { Share } from '../domain/offers.js'
import { readShares } from './price-offers.js'

/** A subsidy with a budget, over a while, for some goods. */
export interface SubsidySessionRow {
  readonly id: string
  readonly label: string
  /** The partner inside whose app it holds; null: everywhere. */
  readonly partner: string | null
  readonly currency: string
  readonly budget_minor: number
  /** What orders have taken of it, less what they gave back. */
  readonly used_minor: number
  /** Who bears it; `seller` is whoever sells the goods. */
  readonly shares: readonly Share[]
  readonly starts_at: Date
  readonly ends_at: Date | null
  readonly closed: boolean
}

type Stored = Omit<SubsidySessionRow, 'shares'> & { readonly shares: unknown }

const COLUMNS = `s.id, s.label, s.partner, s.currency, s.budget_minor, s.used_minor, s.shares, s.starts_at, s.ends_at, s.closed`

/** Writes down a new session. */
export async function insertSubsidySession(
  tx: Database,
  session: Omit<SubsidySessionRow, 'used_minor' | 'closed'> & { readonly openedBy: string },
): Promise<void> {
  await tx.query(
    `insert into orders.subsidy_session (id, label, partner, currency, budget_minor, shares, starts_at, ends_at, opened_by)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9)`,
    [
      ...[session.id, session.label, session.partner, session.currency, session.budget_minor],
      ...[JSON.stringify(session.shares), session.starts_at, session.ends_at, session.openedBy],
    ],
  )
}

/** Sessions under these ids, by id; with `lock` nobody else takes from their budgets meanwhile. Sessions are locked after the stock. */
export async function findSubsidySessions(
  db: Database,
  ids: readonly string[],
  { lock = false } = {},
): Promise<ReadonlyMap<string, SubsidySessionRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await db.query<Stored>(
    `select ${COLUMNS} from orders.subsidy_session s where s.id = any($1::text[]) order by s.id ${lock ? 'for update' : ''}`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, { ...row, shares: readShares(row.shares) }]))
}

/** Ends a session now. */
export async function closeSubsidySession(tx: Database, id: string, at: Date): Promise<void> {
  await tx.query(
    `update orders.subsidy_session set closed = true, ends_at = least(coalesce(ends_at, $2::timestamptz), $2::timestamptz)
     where id = $1 and not closed`,
    [id, at],
  )
}

/** The offers of a session, and of what. */
export async function offersOfSession(
  db: Database,
  session: string,
): Promise<readonly { readonly id: string; readonly variant: string }[]> {
  const { rows } = await db.query<{ readonly id: string; readonly variant: string }>(
    'select id, variant from orders.price_offer where session = $1 order by id',
    [session],
  )
  return rows
}

/** What a line takes from a session's budget. */
export interface SubsidyUse {
  readonly session: string
  readonly line: string
  readonly amountMinor: number
}

/** Takes from the budgets of locked sessions, each line its part; the table's check refuses a fen too much. */
export async function useSubsidies(tx: Database, uses: readonly SubsidyUse[]): Promise<void> {
  if (uses.length === 0) return
  await tx.query(
    `with used as (
       insert into orders.subsidy_use (session, line, amount_minor)
       select * from unnest($1::text[], $2::text[], $3::bigint[]) returning session, amount_minor)
     update orders.subsidy_session s set used_minor = s.used_minor + u.amount
     from (select session, sum(amount_minor)::bigint as amount from used group by session) u where s.id = u.session`,
    [uses.map(({ session }) => session), uses.map(({ line }) => line), uses.map(({ amountMinor }) => amountMinor)],
  )
}

/** What these lines have taken and not given back. */
export async function subsidiesLeft(tx: Database, lines: readonly string[]): Promise<readonly SubsidyUse[]> {
  const { rows } = await tx.query<SubsidyUse>(
    `select session, line, amount_minor - back_minor as "amountMinor" from orders.subsidy_use
     where line = any($1::text[]) and amount_minor > back_minor order by session, line`,
    [lines],
  )
  return rows
}

/** Gives back to the budgets. */
export async function giveBackSubsidies(tx: Database, back: readonly SubsidyUse[]): Promise<void> {
  if (back.length === 0) return
  await tx.query(
    `with given as (
       update orders.subsidy_use u set back_minor = u.back_minor + b.amount
       from unnest($1::text[], $2::text[], $3::bigint[]) as b(session, line, amount)
       where u.session = b.session and u.line = b.line returning u.session, b.amount)
     update orders.subsidy_session s set used_minor = s.used_minor - g.amount
     from (select session, sum(amount)::bigint as amount from given group by session) g where s.id = g.session`,
    [back.map(({ session }) => session), back.map(({ line }) => line), back.map(({ amountMinor }) => amountMinor)],
  )
}

/** What each bearer has borne of a session, by the ledger, less what came back. */
export async function borneOfSession(
  db: Database,
  session: string,
): Promise<readonly { readonly bearer: string; readonly borne_minor: number }[]> {
  const { rows } = await db.query<{ readonly bearer: string; readonly borne_minor: number }>(
    `select substr(name, 9) as bearer, sum(amount)::bigint as borne_minor from (
       select debit as name, amount_minor as amount from orders.entry where session = $1 and debit like 'subsidy:%' union all
       select credit, -amount_minor from orders.entry where session = $1 and credit like 'subsidy:%') e group by 1 order by 1`,
    [session],
  )
  return rows
}

import type { Database } from '../../../platform/db/database.js'
import { ENTRY_KINDS, type Entry } from '../domain/accounts.js'

/** What some entries belong to. A deed is entered once: its name and the entry's place are the key. */
export interface EntryOrigin {
  readonly deed: string
  /** The order, or what else it is about. */
  readonly purchase: string
  readonly at: Date
}

/** Enters what a deed does to the accounts, for ever. */
export function insertEntries(tx: Database, origin: EntryOrigin, entries: readonly Entry[]): Promise<void> {
  return enterDeeds(tx, [{ ...origin, entries }])
}

/** The same for many deeds in one statement. */
export async function enterDeeds(
  tx: Database,
  deeds: readonly (EntryOrigin & { readonly entries: readonly Entry[] })[],
): Promise<void> {
  const rows = deeds.flatMap(({ deed, purchase, at, entries }) =>
    entries.map(({ kind, debit, credit, amount, line, rateBp, session = null }, place) => ({
      ...{ deed, place, at, purchase, kind, debit, credit, amount: amount.amountMinor, currency: amount.currency },
      ...{ line, rate: rateBp, session },
    })),
  )
  if (rows.length === 0) return
  await tx.query(
    `insert into orders.entry (deed, place, at, purchase, kind, debit, credit, amount_minor, currency, line, rate_bp, session)
     select deed, place, at, purchase, kind, debit, credit, amount, currency, line, rate, session
     from jsonb_to_recordset($1::jsonb) as x(deed text, place integer, at timestamptz, purchase text, kind text, debit text, credit text,
       amount bigint, currency text, line text, rate integer, session text)`,
    [JSON.stringify(rows)],
  )
}

/** Whether a deed was entered before. */
export async function isEntered(tx: Database, deed: string): Promise<boolean> {
  const { rows } = await tx.query('select 1 from orders.entry where deed = $1 limit 1', [deed])
  return rows.length > 0
}

interface EntryRow {
  readonly kind: string
  readonly debit: string
  readonly credit: string
  readonly amount_minor: number
  readonly currency: string
  readonly line: string | null
  readonly rate_bp: number | null
  readonly session: string | null
}

/** All that was entered for an order. */
export async function entriesOf(db: Database, purchase: string): Promise<readonly Entry[]> {
  const { rows } = await db.query<EntryRow>(
    'select kind, debit, credit, amount_minor, currency, line, rate_bp, session from orders.entry where purchase = $1 order by at, deed, place',
    [purchase],
  )
  return rows.map((row) => ({
    kind: kindOf(row.kind),
    debit: row.debit,
    credit: row.credit,
    amount: { amountMinor: row.amount_minor, currency: row.currency },
    line: row.line,
    rateBp: row.rate_bp,
    session: row.session,
  }))
}

function kindOf(kind: string): Entry['kind'] {
  const known = ENTRY_KINDS.find((one) => one === kind)
  if (known === undefined) throw new Error(`the ledger holds an entry of an unknown kind: ${kind}`)
  return known
}

/** What one kind of entries did to an account in a period. */
export interface StatementRow {
  readonly currency: string
  readonly kind: string
  /** Of a session of subsidies, if of one. */
  readonly session: string | null
  readonly count: number
  readonly amount_minor: number
}

/** An account's entries in a period, summed by currency and kind: what came is positive, what left negative. */
export async function accountStatement(
  db: Database,
  { name, from, to }: { readonly name: string; readonly from: Date; readonly to: Date },
): Promise<readonly StatementRow[]> {
  const { rows } = await db.query<StatementRow>(
    `select currency, kind, session, count(*) as count, sum(amount)::bigint as amount_minor from (
       select currency, kind, session, amount_minor as amount from orders.entry where credit = $1 and at >= $2 and at < $3
       union all
       select currency, kind, session, -amount_minor from orders.entry where debit = $1 and at >= $2 and at < $3) e
     group by currency, kind, session order by currency, kind, session`,
    [name, from, to],
  )
  return rows
}

/** What an account held before a moment, by currency. */
export async function balanceBefore(db: Database, name: string, at: Date): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ readonly currency: string; readonly balance: number }>(
    `select currency, sum(amount)::bigint as balance from (
       select currency, amount_minor as amount from orders.entry where credit = $1 and at < $2
       union all
       select currency, -amount_minor from orders.entry where debit = $1 and at < $2) e group by currency`,
    [name, at],
  )
  return new Map(rows.map((row) => [row.currency, row.balance]))
}

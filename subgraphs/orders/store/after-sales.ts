import type { Database } from '../../../platform/db/database.js'
import type { AfterSaleState } from '../../../schema/events/after-sales.js'
import { OPEN_STATES, type Finding } from '../domain/after-sale.js'

/** A return, or an exchange for another variant (or the same one). */
export interface AfterSaleRow {
  readonly id: string
  readonly purchase: string
  readonly state: AfterSaleState
  readonly version: number
  readonly reason: string
  /** What it is exchanged for; null: money goes back. */
  readonly want_variant: string | null
  /** The most that may be taken from the member's e-card when the other variant costs more. */
  readonly most_difference: number
  readonly carrier: string | null
  readonly waybill: string | null
  /** Why it was refused, or refunded where an exchange was asked for. */
  readonly note: string | null
  /** What went back to the buyer. */
  readonly back_minor: number
  /** The line that came in place of the old one. */
  readonly new_line: string | null
  readonly opened_at: Date
  readonly closed_at: Date | null
}

/** What of a line is sent back, and what was found. */
export interface AfterSaleItemRow {
  readonly after_sale: string
  readonly line: string
  readonly pieces: number
  readonly accepted: number | null
  readonly damaged: number | null
  readonly reason: string | null
}

const COLUMNS = `a.id, a.purchase, a.state, a.version, a.reason, a.want_variant, a.most_difference, a.carrier, a.waybill, a.note,
  a.back_minor, a.new_line, a.opened_at, a.closed_at`
const ITEM = 'i.after_sale, i.line, i.pieces, i.accepted, i.damaged, i.reason'

/** Writes down a new return with its pieces. */
export async function insertAfterSale(
  tx: Database,
  row: Pick<AfterSaleRow, 'id' | 'purchase' | 'state' | 'reason' | 'want_variant' | 'most_difference' | 'opened_at'>,
  items: readonly Pick<AfterSaleItemRow, 'line' | 'pieces'>[],
): Promise<void> {
  await tx.query(
    `insert into orders.after_sale (id, purchase, state, reason, want_variant, most_difference, opened_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [row.id, row.purchase, row.state, row.reason, row.want_variant, row.most_difference, row.opened_at],
  )
  await tx.query(
    `insert into orders.after_sale_item (after_sale, line, pieces) select $1, line, pieces
     from unnest($2::text[], $3::bigint[]) as i(line, pieces)`,
    [row.id, items.map(({ line }) => line), items.map(({ pieces }) => pieces)],
  )
}

/** What is to be written on a return; what is left out stays. */
export interface AfterSaleMove {
  readonly id: string
  readonly state: AfterSaleState
  readonly carrier?: string
  readonly waybill?: string
  readonly note?: string | null
  readonly backMinor?: number
  readonly newLine?: string
  readonly closedAt?: Date
}

/** Writes a step of a return. */
export async function moveAfterSale(tx: Database, move: AfterSaleMove): Promise<void> {
  await tx.query(
    `update orders.after_sale set state = $2, version = version + 1, carrier = coalesce($3, carrier), waybill = coalesce($4, waybill),
       note = coalesce($5, note), back_minor = coalesce($6, back_minor), new_line = coalesce($7, new_line),
       closed_at = coalesce($8, closed_at) where id = $1`,
    [
      ...[move.id, move.state, move.carrier ?? null, move.waybill ?? null, move.note ?? null],
      ...[move.backMinor ?? null, move.newLine ?? null, move.closedAt ?? null],
    ],
  )
}

/** Writes down what the inspection found. */
export async function keepFindings(tx: Database, id: string, findings: readonly Finding[]): Promise<void> {
  await tx.query(
    `update orders.after_sale_item i set accepted = f.accepted, damaged = f.damaged, reason = f.reason
     from jsonb_to_recordset($2::jsonb) as f(line text, accepted bigint, damaged bigint, reason text)
     where i.after_sale = $1 and i.line = f.line`,
    [id, JSON.stringify(findings)],
  )
}

/** Returns under these ids, by id. Their order's lock is theirs too. */
export async function findAfterSales(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, AfterSaleRow>> {
  const { rows } = await db.query<AfterSaleRow>(
    `select ${COLUMNS} from orders.after_sale a where a.id = any($1::text[])`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** The returns of these orders, the oldest first, by order. */
export async function afterSalesOf(
  db: Database,
  purchases: readonly string[],
): Promise<ReadonlyMap<string, readonly AfterSaleRow[]>> {
  const { rows } = await db.query<AfterSaleRow>(
    `select ${COLUMNS} from orders.after_sale a where a.purchase = any($1::text[]) order by a.opened_at, a.id`,
    [purchases],
  )
  return grouped(rows, ({ purchase }) => purchase)
}

/** What of lines is sent back under these returns, by return. */
export async function itemsOf(
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly AfterSaleItemRow[]>> {
  const { rows } = await db.query<AfterSaleItemRow>(
    `select ${ITEM} from orders.after_sale_item i where i.after_sale = any($1::text[]) order by i.after_sale, i.line`,
    [ids],
  )
  return grouped(rows, (row) => row.after_sale)
}

/** Pieces of an order that open returns speak for, by line. */
export async function spokenFor(tx: Database, purchase: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await tx.query<{ readonly line: string; readonly pieces: number }>(
    `select i.line, sum(i.pieces)::bigint as pieces from orders.after_sale a join orders.after_sale_item i on i.after_sale = a.id
     where a.purchase = $1 and a.state = any($2::text[]) group by i.line`,
    [purchase, OPEN_STATES],
  )
  return new Map(rows.map((row) => [row.line, row.pieces]))
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const byKey = new Map<string, Row[]>()
  for (const row of rows) byKey.set(keyOf(row), [...(byKey.get(keyOf(row)) ?? []), row])
  return byKey
}

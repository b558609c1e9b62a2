import type { Database } from '../../../platform/db/database.js'
import { ACTED_FOR } from './acted-for.js'
import { TOLD_ADDRESS } from './member-addresses.js'
import type { OrderState } from '../../../schema/events/orders.js'

/** An order's row. Exactly one of member and partner is set. */
export interface PurchaseRow {
  readonly id: string
  readonly number: number
  readonly state: OrderState
  readonly version: number
  readonly member: string | null
  readonly partner: string | null
  readonly partner_order: string | null
  readonly body_hash: string | null
  readonly currency: string
  readonly total_minor: number
  readonly paid_minor: number
  readonly refunded_minor: number
  readonly address_id: string | null
  readonly reserved_until: Date
  readonly carrier: string | null
  readonly waybill: string | null
  readonly reason: string | null
  readonly created_at: Date
  readonly paid_at: Date | null
  readonly shipped_at: Date | null
  readonly closed_at: Date | null
}

/** A new order. */
export interface NewPurchase {
  readonly id: string
  readonly state: OrderState
  readonly member: string | null
  readonly partner: string | null
  readonly partnerOrder: string | null
  readonly bodyHash: string | null
  readonly currency: string
  readonly totalMinor: number
  readonly addressId: string | null
  /** Base64 of sealed bytes. */
  readonly addressSealed: string | null
  readonly reservedUntil: Date
  readonly createdAt: Date
}

/** One step of one order, to be written on its row; what is null stays as it was. */
export interface PurchaseMove {
  readonly id: string
  readonly state: OrderState
  /** What it comes to after a part was cancelled before it was paid. */
  readonly totalMinor: number | null
  readonly paidMinor: number | null
  readonly refundedMinor: number | null
  readonly carrier: string | null
  readonly waybill: string | null
  readonly reason: string | null
  /** Until when it is held now: of a pre-sale, once its deposit is paid, as long as its balance may be. */
  readonly reservedUntil: Date | null
  readonly paidAt: Date | null
  readonly shippedAt: Date | null
  readonly closedAt: Date | null
}

const COLUMNS = `p.id, p.number, p.state, p.version, p.member, p.partner, p.partner_order, p.body_hash, p.currency, p.total_minor,
  p.paid_minor, p.refunded_minor, p.address_id, p.reserved_until, p.carrier, p.waybill, p.reason, p.created_at, p.paid_at,
  p.shipped_at, p.closed_at`

/** Writes many new orders in one statement. */
export async function insertPurchases(tx: Database, orders: readonly NewPurchase[]): Promise<void> {
  await tx.query(
    `insert into orders.purchase (id, state, member, partner, partner_order, body_hash, currency, total_minor, address_id,
       address_sealed, reserved_until, created_at)
     select id, state, member, partner, "partnerOrder", "bodyHash", currency, "totalMinor", "addressId",
       decode("addressSealed", 'base64'), "reservedUntil", "createdAt"
     from jsonb_to_recordset($1::jsonb) as x(id text, state text, member text, partner text, "partnerOrder" text,
       "bodyHash" text, currency text, "totalMinor" bigint, "addressId" text, "addressSealed" text,
       "reservedUntil" timestamptz, "createdAt" timestamptz)`,
    [JSON.stringify(orders)],
    { prepared: true },
  )
}

/** Locks orders, in one order everywhere; orders are locked before sales and stock. By id. */
export async function lockPurchases(tx: Database, ids: readonly string[]): Promise<ReadonlyMap<string, PurchaseRow>> {
  const { rows } = await tx.query<PurchaseRow>(
    `select ${COLUMNS} from orders.purchase p where p.id = any($1::text[]) order by p.id for update`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Locks unpaid orders whose reservation ended: RESERVED at once, PAYING after the grace given to a late result. Passes by what another process holds. */
export async function lockOverdue(
  tx: Database,
  due: { readonly at: Date; readonly payingBefore: Date; readonly most: number },
): Promise<readonly string[]> {
  const { rows } = await tx.query<{ readonly id: string }>(
    `select id from orders.purchase p
     where (p.state = 'RESERVED' and p.reserved_until <= $1) or (p.state = 'PAYING' and p.reserved_until <= $2)
     order by p.id limit $3 for update skip locked`,
    [due.at, due.payingBefore, due.most],
  )
  return rows.map((row) => row.id)
}

/** Writes the steps of many orders in one statement and gives the rows as they are now. A paid one keeps where it goes. */
export async function movePurchases(tx: Database, moves: readonly PurchaseMove[]): Promise<readonly PurchaseRow[]> {
  const { rows } = await tx.query<PurchaseRow>(
    `update orders.purchase p set state = x.state, version = p.version + 1,
       total_minor = coalesce(x."totalMinor", p.total_minor),
       paid_minor = coalesce(x."paidMinor", p.paid_minor), refunded_minor = coalesce(x."refundedMinor", p.refunded_minor),
       carrier = coalesce(x.carrier, p.carrier), waybill = coalesce(x.waybill, p.waybill), reason = coalesce(x.reason, p.reason),
       reserved_until = coalesce(x."reservedUntil", p.reserved_until), paid_at = coalesce(x."paidAt", p.paid_at), shipped_at = coalesce(x."shippedAt", p.shipped_at),
       closed_at = coalesce(x."closedAt", p.closed_at),
       address_sealed = case when x.state = 'PAID' then coalesce(p.address_sealed, ${TOLD_ADDRESS}) else p.address_sealed end
     from jsonb_to_recordset($1::jsonb) as x(id text, state text, "totalMinor" bigint, "paidMinor" bigint, "refundedMinor" bigint, carrier text,
       waybill text, reason text, "reservedUntil" timestamptz, "paidAt" timestamptz, "shippedAt" timestamptz, "closedAt" timestamptz)
     where p.id = x.id and p.id = any($2::text[]) returning ${COLUMNS}`,
    // The ids once more as an array: of a recordset the planner expects a hundred rows, and would read the whole table.
    [JSON.stringify(moves), moves.map((move) => move.id)],
  )
  return rows
}

/** The orders under these ids, by id. */
export async function findPurchases(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, PurchaseRow>> {
  const { rows } = await db.query<PurchaseRow>(
    `select ${COLUMNS} from orders.purchase p where p.id = any($1::text[])`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Orders by the partner's own numbers. */
export async function findPartnerPurchases(
  db: Database,
  pairs: readonly { readonly partner: string; readonly partnerOrder: string }[],
): Promise<readonly PurchaseRow[]> {
  if (pairs.length === 0) return []
  const { rows } = await db.query<PurchaseRow>(
    `select ${COLUMNS} from unnest($1::text[], $2::text[]) as x(partner, partner_order)
     join orders.purchase p using (partner, partner_order)`,
    [pairs.map((pair) => pair.partner), pairs.map((pair) => pair.partnerOrder)],
  )
  return rows
}

/** Whose orders a page holds; null where it does not matter. */
export interface PageWanted {
  readonly member: string | null
  readonly partner: string | null
  /** A merchant sees the orders of those he acts for beside his own. */
  readonly merchant: string | null
  readonly state: OrderState | null
  /** Orders numbered below this one. */
  readonly before: number | null
  readonly most: number
}

/** Orders, the newest first. */
export async function pageOfPurchases(db: Database, wanted: PageWanted): Promise<readonly PurchaseRow[]> {
  const { rows } = await db.query<PurchaseRow>(
    `select ${COLUMNS} from orders.purchase p
     where ($1::text is null or p.member = $1 or ($6::text is not null and ${ACTED_FOR('$6')}))
       and ($2::text is null or p.partner = $2) and ($3::bigint is null or p.number < $3) and ($5::text is null or p.state = $5)
     order by p.number desc limit $4`,
    [wanted.member, wanted.partner, wanted.before, wanted.most, wanted.state, wanted.merchant],
  )
  return rows
}

import type { Database } from '../../../platform/db/database.js'
import type { BackRule } from '../domain/means.js'

/** A payment is begun before the provider is asked and decided once, by what the provider says. */
export type PaymentState = 'BEGUN' | 'SUCCEEDED' | 'DECLINED'

/** What of an order a payment is for: all of it, the two steps of a pre-sale, or what exchanged goods cost more. */
export type PaymentPart = 'WHOLE' | 'DEPOSIT' | 'BALANCE' | 'EXCHANGE'

/** One attempt to pay an order. Its id is the provider's idempotency key. */
export interface PaymentRow {
  readonly id: string
  readonly purchase: string
  readonly part: PaymentPart
  readonly method: string
  readonly state: PaymentState
  readonly charge: string | null
  /** What the provider is asked for. */
  readonly amount_minor: number
  /** What comes from the member's e-card beside it. */
  readonly e_card_minor: number
  readonly e_card_state: ECardState | null
  /** By which rule a part of it would go back. */
  readonly back_by: BackRule
  readonly currency: string
  readonly begun_at: Date
}

/** What a payment took from an e-card is HELD until the payment is decided; then it is the order's, or the member's again. */
export type ECardState = 'HELD' | 'TAKEN' | 'RELEASED'

/** Money that goes back. DUE until the provider (or the partner) has it; its id is the provider's idempotency key. */
export interface RefundRow {
  readonly id: string
  readonly purchase: string
  /** Null for a partner's order: the partner pays its buyer back itself. */
  readonly payment: string | null
  readonly state: 'DUE' | 'DONE'
  readonly amount_minor: number
  /** What of it went to the e-card at once; the provider gives back the rest. */
  readonly e_card_minor: number
  readonly currency: string
  readonly reason: string
  /** It came for an order that could no longer be paid. */
  readonly late: boolean
  readonly begun_at: Date
}

const PAYMENT =
  'id, purchase, part, method, state, charge, amount_minor, e_card_minor, e_card_state, back_by, currency, begun_at'
const REFUND = 'id, purchase, payment, state, amount_minor, e_card_minor, currency, reason, late, begun_at'

export async function insertPayment(tx: Database, payment: PaymentRow): Promise<void> {
  await tx.query(`insert into orders.payment (${PAYMENT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, [
    ...[payment.id, payment.purchase, payment.part, payment.method, payment.state, payment.charge],
    ...[
      payment.amount_minor,
      payment.e_card_minor,
      payment.e_card_state,
      payment.back_by,
      payment.currency,
      payment.begun_at,
    ],
  ])
}

export async function findPayment(db: Database, id: string): Promise<PaymentRow | null> {
  const { rows } = await db.query<PaymentRow>(`select ${PAYMENT} from orders.payment where id = $1`, [id])
  return rows[0] ?? null
}

/** Remembers what the provider calls the payment. */
export async function nameCharge(db: Database, payment: string, charge: string): Promise<void> {
  await db.query('update orders.payment set charge = $2 where id = $1 and charge is null', [payment, charge])
}

/** Decides a payment that was not decided yet; false when it was. */
export async function decidePayment(
  tx: Database,
  decision: { readonly id: string; readonly state: 'SUCCEEDED' | 'DECLINED'; readonly at: Date },
): Promise<boolean> {
  const { count } = await tx.query(
    `update orders.payment set state = $2, decided_at = $3 where id = $1 and state <> 'SUCCEEDED' and state <> $2`,
    [decision.id, decision.state, decision.at],
  )
  return count > 0
}

/** Payments that the provider has not decided for a while, the oldest first. */
export async function undecidedPayments(db: Database, before: Date, most: number): Promise<readonly PaymentRow[]> {
  const { rows } = await db.query<PaymentRow>(
    `select ${PAYMENT} from orders.payment where state = 'BEGUN' and begun_at < $1 order by begun_at limit $2`,
    [before, most],
  )
  return rows
}

/** Payments of these orders that hold a part of an e-card, by id. */
export async function heldPayments(tx: Database, purchases: readonly string[]): Promise<readonly PaymentRow[]> {
  const { rows } = await tx.query<PaymentRow>(
    `select ${PAYMENT} from orders.payment where purchase = any($1::text[]) and e_card_state = 'HELD' order by id`,
    [purchases],
  )
  return rows
}

/** Says what became of a payment's part of an e-card. */
export async function nameECardState(tx: Database, payment: string, state: ECardState): Promise<void> {
  await tx.query('update orders.payment set e_card_state = $2 where id = $1', [payment, state])
}

/** What an order has paid from an e-card, and what of its money went back there. */
export async function eCardSums(
  tx: Database,
  purchase: string,
): Promise<{ readonly taken: number; readonly back: number }> {
  const { rows } = await tx.query<{ readonly taken: number; readonly back: number }>(
    `select (select coalesce(sum(e_card_minor), 0)::bigint from orders.payment where purchase = $1 and e_card_state = 'TAKEN') as taken,
       (select coalesce(sum(e_card_minor), 0)::bigint from orders.refund where purchase = $1) as back`,
    [purchase],
  )
  return rows[0] ?? { taken: 0, back: 0 }
}

/** The payments that paid these orders, the last first: one, or deposit and balance; none of a partner's order. What came too late is none of them. */
export async function paymentsThatPaid(
  db: Database,
  purchases: readonly string[],
): Promise<ReadonlyMap<string, readonly PaymentRow[]>> {
  const { rows } = await db.query<PaymentRow>(
    `select ${PAYMENT} from (
       select distinct on (purchase, part) * from orders.payment p
       where purchase = any($1::text[]) and state = 'SUCCEEDED' and part <> 'EXCHANGE'
         and not exists (select from orders.refund r where r.purchase = p.purchase and r.payment = p.id and r.late)
       order by purchase, part, decided_at) paid
     order by purchase, part`, // BALANCE stands before DEPOSIT
    [purchases],
  )
  const byPurchase = new Map<string, PaymentRow[]>()
  for (const row of rows) byPurchase.set(row.purchase, [...(byPurchase.get(row.purchase) ?? []), row])
  return byPurchase
}

/** What the provider has given back, or is to, of each payment that paid an order. */
export async function backByPayment(tx: Database, purchase: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await tx.query<{ readonly payment: string; readonly back: number }>(
    `select payment, sum(amount_minor - e_card_minor)::bigint as back from orders.refund
     where purchase = $1 and payment is not null and not late group by payment`,
    [purchase],
  )
  return new Map(rows.map((row) => [row.payment, row.back]))
}

/** Writes down that money is to go back, of many orders in one statement; under one id only once. */
export async function insertRefunds(tx: Database, refunds: readonly RefundRow[]): Promise<void> {
  if (refunds.length === 0) return
  await tx.query(
    `insert into orders.refund (${REFUND}) select ${REFUND}
     from jsonb_to_recordset($1::jsonb) as x(id text, purchase text, payment text, state text, amount_minor bigint, e_card_minor bigint,
       currency text, reason text, late boolean, begun_at timestamptz)
     on conflict (id) do nothing`,
    [JSON.stringify(refunds)],
  )
}

/** Refunds that the provider has not been told of yet, the oldest first. */
export async function dueRefunds(db: Database, most: number): Promise<readonly RefundRow[]> {
  const { rows } = await db.query<RefundRow>(
    `select ${REFUND} from orders.refund where state = 'DUE' order by begun_at limit $1`,
    [most],
  )
  return rows
}

/** The money has gone; false when it had before. */
export async function refundDone(tx: Database, id: string, at: Date): Promise<boolean> {
  const { count } = await tx.query(
    `update orders.refund set state = 'DONE', done_at = $2 where id = $1 and state = 'DUE'`,
    [id, at],
  )
  return count > 0
}

/** The refunds of these orders, by order. */
export async function refundsOf(
  db: Database,
  purchases: readonly string[],
): Promise<ReadonlyMap<string, readonly RefundRow[]>> {
  const { rows } = await db.query<RefundRow>(
    `select ${REFUND} from orders.refund where purchase = any($1::text[]) order by begun_at`,
    [purchases],
  )
  const byPurchase = new Map<string, RefundRow[]>()
  for (const row of rows) byPurchase.set(row.purchase, [...(byPurchase.get(row.purchase) ?? []), row])
  return byPurchase
}

import type { Database } from '../../../platform/db/database.js'

/** A payment is begun before the provider is asked and decided once, by what the provider says. */
export type PaymentState = 'BEGUN' | 'SUCCEEDED' | 'DECLINED'

/** One attempt to pay an order. Its id is the provider's idempotency key. */
export interface PaymentRow {
  readonly id: string
  readonly purchase: string
  readonly method: string
  readonly state: PaymentState
  readonly charge: string | null
  readonly amount_minor: number
  readonly currency: string
  readonly begun_at: Date
}

/** Money that goes back. DUE until the provider (or the partner) has it; its id is the provider's idempotency key. */
export interface RefundRow {
  readonly id: string
  readonly purchase: string
  /** Null for a partner's order: the partner pays its buyer back itself. */
  readonly payment: string | null
  readonly state: 'DUE' | 'DONE'
  readonly amount_minor: number
  readonly currency: string
  readonly reason: string
  readonly begun_at: Date
}

const PAYMENT = 'id, purchase, method, state, charge, amount_minor, currency, begun_at'
const REFUND = 'id, purchase, payment, state, amount_minor, currency, reason, begun_at'

export async function insertPayment(tx: Database, payment: PaymentRow): Promise<void> {
  await tx.query(`insert into orders.payment (${PAYMENT}) values ($1, $2, $3, $4, $5, $6, $7, $8)`, [
    ...[payment.id, payment.purchase, payment.method, payment.state, payment.charge],
    ...[payment.amount_minor, payment.currency, payment.begun_at],
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

/** The payment that paid an order; null for a partner's. */
export async function succeededPayment(tx: Database, purchase: string): Promise<PaymentRow | null> {
  const { rows } = await tx.query<PaymentRow>(
    `select ${PAYMENT} from orders.payment where purchase = $1 and state = 'SUCCEEDED' order by decided_at limit 1`,
    [purchase],
  )
  return rows[0] ?? null
}

/** Writes down that money is to go back; for one payment only once. */
export async function insertRefund(tx: Database, refund: RefundRow): Promise<void> {
  await tx.query(
    `insert into orders.refund (${REFUND}) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (payment) do nothing`,
    [
      ...[refund.id, refund.purchase, refund.payment, refund.state],
      ...[refund.amount_minor, refund.currency, refund.reason, refund.begun_at],
    ],
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

export async function refundDone(db: Database, id: string, at: Date): Promise<void> {
  await db.query(`update orders.refund set state = 'DONE', done_at = $2 where id = $1 and state = 'DUE'`, [id, at])
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

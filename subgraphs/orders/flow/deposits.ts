import type { Database } from '../../../platform/db/database.js'
import { account, gathered } from '../domain/accounts.js'
import type { Deed } from '../domain/moves.js'
import { depositsOf } from '../store/deposits.js'
import { enterDeeds } from '../store/entries.js'
import { findGoods } from '../store/goods.js'
import type { LineRow } from '../store/lines.js'
import { insertRefunds, paymentsThatPaid, type PaymentRow } from '../store/payments.js'
import type { PurchaseRow } from '../store/purchases.js'
import { backOnECard } from './e-card-money.js'
import { ownerOf } from './place-request.js'
import { distinct } from './shop-facts.js'
import { later, type Shop } from './shop.js'

/** Orders of pre-sales that make a step, as they were before it. */
interface DepositStep {
  readonly orders: readonly PurchaseRow[]
  readonly lines: ReadonlyMap<string, readonly LineRow[]>
  readonly at: Date
}

/** What a step does to deposits: they are taken, kept by the seller or given back; the other steps leave them where they are. */
export async function moveDeposits(tx: Database, deed: Deed, step: DepositStep): Promise<void> {
  await MOVES[deed]?.(tx, step)
}
const MOVES: Readonly<Partial<Record<Deed, (tx: Database, step: DepositStep) => Promise<void>>>> = {
  settleDeposit: takeDeposits,
  forfeit: keepDeposits,
  returnDeposit: returnDeposits,
}

/** Until when an order whose deposit came now waits for its balance: until the window closes, and never shorter than for any payment. */
export async function balanceUntil(
  tx: Database,
  shop: Shop,
  { order, at }: { readonly order: PurchaseRow; readonly at: Date },
): Promise<Date> {
  const deposit = (await depositsOf(tx, [order.id])).get(order.id)
  const atLeast = later(at, shop.terms.reserveMs)
  return deposit !== undefined && deposit.balance_until > atLeast ? deposit.balance_until : atLeast
}

/** Money came for deposits: it is nobody's until the orders are paid or at their end. */
async function takeDeposits(tx: Database, { orders, at }: DepositStep): Promise<void> {
  const paid = await depositPayments(tx, orders)
  await enterDeeds(
    tx,
    orders.map(({ id, currency }) => ({
      ...{ deed: `${id}:deposit`, purchase: id, at },
      entries: gathered('DEPOSIT', { from: sourcesOf(paid.get(id)), to: account.deposit(id), currency }),
    })),
  )
}

/** Deposits whose orders were not paid by their buyers' fault are the sellers'. */
async function keepDeposits(tx: Database, { orders, lines, at }: DepositStep): Promise<void> {
  const variantOf = new Map(orders.map(({ id }) => [id, lines.get(id)?.[0]?.variant ?? '']))
  const goods = await findGoods(tx, distinct([...variantOf.values()]))
  await enterDeeds(
    tx,
    orders.map(({ id, paid_minor: minor, currency }) => {
      const seller = goods.get(variantOf.get(id) ?? '')?.seller ?? 'unknown'
      const from = [{ account: account.deposit(id), minor }]
      const entries = gathered('FORFEIT', { from, to: account.seller(seller), currency })
      return { deed: `${id}:forfeit`, purchase: id, at, entries }
    }),
  )
}

/** Deposits go back whole, in the ways they were paid: the e-card has its part at once, the provider is told after the commit. */
async function returnDeposits(tx: Database, { orders, at }: DepositStep): Promise<void> {
  const paid = await depositPayments(tx, orders)
  await enterDeeds(
    tx,
    orders.map((order) => {
      const { id, paid_minor: minor, currency } = order
      const from = [{ account: account.deposit(id), minor }]
      const entries = gathered('DEPOSIT', { from, to: account.buyer(ownerOf(order)), currency })
      return { deed: `${id}:deposit-back`, purchase: id, at, entries }
    }),
  )
  const refunds = orders.flatMap((order) => {
    const payment = paid.get(order.id)
    return payment === undefined ? [] : [{ order, payment, id: refundId(order) }]
  })
  await insertRefunds(
    tx,
    refunds.map(({ order, payment, id }) => ({
      ...{ id, purchase: order.id, payment: payment.id, state: payment.amount_minor === 0 ? 'DONE' : 'DUE' },
      ...{ amount_minor: order.paid_minor, e_card_minor: payment.e_card_minor, currency: order.currency },
      ...{ reason: 'the deposit goes back', late: false, begun_at: at },
    })),
  )
  for (const { order, payment, id } of refunds)
    await backOnECard(tx, { refund: id, order, amount: payment.e_card_minor, at })
}

function refundId({ id, version }: PurchaseRow): string {
  return `Refund:${id.slice('Order:'.length)}-${version}`
}

async function depositPayments(tx: Database, orders: readonly PurchaseRow[]): Promise<ReadonlyMap<string, PaymentRow>> {
  const payments = await paymentsThatPaid(
    tx,
    orders.map(({ id }) => id),
  )
  return new Map([...payments.values()].flat().flatMap((row) => (row.part === 'DEPOSIT' ? [[row.purchase, row]] : [])))
}

function sourcesOf(payment: PaymentRow | undefined) {
  if (payment === undefined) throw new Error('a deposit came by no payment')
  return [
    { account: account.held(payment.id), minor: payment.e_card_minor },
    { account: account.provider, minor: payment.amount_minor },
  ]
}

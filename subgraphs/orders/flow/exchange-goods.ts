import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import { account } from '../domain/accounts.js'
import { draftOrder } from '../domain/draft.js'
import { lineMovement } from '../domain/ledger.js'
import type { Part } from '../domain/parts.js'
import type { PriceStep } from '../domain/quote.js'
import { chooseWarehouse, MAIN } from '../domain/warehouses.js'
import type { AfterSaleRow } from '../store/after-sales.js'
import { insertLines, linesOf, type LineRow, type NewLine } from '../store/lines.js'
import { addParcel } from '../store/parcels.js'
import { decidePayment, findPayment, insertPayment, type PaymentRow } from '../store/payments.js'
import { movePurchases, type PurchaseRow } from '../store/purchases.js'
import { freeAt, lockStock, type StockRow } from '../store/stock.js'
import { findMeant } from './coupon-facts.js'
import { spendECard, tryHoldECard } from './e-card-money.js'
import { enterExchange } from './keep-accounts.js'
import { keepBooks } from './keep-books.js'
import { readSteps } from './read-steps.js'
import { newKey, type Shop } from './shop.js'
import { shopFacts } from './shop-facts.js'
import { NOTHING } from './step-orders.js'
import { orderMoved } from './tell-orders.js'

/** Accepted pieces of one line that are to be exchanged. Their order must be locked. */
export interface Exchanging {
  readonly row: AfterSaleRow
  readonly order: PurchaseRow
  readonly lines: readonly LineRow[]
  readonly parts: readonly Part[]
  readonly at: Date
}

/** What the old pieces are worth in the new ones: their money goes there instead of to the buyer. */
export interface ExchangeAccount {
  readonly name: string
  readonly worthMinor: number
}

/** An exchange that can be made, or why it cannot be: then the money goes back. */
export type Exchange =
  | { readonly note: string }
  | {
      readonly account: ExchangeAccount
      /** Adds the new line, once the old pieces are undone. */
      readonly complete: (moved: readonly PurchaseRow[]) => Promise<Completed>
    }
interface Completed {
  readonly rows: readonly PurchaseRow[]
  readonly newLine: string
}

/**
 * The same goods again cost what they were bought for; others what they cost now. What they cost less goes back to the buyer, what they
 * cost more comes from the member's e-card, up to what he allowed. Nothing is kept for an exchange before the old goods were inspected.
 */
export async function exchangeFor(tx: Database, shop: Shop, exchanging: Exchanging): Promise<Exchange> {
  const { row, order, lines, parts } = exchanging
  const [part] = parts
  const old = lines.find(({ id }) => id === part?.line)
  const want = row.want_variant
  if (part === undefined || old === undefined || want === null) return { note: 'nothing is to be exchanged' }
  const stock = await lockStock(tx, [...new Set([want, old.variant])].sort())
  const warehouse = leaving(stock.get(want), { prefers: old.warehouse, pieces: part.pieces })
  if (warehouse === null) return { note: 'what was wanted is sold out' }
  const same = want === old.variant
  const fresh = { ...(same ? again(old, part) : await priced(tx, exchanging, { old, part, want })), warehouse }
  const difference = fresh.total_minor - part.amountMinor
  if (difference > row.most_difference) return { note: `what was wanted costs ${difference} more` }
  const payment = difference > 0 ? await fromECard(tx, shop, exchanging, difference) : null
  if (difference > 0 && payment === null) return { note: 'the e-card does not hold the difference' }
  const worth = { name: account.exchange(row.id), worthMinor: Math.min(part.amountMinor, fresh.total_minor) }
  return {
    account: worth,
    complete: ([moved]) => addLine(tx, shop, { exchanging, moved: moved ?? order, fresh, worth, payment }),
  }
}

/** The warehouse that the new goods leave: the old ones' when it has them, else the one that has most; null when none has all of them. */
function leaving(
  stock: StockRow | undefined,
  { prefers, pieces }: { readonly prefers: string; readonly pieces: number },
): string | null {
  if (stock === undefined) return null
  const names = stock.shelves?.map((shelf) => shelf.warehouse) ?? [MAIN]
  const sources = names.map((warehouse) => ({
    ...{ warehouse, near: warehouse === prefers ? 1 : 0, free: freeAt(stock, warehouse) },
  }))
  return chooseWarehouse(sources, pieces)
}

/** The same goods once more, at what the old pieces came to. */
function again(old: LineRow, part: Part): NewLine {
  const unit = Math.ceil(part.amountMinor / part.pieces)
  const label = 'exchanged at the price that it was bought for'
  const step: PriceStep = { kind: 'LIST', label, offeredMinor: unit, changeMinor: unit, bearer: null }
  return {
    ...old,
    ...{ flash_sale: null, quantity: part.pieces, unit_minor: unit, total_minor: part.amountMinor },
    off_minor: unit * part.pieces - part.amountMinor,
    steps: { currency: readSteps(old.steps).currency, steps: [step], coupons: [] },
  }
}

/** Other goods at what they cost the buyer now, outside of any room or sale. */
async function priced(
  tx: Database,
  { order, at }: Exchanging,
  { old, part, want }: { old: LineRow; part: Part; want: string },
): Promise<NewLine> {
  const asker = { member: order.member, partner: order.partner, coupons: [] }
  const nothing = { room: null, flashSale: null, click: null, expectedUnitMinor: null }
  const asked = [{ ...nothing, variant: want, quantity: part.pieces, outlet: old.outlet }]
  const moment = Promise.resolve({ at, sales: new Map() })
  const facts = await shopFacts(tx, { lines: asked, askers: [asker], coupons: findMeant(tx, []) }, moment)
  const spent = new Map([...facts.budgets.keys()].map((session) => [session, 0])) // nothing new is taken from a budget
  const draft = draftOrder(asked, { ...facts, budgets: spent }, asker)
  const [line] = draft.lines
  if (line === undefined) throw new Error('a line was drafted to nothing')
  return {
    ...old,
    ...{ variant: want, product: line.product, flash_sale: null, quantity: part.pieces, off_minor: 0 },
    ...{ unit_minor: line.price.currentMinor, total_minor: line.total.amountMinor },
    steps: { currency: line.total.currency, steps: line.price.steps, coupons: [] },
  }
}

/** A payment of the difference by e-card; null when it is not there. */
async function fromECard(
  tx: Database,
  shop: Shop,
  { order, at }: Exchanging,
  minor: number,
): Promise<PaymentRow | null> {
  const payment: PaymentRow = {
    ...{
      id: `Payment:${newKey(shop)}`,
      purchase: order.id,
      part: 'EXCHANGE',
      method: 'ecard',
      state: 'BEGUN',
      charge: null,
    },
    ...{ amount_minor: 0, e_card_minor: minor, e_card_state: 'HELD', back_by: shop.terms.backBy },
    ...{ currency: order.currency, begun_at: at },
  }
  if (order.member === null || !(await tryHoldECard(tx, { payment, order, at }))) return null
  await insertPayment(tx, payment)
  await decidePayment(tx, { id: payment.id, state: 'SUCCEEDED', at })
  await spendECard(tx, { payment, order, at })
  return findPayment(tx, payment.id)
}

interface Adding {
  readonly exchanging: Exchanging
  /** The order's row after the old pieces were undone. */
  readonly moved: PurchaseRow
  readonly fresh: NewLine
  readonly worth: ExchangeAccount
  readonly payment: PaymentRow | null
}

async function addLine(tx: Database, shop: Shop, adding: Adding): Promise<Completed> {
  const { exchanging, moved, fresh, worth, payment } = adding
  const { lines, at, order } = exchanging
  const place = lines.length
  const line = { ...fresh, id: `OrderLine:${order.id.slice('Order:'.length)}-${place + 1}`, place }
  await insertLines(tx, [line])
  const seller = await addParcel(tx, { purchase: order.id, line: line.id })
  const stocked = {
    id: line.id,
    variant: line.variant,
    warehouse: line.warehouse,
    quantity: line.quantity,
    flashSale: null,
  }
  const movements = [lineMovement('hold', stocked, true), lineMovement('sell', stocked, true)]
  const stock = await lockStock(tx, [line.variant])
  const books = keepBooks(tx, { stock, movements, sales: [], taken: [] }, at)
  const difference = payment?.e_card_minor ?? 0
  const sources = [
    { account: worth.name, minor: worth.worthMinor },
    ...(payment === null ? [] : [{ account: account.held(payment.id), minor: difference }]),
  ]
  const after = (await linesOf(tx, [order.id])).get(order.id) ?? []
  const sold = after.filter(({ id }) => id === line.id)
  await enterExchange(tx, shop, { order: moved, lines: sold, seller, sources, at })
  const rows = await movePurchases(tx, [
    { ...NOTHING, id: order.id, state: moved.state, paidMinor: moved.paid_minor + difference },
  ])
  const told = rows.map((row) => orderMoved(row, after, at))
  await Promise.all([books.writing, tell(tx, 'orders', [...told, ...books.events])])
  return { rows, newLine: line.id }
}

import type { Database } from '../../../platform/db/database.js'
import { account, saleEntries, type Entry, type SoldLine, type Source } from '../domain/accounts.js'
import { ofPieces, type Part } from '../domain/parts.js'
import { stillMoved, undoEntries } from '../domain/undo-entries.js'
import { entriesOf, insertEntries } from '../store/entries.js'
import { findGoods } from '../store/goods.js'
import { agreedRates, dealKey } from '../store/host-deals.js'
import type { LineRow } from '../store/lines.js'
import { paymentsThatPaid, type PaymentRow, type RefundRow } from '../store/payments.js'
import { pickedTerms } from '../store/pool-picks.js'
import type { PurchaseRow } from '../store/purchases.js'
import { ownerOf } from './place-request.js'
import { readSteps } from './read-steps.js'
import type { Shop } from './shop.js'
import { distinct } from './shop-facts.js'

/** An order, its lines, and when. */
interface MoneyStep {
  readonly order: PurchaseRow
  readonly lines: readonly LineRow[]
  readonly at: Date
}

/** An order was paid for: who gets what, in the transaction in which it becomes paid. */
export async function enterSale(tx: Database, shop: Shop, { order, lines, at }: MoneyStep): Promise<void> {
  const goods = await findGoods(tx, distinct(lines.map((line) => line.variant)))
  const sold = asPicked(
    lines.map((line) => soldLine(line, order.currency, goods.get(line.variant)?.seller ?? 'unknown')),
    lines,
    await pickedTerms(tx, lines),
  )
  const entries = saleEntries(
    await paidFrom(tx, order),
    await asAgreed(tx, { order, lines, sold }),
    shop.terms.commissions,
  )
  await insertEntries(tx, { deed: `${order.id}:paid`, purchase: order.id, at }, entries)
}

/** A host who picked a product from the pool earns what he picked it for. */
function asPicked(
  sold: readonly SoldLine[],
  lines: readonly LineRow[],
  hostBp: Awaited<ReturnType<typeof pickedTerms>>,
): readonly SoldLine[] {
  return sold.map((line, place) => {
    const row = lines[place]
    const picked = row === undefined ? null : hostBp(row)
    return picked === null ? line : { ...line, hostBp: picked }
  })
}

/** Pieces that take the place of others are the buyer's: what those were worth pays for them, and what is paid beside it. */
export async function enterExchange(
  tx: Database,
  shop: Shop,
  { order, lines, seller, sources, at }: MoneyStep & { readonly seller: string; readonly sources: readonly Source[] },
): Promise<void> {
  const picked = await pickedTerms(tx, lines)
  const sold = asPicked(
    lines.map((line) => soldLine(line, order.currency, seller)),
    lines,
    picked,
  )
  const entries = saleEntries(sources, await asAgreed(tx, { order, lines, sold }), shop.terms.commissions)
  await insertEntries(tx, { deed: `${order.id}:exchanged:${order.version}`, purchase: order.id, at }, entries)
}

/** Lines with the rates that their hosts had agreed when the order was placed. */
async function asAgreed(
  tx: Database,
  { order, lines, sold }: { order: PurchaseRow; lines: readonly LineRow[]; sold: readonly SoldLine[] },
): Promise<readonly SoldLine[]> {
  const pairs = lines.flatMap(({ host, product }) => (host === null ? [] : [{ host, product }]))
  const rates = await agreedRates(tx, pairs, order.created_at)
  const productOf = new Map(lines.map(({ id, product }) => [id, product]))
  return sold.map((line) => {
    const hostBp = rates.get(dealKey(line.host ?? '', productOf.get(line.id) ?? ''))
    return hostBp === undefined ? line : { ...line, hostBp }
  })
}

/** Parts of a paid order are undone: what was entered for them goes the other way, and its buyer is owed what he paid for them. */
export async function enterUndone(
  tx: Database,
  { order, parts, exchange, at }: { order: PurchaseRow; parts: readonly Part[]; exchange?: Exchanged; at: Date },
): Promise<void> {
  const buyer = order.partner === null ? account.buyer(ownerOf(order)) : account.partner(order.partner)
  const paidBackTo = exchange?.name ?? buyer
  const entries = undoEntries(stillMoved(await entriesOf(tx, order.id)), { parts, paidBackTo })
  const rest = exchange === undefined ? [] : restOf(exchange, buyer, order.currency)
  await insertEntries(tx, { deed: `${order.id}:undone:${order.version}`, purchase: order.id, at }, [
    ...entries,
    ...rest,
  ])
}

/** Where the money of undone pieces goes when others take their place, and what of it is more than those cost. */
interface Exchanged {
  readonly name: string
  readonly restMinor: number
}

function restOf({ name, restMinor }: Exchanged, buyer: string, currency: string): readonly Entry[] {
  return moved('EXCHANGE', { amount_minor: restMinor, currency }, [name, buyer])
}

/** Money came for an order that could no longer be paid: it is the buyer's. */
export function enterLateMoney(
  tx: Database,
  { payment, order, at }: { payment: PaymentRow; order: PurchaseRow; at: Date },
): Promise<void> {
  const entry = moved('LATE_MONEY', payment, [account.provider, account.buyer(ownerOf(order))])
  return insertEntries(tx, { deed: `${payment.id}:late`, purchase: order.id, at }, entry)
}

/** The buyer has back what the provider had of him. */
export function enterPaidBack(
  tx: Database,
  { refund, order, at }: { refund: RefundRow; order: PurchaseRow; at: Date },
): Promise<void> {
  const entry = moved('PAID_BACK', byProvider(refund), [account.buyer(ownerOf(order)), account.provider])
  return insertEntries(tx, { deed: `${refund.id}:done`, purchase: order.id, at }, entry)
}

/** What of a refund the provider gives back. */
export function byProvider({ amount_minor, e_card_minor, currency }: RefundRow) {
  return { amount_minor: amount_minor - e_card_minor, currency }
}

function moved(
  kind: Entry['kind'],
  { amount_minor, currency }: { readonly amount_minor: number; readonly currency: string },
  [debit, credit]: readonly [string, string],
): readonly Entry[] {
  if (amount_minor === 0) return []
  return [{ kind, debit, credit, amount: { amountMinor: amount_minor, currency }, line: null, rateBp: null }]
}

/** What pays for an order: a partner, or what was paid as its deposit, the member's e-card and the provider, each its part. */
async function paidFrom(tx: Database, order: PurchaseRow): Promise<readonly Source[]> {
  if (order.partner !== null) return [{ account: account.partner(order.partner), minor: order.total_minor }]
  const [payment] = (await paymentsThatPaid(tx, [order.id])).get(order.id) ?? []
  const { id = '', e_card_minor: eCardMinor = 0, amount_minor: minor = 0 } = payment ?? {}
  return [
    ...(order.paid_minor === 0 ? [] : [{ account: account.deposit(order.id), minor: order.paid_minor }]),
    ...(eCardMinor === 0 ? [] : [{ account: account.held(id), minor: eCardMinor }]),
    { account: account.provider, minor },
  ]
}

/** A line as it is paid for: what of it was cancelled before is no part of it. */
function soldLine(line: LineRow, currency: string, seller: string): SoldLine {
  return {
    id: line.id,
    seller,
    quantity: line.quantity - line.undone,
    total: { amountMinor: line.total_minor - line.back_minor, currency },
    subsidies: subsidies(line),
    host: line.host,
    link: line.campaign_link,
    partner: line.partner,
  }
}

/** What others than the seller bear of what is left of a line: of each piece by the steps of its price, and of the coupons laid on it. */
function subsidies({ steps, quantity, undone }: LineRow): SoldLine['subsidies'] {
  const { steps: ofPiece, coupons } = readSteps(steps)
  const byPiece = ofPiece.flatMap(({ bearer, changeMinor, session = null }) =>
    bearer !== null && changeMinor < 0 ? [{ bearer, amountMinor: -changeMinor * (quantity - undone), session }] : [],
  )
  const ofCoupons = coupons.map(({ bearer, amountMinor }) => ({
    bearer,
    amountMinor: amountMinor - ofPieces(amountMinor, quantity, undone),
  }))
  return [...byPiece, ...ofCoupons].filter(({ bearer }) => !bearer.startsWith('seller:'))
}

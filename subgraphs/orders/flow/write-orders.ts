import type { Database } from '../../../platform/db/database.js'
import { drawnByLine } from '../domain/budgets.js'
import type { Draft, DraftLine } from '../domain/draft.js'
import { lineMovement, saleChange } from '../domain/ledger.js'
import { FIRST_OF_PRE_SALE, FIRST_STATE } from '../domain/moves.js'
import { AsideLeft } from '../domain/set-aside.js'
import { MAIN } from '../domain/warehouses.js'
import { takeAside } from '../store/waiters.js'
import { useCoupons } from '../store/coupons.js'
import { insertDeposits, type NewDeposit } from '../store/deposits.js'
import { insertLines, type NewLine } from '../store/lines.js'
import { useSubsidies, type SubsidyUse } from '../store/subsidy-sessions.js'
import { insertPurchases, type NewPurchase } from '../store/purchases.js'
import type { SaleEntry } from './change-sales.js'
import type { BatchFacts } from './decide-batch.js'
import { SaleFills } from './fill-sales.js'
import { keepAndTell, type Entries } from './keep-books.js'
import { ownerOf, requestHash, type PlaceRequest } from './place-request.js'
import { later, type Shop } from './shop.js'
import { orderMoved } from './tell-orders.js'

/** An order that is to be: its pieces are there, and their rows are locked. */
export interface Granted {
  /** A fresh `Order:…` id. */
  readonly id: string
  readonly request: PlaceRequest
  readonly draft: Draft
  /** The warehouse that each of its lines leaves. */
  readonly from: readonly string[]
}

/** Writes new orders with their lines, holds their pieces and tells of it, each kind of row in one statement, all on their way at once. */
export async function writeOrders(
  tx: Database,
  shop: Shop,
  { granted, facts }: { granted: readonly Granted[]; facts: BatchFacts },
): Promise<void> {
  if (granted.length === 0) return
  const { at } = facts
  const orders = granted.map((order) => newPurchase(shop, order, at))
  const fills = new SaleFills(facts.sales)
  const lines = granted.map((order) => order.draft.lines.map((line, place) => newLine(order, line, { place, fills })))
  const held = heldPieces(granted, lines, facts)
  await Promise.all([
    insertPurchases(tx, orders),
    insertLines(tx, lines.flat()),
    insertDeposits(tx, granted.flatMap(depositsDue)),
    useCoupons(tx, couponsUsed(granted), at),
    takeAside(tx, asideTaken(held)),
    useSubsidies(
      tx,
      granted.flatMap((order, place) => subsidiesUsed(order, lines[place] ?? [])),
    ),
    keepAndTell(tx, {
      entries: holding(held, facts, fills),
      told: orders.map((order, place) => orderMoved(asTold(order), lines[place] ?? [], at)),
      at,
    }),
  ])
}

/** What an order of a pre-sale pays first. */
function depositsDue({ id, request, draft: { lines, deposit } }: Granted): readonly NewDeposit[] {
  const [line] = lines
  if (deposit === undefined || line === undefined) return []
  const { preSale: pre_sale, depositMinor: deposit_minor, countsMinor: counts_minor } = deposit
  const member = ownerOf(request.buyer)
  return [{ purchase: id, pre_sale, member, pieces: line.quantity, deposit_minor, counts_minor }]
}

/** What the lines take from the budgets of sessions. */
function subsidiesUsed({ draft }: Granted, rows: readonly NewLine[]): readonly SubsidyUse[] {
  return draft.lines.flatMap((line, place) =>
    drawnByLine(line).map((drawn) => ({ ...drawn, line: rows[place]?.id ?? '' })),
  )
}

/** The coupons that took something off; the others stay their members'. */
function couponsUsed(granted: readonly Granted[]): Parameters<typeof useCoupons>[1] {
  return granted.flatMap(({ id, draft }) =>
    draft.coupons.flatMap(({ coupon, reducedMinor }) =>
      reducedMinor > 0 ? [{ coupon: coupon.id, purchase: id }] : [],
    ),
  )
}

/** A line whose pieces are held, and whether they were set aside for its buyer. */
interface HeldLine {
  readonly line: NewLine
  readonly buyer: string
  readonly wasAside: boolean
}

/** By arrival, as they were allotted. */
function heldPieces(
  granted: readonly Granted[],
  lines: readonly (readonly NewLine[])[],
  { aside }: BatchFacts,
): readonly HeldLine[] {
  const left = new AsideLeft(aside)
  return lines.flatMap((ofOrder, place) => {
    const buyer = buyerAt(granted, place)
    return ofOrder.map((line) => ({
      line,
      buyer,
      wasAside: line.flash_sale !== null && left.take(line.flash_sale, buyer, line.quantity),
    }))
  })
}

function asideTaken(held: readonly HeldLine[]): Parameters<typeof takeAside>[1] {
  return held.flatMap(({ line, buyer, wasAside }) => (wasAside ? [{ flashSale: line.flash_sale ?? '', buyer }] : []))
}

function holding(held: readonly HeldLine[], { sales, stock }: BatchFacts, fills: SaleFills): Entries {
  return {
    stock,
    movements: held.map(({ line }) => lineMovement('hold', { ...line, flashSale: line.flash_sale }, false)),
    sales: [...held.flatMap((one) => heldEntry(one, sales)), ...fills.moved()],
    taken: held.flatMap(({ line, buyer }) =>
      line.flash_sale === null ? [] : [{ flashSale: line.flash_sale, buyer, quantity: line.quantity }],
    ),
  }
}

function heldEntry({ line, wasAside }: HeldLine, sales: BatchFacts['sales']): readonly SaleEntry[] {
  const sale = sales.get(line.flash_sale ?? '')
  if (sale === undefined) return []
  const change = saleChange('hold', line.quantity, false)
  return [{ sale, bucket: line.bucket ?? null, change: wasAside ? { ...change, aside: -line.quantity } : change }]
}

function buyerAt(granted: readonly Granted[], place: number): string {
  const order = granted[place]
  return order === undefined ? '' : ownerOf(order.request.buyer)
}

function newPurchase(shop: Shop, { id, request, draft }: Granted, at: Date): NewPurchase {
  const { buyer, partnerOrder, addressId, address } = request
  const heldMs = buyer.partner === null ? shop.terms.reserveMs : shop.terms.partnerReserveMs
  return {
    id,
    state: draft.deposit === undefined ? FIRST_STATE : FIRST_OF_PRE_SALE,
    member: buyer.member,
    partner: buyer.partner,
    partnerOrder,
    bodyHash: partnerOrder === null ? null : requestHash(request),
    currency: draft.total.currency,
    totalMinor: draft.total.amountMinor,
    addressId,
    addressSealed: address?.sealed ?? null,
    reservedUntil: later(at, heldMs),
    createdAt: at,
  }
}

function newLine(
  { id, request, from }: Granted,
  line: DraftLine,
  { place, fills }: { readonly place: number; readonly fills: SaleFills },
): NewLine {
  return {
    id: `OrderLine:${id.slice('Order:'.length)}-${place + 1}`,
    purchase: id,
    place,
    variant: line.variant,
    product: line.product,
    warehouse: from[place] ?? MAIN,
    quantity: line.quantity,
    unit_minor: line.price.currentMinor,
    off_minor: line.coupons.reduce((off, part) => off + part.amountMinor, 0),
    total_minor: line.total.amountMinor,
    steps: { currency: line.total.currency, steps: line.price.steps, coupons: line.coupons },
    flash_sale: line.flashSale,
    room: line.room,
    host: line.host,
    outlet: line.outlet,
    campaign_link: line.click?.link ?? null,
    partner: request.buyer.partner,
    click: line.click?.id ?? null,
    ...fills.bucketFor(line),
  }
}

/** A new order as its first event tells it. */
function asTold(order: NewPurchase): Parameters<typeof orderMoved>[0] {
  return {
    id: order.id,
    version: 1,
    state: order.state,
    member: order.member,
    partner: order.partner,
    partner_order: order.partnerOrder,
    total_minor: order.totalMinor,
    currency: order.currency,
    carrier: null,
    waybill: null,
  }
}

import type { Database } from '../../../platform/db/database.js'
import { Failure } from '../../../platform/failure.js'
import type { FlashSaleState } from '../../../schema/events/orders.js'
import { refuse } from '../../../schema/refuse.js'
import { allot, type SaleSupply, type Wish } from '../domain/allot.js'
import { drawnBy, lessDrawn, overdrawn } from '../domain/budgets.js'
import {
  checkCoupons,
  checkDelivered,
  checkOnSale,
  checkTotal,
  draftOrder,
  type Draft,
  type ShopFacts,
} from '../domain/draft.js'
import { leftIn } from '../domain/flash-sale.js'
import { admission } from '../domain/queue.js'
import type { PreSaleSupply } from '../domain/pre-sale.js'
import type { Aside } from '../domain/set-aside.js'
import type { Shelf } from '../domain/warehouses.js'
import { preSoldTo } from '../store/deposits.js'
import { isLockedWhole, type FlashSaleRow } from '../store/flash-sales.js'
import { findPreSales, type PreSaleRow } from '../store/pre-sales.js'
import { takenBy, type Had } from '../store/sale-members.js'
import { paceOf } from '../store/queues.js'
import type { StockRow } from '../store/stock.js'
import { askerIn, ownerOf, type PlaceRequest } from './place-request.js'
import { findMeant } from './coupon-facts.js'
import { lockSales, stockOf } from './lock-batch.js'
import type { Shop } from './shop.js'
import { distinct, shopFacts, type Moment } from './shop-facts.js'
import { noteSales, type SaleNote } from './sale-notes.js'
import { saleRowState } from './tell-orders.js'

/** All that a batch is decided by. Its sales and stock are locked, and everything else was read under these locks. */
export interface BatchFacts extends Moment {
  readonly stock: ReadonlyMap<string, StockRow>
  readonly shop: ShopFacts
  /** What the buyers have had of the sales already, by sale and buyer. */
  readonly taken: ReadonlyMap<string, ReadonlyMap<string, Had>>
  /** Pieces that are set aside for buyers of this batch now. */
  readonly aside: Aside
  /** What the pre-sales of this batch may still give. */
  readonly preSaleSupplies: ReadonlyMap<string, PreSaleSupply>
}

/** locks (sales, then stock, then pre-sales) -> the database's time -> facts; nothing of it waits for an answer, so that it is one journey. */
export async function batchFacts(
  tx: Database,
  { databaseClock, lane = 0 }: Shop,
  { requests, whole }: { readonly requests: readonly PlaceRequest[]; readonly whole: boolean },
): Promise<BatchFacts> {
  const lines = requests.flatMap((request) => request.lines)
  const locked = Promise.all([
    lockSales(tx, lines, { lane, whole }),
    stockOf(tx, lines),
    findPreSales(tx, distinct(lines.map((line) => line.preSale ?? null)), { lock: true }),
    databaseClock(tx),
  ])
  const askers = requests.map(askerIn)
  const coupons = findMeant(tx, distinct(askers.flatMap((asker) => asker.coupons)), { lock: true })
  const moment = locked.then(([sales, , preSales, at]) => ({ at, sales, preSales }))
  const [[sales, stock, preSales, at], shop, taken, preSold] = await Promise.all([
    locked,
    shopFacts(tx, { lines, askers, coupons, lock: true }, moment),
    takenBy(tx, salesAsked(requests)),
    preSoldTo(tx, preSalesAsked(requests)),
  ])
  noteSales(
    tx,
    [...sales.values()].filter(isLockedWhole).map((sale) => seen(sale, at)),
  )
  const preSaleSupplies = new Map([...preSales].map(([id, sale]) => [id, preSaleSupply(sale, preSold.get(id))]))
  return { at, sales, stock, shop, taken, aside: asideNow(taken, at), preSaleSupplies }
}

function preSaleSupply(sale: PreSaleRow, taken: PreSaleSupply['taken'] = new Map()): PreSaleSupply {
  return { left: sale.quota - sale.taken, perMember: sale.per_member, taken }
}

function preSalesAsked(requests: readonly PlaceRequest[]): Parameters<typeof preSoldTo>[1] {
  return requests.flatMap(({ buyer, lines }) =>
    lines.flatMap(({ preSale }) => (preSale === undefined ? [] : [{ preSale, member: ownerOf(buyer) }])),
  )
}

/**
 * Whether somebody was refused pieces of a divided sale of which not all was seen, or pieces of it are kept for who waited: then the batch
 * is to be decided anew with all of it locked, so that nobody is refused while a bucket has pieces.
 */
export function sawTooLittle(
  { sales, at }: BatchFacts,
  requests: readonly PlaceRequest[],
  results: readonly (Decided | Failure)[],
): boolean {
  const partly = [...sales.values()].filter((sale) => !sale.isOwn && isOnSale(saleRowState(sale, at)))
  if (partly.length === 0) return false
  if (partly.some(({ waiting, aside }) => waiting > 0 || aside > 0)) return true
  const unseen = new Set(partly.filter((sale) => !isLockedWhole(sale)).map(({ id }) => id))
  return requests.some(({ lines }, place) => {
    const result = results[place]
    return result instanceof Failure && SHORT.has(result.code) && lines.some((line) => unseen.has(line.flashSale ?? ''))
  })
}
const SHORT: ReadonlySet<string> = new Set(['OFFER_CLOSED', 'STOCK_SHORT'])

function isOnSale(state: FlashSaleState): boolean {
  return state === 'OPEN' || state === 'SOLD_OUT'
}

function seen(sale: FlashSaleRow, at: Date): SaleNote {
  return { flashSale: sale.id, version: sale.version, state: saleRowState(sale, at), aside: sale.aside, turned: false }
}

/** An order that is to be: what it comes to, and the warehouse that each line leaves. */
export interface Decided {
  readonly draft: Draft
  readonly from: readonly string[]
}

/** For each request its draft, when its pieces are to be held, or why not: first come, first served. */
export function decideBatch(facts: BatchFacts, requests: readonly PlaceRequest[]): readonly (Decided | Failure)[] {
  const drafts = onceEachCoupon(requests, (request) => draftOrRefusal(request, facts))
  const allotments = allot(
    requests.map((request, place) => wishOf(request, drafts[place])),
    {
      available: new Map([...facts.stock].map(([variant, row]) => [variant, row.available])),
      shelves: shelvesIn(facts),
      sales: saleSupplies(facts),
      aside: facts.aside,
      preSales: facts.preSaleSupplies,
    },
  )
  const given = drafts.map((draft, place) => {
    const refusal = allotments[place]?.refusal ?? null
    return refusal === null ? draft : refuse(refusal.code, refusal.message)
  })
  const decided = facts.shop.budgets.size === 0 ? given : withinBudgets(facts, requests, given)
  return decided.map((draft, place) =>
    draft instanceof Failure ? draft : { draft, from: allotments[place]?.from ?? [] },
  )
}

function shelvesIn({ stock }: BatchFacts): ReadonlyMap<string, readonly Shelf[]> {
  return new Map([...stock].flatMap(([variant, { shelves }]) => (shelves === null ? [] : [[variant, shelves]])))
}

/**
 * Budgets are given by arrival too, to those whose pieces are there. Whoever comes when one does not last is priced again without it:
 * he pays what it costs then, or is refused with the other price when he named one.
 */
function withinBudgets(
  facts: BatchFacts,
  requests: readonly PlaceRequest[],
  given: readonly (Draft | Failure)[],
): readonly (Draft | Failure)[] {
  let budgets = facts.shop.budgets
  return requests.map((request, place) => {
    const draft = given[place]
    if (draft === undefined || draft instanceof Failure)
      return draft ?? refuse('CONFLICT', 'a request was left undecided')
    const lasts = overdrawn(drawnBy(draft), budgets).length === 0
    const fitting = lasts ? draft : draftOrRefusal(request, { ...facts, shop: { ...facts.shop, budgets } })
    if (!(fitting instanceof Failure)) budgets = lessDrawn(budgets, drawnBy(fitting))
    return fitting
  })
}

/** A coupon belongs to the first of a batch that lays it; whoever lays it too may ask again, and then learns what became of it. */
function onceEachCoupon(
  requests: readonly PlaceRequest[],
  draft: (request: PlaceRequest) => Draft | Failure,
): readonly (Draft | Failure)[] {
  const laid = new Set<string>()
  return requests.map((request) => {
    const coupons = request.coupons ?? []
    if (coupons.some((id) => laid.has(id))) return refuse('CONFLICT', 'the coupon is laid on another order just now')
    for (const id of coupons) laid.add(id)
    return draft(request)
  })
}

function draftOrRefusal(request: PlaceRequest, facts: BatchFacts): Draft | Failure {
  try {
    const early = notAdmitted(request, facts)
    if (early !== null) return early
    const draft = draftOrder(request.lines, shopFor(request, facts), askerIn(request))
    checkOnSale(draft, facts.shop, askerIn(request))
    checkDelivered(draft, facts.shop, request.region ?? null)
    checkCoupons(draft)
    checkTotal(draft, request.expectedTotalMinor)
    return draft
  } catch (refusal) {
    if (refusal instanceof Failure) return refusal
    throw refusal
  }
}

/** A sale that is open and has a line before it sells to whoever's turn it is. */
function notAdmitted({ buyer, lines, tickets }: PlaceRequest, { sales, at, aside }: BatchFacts): Failure | null {
  for (const { flashSale } of lines) {
    const sale = flashSale === null ? undefined : sales.get(flashSale)
    const pace = sale === undefined ? null : paceOf(sale)
    if (sale === undefined || pace === null || saleRowState(sale, at) !== 'OPEN') continue
    if (aside.get(sale.id)?.has(ownerOf(buyer)) === true) continue // he has waited once already
    const ticket = tickets?.find((one) => one.flashSale === flashSale)
    const refusal = admission(pace, ticket, at)
    if (refusal !== null) return refusal
  }
  return null
}

/** A request that was refused already wishes for nothing, so that its verdict leaves everything to the others. */
function wishOf(request: PlaceRequest, draft: Draft | Failure | undefined): Wish {
  const lines = draft === undefined || draft instanceof Failure ? [] : draft.lines
  return { buyer: ownerOf(request.buyer), lines, region: request.region ?? null }
}

function salesAsked(requests: readonly PlaceRequest[]): Parameters<typeof takenBy>[1] {
  const pairs = new Map<string, { readonly flashSale: string; readonly buyer: string }>()
  for (const { buyer, lines } of requests) {
    const owner = ownerOf(buyer)
    for (const { flashSale } of lines)
      if (flashSale !== null) pairs.set(`${owner} ${flashSale}`, { flashSale, buyer: owner })
  }
  return [...pairs.values()]
}

function saleSupplies({ sales, stock, taken, at }: BatchFacts): ReadonlyMap<string, SaleSupply> {
  const supplies = new Map<string, SaleSupply>()
  for (const [id, sale] of sales)
    supplies.set(id, {
      variant: sale.variant,
      warehouse: sale.warehouse,
      serves: stock.get(sale.variant)?.shelves?.find((shelf) => shelf.warehouse === sale.warehouse)?.serves ?? [],
      state: saleRowState(sale, at),
      left: leftIn(sale),
      perMember: sale.per_member,
      taken: pieces(taken.get(id)),
    })
  return supplies
}

function pieces(had: ReadonlyMap<string, Had> | undefined): ReadonlyMap<string, number> {
  return new Map([...(had ?? [])].map(([buyer, { taken }]) => [buyer, taken]))
}

/** What is set aside until later than now. */
function asideNow(taken: BatchFacts['taken'], at: Date): Aside {
  const aside = new Map<string, Map<string, number>>()
  for (const [sale, had] of taken)
    for (const [buyer, row] of had)
      if (row.aside > 0 && row.aside_until !== null && row.aside_until > at)
        aside.set(sale, (aside.get(sale) ?? new Map<string, number>()).set(buyer, row.aside))
  return aside
}

/** For whoever has a piece set aside the sale is open, though it is sold out for all others. */
function shopFor({ buyer, lines }: PlaceRequest, { shop, aside }: BatchFacts): ShopFacts {
  const owner = ownerOf(buyer)
  const his = lines.filter(({ flashSale }) => flashSale !== null && aside.get(flashSale)?.has(owner) === true)
  if (aside.size === 0 || his.length === 0) return shop
  const sales = new Map(shop.sales)
  for (const { flashSale } of his) {
    const sale = sales.get(flashSale ?? '')
    if (sale?.state === 'SOLD_OUT') sales.set(flashSale ?? '', { ...sale, state: 'OPEN' })
  }
  return { ...shop, sales }
}

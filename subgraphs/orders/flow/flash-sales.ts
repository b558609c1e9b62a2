import type { Database } from '../../../platform/db/database.js'
import { onceIfKeyed, type MaybeKeyed } from '../../../platform/db/once.js'
import type { Identity } from '../../../schema/identity.js'
import type { Money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'
import { actsForAll } from '../../host/acting/acting-for.js'
import { divide, dividedId, freeInBucket, MOST_BUCKETS } from '../domain/buckets.js'
import { unheld } from '../domain/flash-sale.js'
import { plainMovement } from '../domain/ledger.js'
import { freeIn, MAIN } from '../domain/warehouses.js'
import { findFlashSales, insertFlashSale, lockFlashSales, type FlashSaleRow } from '../store/flash-sales.js'
import { findGoods, type GoodsRow } from '../store/goods.js'
import { insertQueue } from '../store/queues.js'
import { insertBuckets } from '../store/sale-buckets.js'
import { findRooms } from '../store/rooms.js'
import { freeAt, lockStock, type StockRow } from '../store/stock.js'
import { endWaiting } from '../store/waiters.js'
import type { SaleEntry } from './change-sales.js'
import { keepAndTell } from './keep-books.js'
import { needSellerOf } from './open-offers.js'
import { askerOf } from './place-request.js'
import { again } from './retry.js'
import { needWarehouseFor } from './save-warehouse.js'
import { announce, newKey, type Shop } from './shop.js'
import { flashSaleChanged, saleRowState } from './tell-orders.js'

/** A sale as it is asked for. */
export interface SaleRequest extends MaybeKeyed {
  readonly room: string | null
  readonly variant: string
  /** Where its pieces lie; none: the warehouse that has most. */
  readonly warehouse?: string | null
  readonly price: Money
  readonly quota: number
  readonly perMember: number
  /** Null: now. */
  readonly startsAt: Date | null
  readonly endsAt: Date | null
  /** In how many rows its quota lies, for sales that one row is not enough for; for operators. None: one. */
  readonly buckets?: number | null
  /** How many a second may come to buy, each with a queue ticket; null: whoever comes. */
  readonly admitPerSecond?: number | null
}

/** One transaction: the quota is taken out of what is available into the sale, never more than there is, and under the same key once. Gives the sale's id. */
export async function openFlashSale(shop: Shop, who: Identity, request: SaleRequest): Promise<string> {
  const deed = { owner: askerOf(who), kind: 'open-flash-sale', asked: request }
  const id = await again(() =>
    shop.db.transaction(async (tx) => {
      await mayHost(tx, who, request)
      return onceIfKeyed(tx, 'orders', deed, () => putSale(tx, shop, { who, request }))
    }),
  )
  announce(shop, [])
  return id
}

async function putSale(
  tx: Database,
  shop: Shop,
  { who, request }: { readonly who: Identity; readonly request: SaleRequest },
): Promise<string> {
  const buckets = bucketsFor(who, request)
  const id = dividedId(`FlashSale:${newKey(shop)}`, buckets)
  const stock = await lockStock(tx, [request.variant])
  const goods = soldHere(request, (await findGoods(tx, [request.variant])).get(request.variant))
  await needWarehouseFor(tx, request.warehouse ?? MAIN, goods.seller)
  const warehouse = takenFrom(request, stock.get(request.variant))
  const at = await shop.databaseClock(tx)
  const opened = newSale(id, { request, goods, warehouse, who, at })
  await insertFlashSale(tx, { ...opened, buckets, told_state: saleRowState(opened, at) })
  if (buckets > 1) await insertBuckets(tx, id, divide(request.quota, buckets))
  const { queue_per_second: perSecond, starts_at: since } = opened
  if (perSecond !== null) await insertQueue(tx, id, perSecond, since)
  const change = { variant: request.variant, warehouse, onHand: 0, reserved: request.quota, sold: 0 }
  const movements = [plainMovement('allot', change, { flashSale: id })]
  const entries = { movements, stock, sales: [], taken: [] }
  await keepAndTell(tx, { entries, at, told: [flashSaleChanged(opened, at)] })
  return id
}

function bucketsFor(who: Identity, { buckets, quota }: SaleRequest): number {
  if (buckets === null || buckets === undefined || buckets === 1) return 1
  const details = { place: 'buckets' }
  if (!actsForAll(who)) throw refuse('FORBIDDEN', 'an operator divides sales', { details })
  if (buckets <= Math.min(quota, MOST_BUCKETS)) return buckets
  throw refuse('BAD_USER_INPUT', `at most ${MOST_BUCKETS} buckets, and a piece for each`, { details })
}

/** The warehouse that the quota is taken out of: all of it lies in one. */
function takenFrom({ warehouse, quota }: SaleRequest, stock: StockRow | undefined): string {
  const shelves = stock?.shelves ?? []
  const fullest = shelves.toSorted((a, b) => freeIn(b) - freeIn(a))[0]?.warehouse
  const chosen = warehouse ?? fullest ?? MAIN
  const available = stock === undefined ? 0 : freeAt(stock, chosen)
  if (quota <= available) return chosen
  const message = `${quota} were asked for, ${available} are left${shelves.length > 1 ? ' in one warehouse' : ''}`
  throw refuse('STOCK_SHORT', message, { details: { place: 'quota' } })
}

/** Who only hosts opens sales in his own rooms; a merchant opens those of the sellers that he acts for. */
async function mayHost(
  tx: Database,
  who: Identity,
  { room, variant }: { readonly room: string | null; readonly variant: string },
): Promise<void> {
  const found = room === null ? null : (await findRooms(tx, [room])).get(room)
  if (found === undefined) throw refuse('NOT_FOUND', 'no such room', { details: { place: 'roomId' } })
  if (found !== null && who.roles.includes('host') && found.host === who.member) return
  if (actsForAll(who) || who.roles.includes('merchant')) await needSellerOf(tx, who, variant)
  else throw refuse('FORBIDDEN', 'a host opens and closes sales in his own room only')
}

function soldHere(request: SaleRequest, goods: GoodsRow | undefined): GoodsRow {
  if (goods === undefined) throw refuse('NOT_FOUND', 'no such variant is sold', { details: { place: 'variantId' } })
  if (goods.currency !== request.price.currency)
    throw refuse('CURRENCY_MIXED', `the variant is sold in ${goods.currency}`, { details: { place: 'price' } })
  checkFloor(request.price, goods)
  return goods
}

/** A price below the floor would be told to everybody and held at the floor for whoever buys. */
export function checkFloor(
  { amountMinor }: Money,
  { floor_minor, list_minor }: Pick<GoodsRow, 'floor_minor' | 'list_minor'>,
): void {
  const least = Math.min(floor_minor ?? 0, list_minor)
  if (amountMinor >= least) return
  throw refuse('BELOW_FLOOR', `the price is ${amountMinor}, the floor ${least}`, {
    details: { place: 'price', floorMinor: least },
  })
}

interface Opening {
  readonly request: SaleRequest
  readonly goods: GoodsRow
  readonly warehouse: string
  readonly who: Identity
  readonly at: Date
}

type OpenedSale = FlashSaleRow & { readonly openedBy: string }

function newSale(id: string, { request, goods, warehouse, who, at }: Opening): OpenedSale {
  const startsAt = request.startsAt ?? at
  if (request.endsAt !== null && request.endsAt <= (startsAt > at ? startsAt : at))
    throw refuse('BAD_USER_INPUT', 'a sale ends after it has begun, and not in the past', {
      details: { place: 'endsAt' },
    })
  return {
    id,
    variant: request.variant,
    product: goods.product,
    warehouse,
    room: request.room,
    price_minor: request.price.amountMinor,
    currency: request.price.currency,
    quota: request.quota,
    held: 0,
    sold: 0,
    returned: 0,
    waiting: 0,
    aside: 0,
    per_member: request.perMember,
    starts_at: startsAt,
    ends_at: request.endsAt,
    closed: false,
    told_state: 'SCHEDULED',
    version: 1,
    queue_per_second: request.admitPerSecond ?? null,
    queue_base: 0,
    queue_since: startsAt,
    divided: null,
    isOwn: true,
    openedBy: who.member ?? '',
  }
}

/** Ends a sale: what nobody holds goes back to the free stock at once, what is held when it is given up. */
export async function closeFlashSale(shop: Shop, who: Identity, id: string): Promise<string> {
  await again(() =>
    shop.db.transaction(async (tx) => {
      const sale = (await lockFlashSales(tx, [id])).get(id)
      if (sale === undefined) throw refuse('NOT_FOUND', 'no such flash sale')
      await mayHost(tx, who, sale)
      await closeSales(tx, [sale], await shop.databaseClock(tx))
    }),
  )
  announce(shop, [])
  return id
}

/** Closes locked sales; one that is closed already stays as it is. */
async function closeSales(tx: Database, sales: readonly FlashSaleRow[], at: Date): Promise<void> {
  const open = sales.filter((sale) => !sale.closed)
  const stock = await lockStock(tx, [...new Set(open.map((sale) => sale.variant))].sort())
  const movements = open
    .filter((sale) => unheld(sale) > 0)
    .map((sale) =>
      plainMovement(
        'return',
        { variant: sale.variant, warehouse: sale.warehouse, onHand: 0, reserved: -unheld(sale), sold: 0 },
        { flashSale: sale.id },
      ),
    )
  const closing = open.flatMap(closingEntries)
  await Promise.all([
    endWaiting(
      tx,
      open.filter((sale) => sale.waiting > 0 || sale.aside > 0).map((sale) => sale.id),
    ),
    keepAndTell(tx, { entries: { movements, stock, sales: closing, taken: [] }, at }),
  ])
}

/** Nobody waits any more, and what nobody holds is no longer of the sale: in each of its buckets, where it is divided. */
function closingEntries(sale: FlashSaleRow): readonly SaleEntry[] {
  const change = { held: 0, sold: 0, returned: 0, waiting: -sale.waiting, aside: -sale.aside }
  if (sale.divided === null) return [{ sale, change: { ...change, returned: unheld(sale) }, closes: true }]
  const buckets = sale.divided.map((bucket) => {
    return { sale, bucket: bucket.bucket, change: { held: 0, sold: 0, returned: freeInBucket(bucket) } }
  })
  return [{ sale, change, closes: true }, ...buckets]
}

/** Begins and ends the sales whose time has come by the database's clock. */
export async function turnFlashSales(shop: Shop, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await again(() =>
    shop.db.transaction(async (tx) => {
      const sales = [...(await lockFlashSales(tx, ids)).values()].filter((sale) => !sale.closed)
      const at = await shop.databaseClock(tx)
      const over = sales.filter((sale) => saleRowState(sale, at) === 'CLOSED')
      const begun = sales.filter(
        (sale) => sale.told_state === 'SCHEDULED' && !over.includes(sale) && sale.starts_at <= at,
      )
      const change = { held: 0, sold: 0, returned: 0 }
      const turning = begun.map((sale) => ({ sale, change }))
      await keepAndTell(tx, { entries: { movements: [], stock: new Map(), sales: turning, taken: [] }, at })
      await closeSales(tx, over, at)
    }),
  )
  announce(shop, [])
}

/** A sale and its state now; null for an unknown one. */
export async function findSaleNow(shop: Shop, id: string): Promise<FlashSaleRow | null> {
  return (await findFlashSales(shop.db, [id])).get(id) ?? null
}

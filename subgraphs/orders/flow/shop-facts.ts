import type { Database } from '../../../platform/db/database.js'
import type { Delivery } from '../../../schema/regions.js'
import type { AskedLine, Asker, ShopFacts } from '../domain/draft.js'
import { preSaleStateAt } from '../domain/pre-sale.js'
import type { FlashSaleRow } from '../store/flash-sales.js'
import { findGoods, type GoodsRow } from '../store/goods.js'
import { couponFacts, type CouponsKnown } from './coupon-facts.js'
import { standingOffers } from './standing-offers.js'
import type { PreSaleRow } from '../store/pre-sales.js'
import { findRoomPrices, findRooms, roomPriceKey } from '../store/rooms.js'
import { saleRowState } from './tell-orders.js'
import { waitingGoods } from './waiting-goods.js'

/** The time and the sales that lines are priced by; the sales may be locked. */
export interface Moment {
  readonly at: Date
  readonly sales: ReadonlyMap<string, FlashSaleRow>
  readonly preSales?: ReadonlyMap<string, PreSaleRow>
}

/** Reads all that the price of the lines depends on, each kind in one statement, all of them on their way at once. */
export async function shopFacts(
  db: Database,
  { lines, askers, coupons, lock = false }: PriceAsked,
  moment: Promise<Moment>,
): Promise<ShopFacts> {
  const roomIds = distinct(lines.map((line) => line.room))
  const finding = findGoods(db, distinct(lines.map((line) => line.variant)))
  const [{ at, sales, preSales = NO_PRE_SALES }, goods, offers, notYet, known, rooms, prices] = await Promise.all([
    moment,
    finding,
    Promise.all([finding, moment]).then(([found, { at }]) =>
      standingOffers(db, [...found.values()], { askers, at, lock }),
    ),
    Promise.all([finding, moment]).then(([found, { at }]) =>
      waitingGoods(db, [...found.values()], { members: askers.map((asker) => asker.member), at }),
    ),
    coupons,
    roomIds.length === 0 ? new Map<string, { host: string }>() : findRooms(db, roomIds),
    roomIds.length === 0 ? null : findRoomPrices(db, shelves(lines)),
  ])
  return {
    goods: mapped(goods, goodsFacts),
    rooms,
    roomPrice(room, variant) {
      const row = prices?.get(roomPriceKey(room, variant))
      return row === undefined ? null : { amountMinor: row.price_minor, currency: row.currency }
    },
    sales: mapped(sales, (sale) => ({
      variant: sale.variant,
      room: sale.room,
      price: { amountMinor: sale.price_minor, currency: sale.currency },
      state: saleRowState(sale, at),
    })),
    preSales: mapped(preSales, (sale) => ({
      ...{ variant: sale.variant, currency: sale.currency, shares: sale.shares, state: preSaleStateAt(sale, at) },
      ...{ depositMinor: sale.deposit_minor, countsMinor: sale.counts_minor },
    })),
    ...offers,
    notYet,
    coupon: couponFacts(known, at),
  }
}

const NO_PRE_SALES: ReadonlyMap<string, PreSaleRow> = new Map()

/** What is to be priced, and for whom; the coupons may be locked. */
export interface PriceAsked {
  readonly lines: readonly AskedLine[]
  readonly askers: readonly Asker[]
  readonly coupons: Promise<CouponsKnown>
  /** Whether budgets are to be taken from: their sessions are locked. */
  readonly lock?: boolean
}

/** Each of them once, without the nulls, in a fixed order. */
export function distinct(ids: readonly (string | null)[]): readonly string[] {
  return [...new Set(ids.filter((id) => id !== null))].sort()
}

/** What a price needs of the copy of a variant. */
export function goodsFacts(row: GoodsRow) {
  return {
    product: row.product,
    seller: row.seller,
    list: { amountMinor: row.list_minor, currency: row.currency },
    compareAtMinor: row.compare_at_minor,
    floorMinor: row.floor_minor,
    delivery: deliveryOf(row),
  }
}

function deliveryOf({ deliver_only: only, deliver_except: except }: GoodsRow): Delivery | null {
  return only === null || except === null ? null : { only, except }
}

function shelves(lines: readonly AskedLine[]): readonly { readonly room: string; readonly variant: string }[] {
  const pairs = new Map<string, { room: string; variant: string }>()
  for (const { room, variant } of lines) if (room !== null) pairs.set(roomPriceKey(room, variant), { room, variant })
  return [...pairs.values()]
}

function mapped<From, To>(map: ReadonlyMap<string, From>, each: (value: From) => To): ReadonlyMap<string, To> {
  return new Map([...map].map(([key, value]) => [key, each(value)]))
}

import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import type { Identity } from '../../../schema/identity.js'
import type { Money } from '../../../schema/money.js'
import { refuse } from '../../../schema/refuse.js'
import { leftIn } from '../domain/flash-sale.js'
import { plainMovement } from '../domain/ledger.js'
import { findFlashSales, insertFlashSale, lockFlashSales, type FlashSaleRow } from '../store/flash-sales.js'
import { findGoods, type GoodsRow } from '../store/goods.js'
import { findRooms } from '../store/rooms.js'
import { lockStock } from '../store/stock.js'
import { keepBooks } from './keep-books.js'
import { again } from './retry.js'
import { announce, newKey, type Shop } from './shop.js'
import { flashSaleChanged, saleRowState } from './tell-orders.js'

/** A sale as it is asked for. */
export interface SaleRequest {
  readonly room: string | null
  readonly variant: string
  readonly price: Money
  readonly quota: number
  readonly perMember: number
  /** Null: now. */
  readonly startsAt: Date | null
  readonly endsAt: Date | null
}

/** One transaction: the quota is taken out of what is available into the sale, never more than there is. Gives the sale's id. */
export async function openFlashSale(shop: Shop, who: Identity, request: SaleRequest): Promise<string> {
  const id = `FlashSale:${newKey(shop)}`
  await again(() =>
    shop.db.transaction(async (tx) => {
      await mayHost(tx, who, request.room)
      const stock = (await lockStock(tx, [request.variant])).get(request.variant)
      const goods = soldHere(request, (await findGoods(tx, [request.variant])).get(request.variant))
      const available = stock?.available ?? 0
      if (request.quota > available)
        throw refuse('STOCK_SHORT', `${request.quota} were asked for, ${available} are left`, {
          details: { place: 'quota' },
        })
      const at = await shop.databaseClock(tx)
      const opened = newSale(id, { request, goods, who, at })
      await insertFlashSale(tx, { ...opened, told_state: saleRowState(opened, at) })
      const change = { variant: request.variant, onHand: 0, reserved: request.quota, sold: 0 }
      const movements = [plainMovement('allot', change, { flashSale: id })]
      const events = await keepBooks(tx, { movements, sales: [], taken: [] }, at)
      await tell(tx, 'orders', [flashSaleChanged(opened, at), ...events])
    }),
  )
  announce(shop, [])
  return id
}

/** Who only hosts opens sales in his own rooms. */
async function mayHost(tx: Database, who: Identity, room: string | null): Promise<void> {
  const found = room === null ? null : (await findRooms(tx, [room])).get(room)
  if (found === undefined) throw refuse('NOT_FOUND', 'no such room', { details: { place: 'roomId' } })
  if (who.roles.some((role) => role === 'operator' || role === 'merchant')) return
  if (found?.host !== who.member) throw refuse('FORBIDDEN', 'a host opens and closes sales in his own room only')
}

function soldHere(request: SaleRequest, goods: GoodsRow | undefined): GoodsRow {
  if (goods === undefined) throw refuse('NOT_FOUND', 'no such variant is sold', { details: { place: 'variantId' } })
  if (goods.currency === request.price.currency) return goods
  throw refuse('CURRENCY_MIXED', `the variant is sold in ${goods.currency}`, { details: { place: 'price' } })
}

type OpenedSale = FlashSaleRow & { readonly openedBy: string }

function newSale(
  id: string,
  { request, goods, who, at }: { request: SaleRequest; goods: GoodsRow; who: Identity; at: Date },
): OpenedSale {
  const startsAt = request.startsAt ?? at
  if (request.endsAt !== null && request.endsAt <= (startsAt > at ? startsAt : at))
    throw refuse('BAD_USER_INPUT', 'a sale ends after it has begun, and not in the past', {
      details: { place: 'endsAt' },
    })
  return {
    id,
    variant: request.variant,
    product: goods.product,
    room: request.room,
    price_minor: request.price.amountMinor,
    currency: request.price.currency,
    quota: request.quota,
    held: 0,
    sold: 0,
    returned: 0,
    per_member: request.perMember,
    starts_at: startsAt,
    ends_at: request.endsAt,
    closed: false,
    told_state: 'SCHEDULED',
    version: 1,
    openedBy: who.member ?? '',
  }
}

/** Ends a sale: what nobody holds goes back to the free stock at once, what is held when it is given up. */
export async function closeFlashSale(shop: Shop, who: Identity, id: string): Promise<string> {
  await again(() =>
    shop.db.transaction(async (tx) => {
      const sale = (await lockFlashSales(tx, [id])).get(id)
      if (sale === undefined) throw refuse('NOT_FOUND', 'no such flash sale')
      await mayHost(tx, who, sale.room)
      await closeSales(tx, [sale], await shop.databaseClock(tx))
    }),
  )
  announce(shop, [])
  return id
}

/** Closes locked sales; one that is closed already stays as it is. */
async function closeSales(tx: Database, sales: readonly FlashSaleRow[], at: Date): Promise<void> {
  const open = sales.filter((sale) => !sale.closed)
  await lockStock(tx, [...new Set(open.map((sale) => sale.variant))].sort())
  const movements = open
    .filter((sale) => leftIn(sale) > 0)
    .map((sale) =>
      plainMovement(
        'return',
        { variant: sale.variant, onHand: 0, reserved: -leftIn(sale), sold: 0 },
        { flashSale: sale.id },
      ),
    )
  const entries = open.map((sale) => ({
    sale,
    change: { held: 0, sold: 0, returned: leftIn(sale) },
    closes: true,
  }))
  await tell(tx, 'orders', await keepBooks(tx, { movements, sales: entries, taken: [] }, at))
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
      const entries = begun.map((sale) => ({ sale, change }))
      await tell(tx, 'orders', await keepBooks(tx, { movements: [], sales: entries, taken: [] }, at))
      await closeSales(tx, over, at)
    }),
  )
  announce(shop, [])
}

/** A sale and its state now; null for an unknown one. */
export async function findSaleNow(shop: Shop, id: string): Promise<FlashSaleRow | null> {
  return (await findFlashSales(shop.db, [id])).get(id) ?? null
}

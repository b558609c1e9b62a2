import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import { refuse } from '../../../schema/refuse.js'
import { isPreSold, STOCK_EFFECT, stateAfter, type Deed } from '../domain/moves.js'
import { giveBackCoupons } from '../store/coupons.js'
import { freeDeposits } from '../store/deposits.js'
import { linesOf } from '../store/lines.js'
import { receiveParcels, shipParcels, splitByParcel, type ParcelRow } from '../store/parcels.js'
import { giveBackSubsidies, subsidiesLeft } from '../store/subsidy-sessions.js'
import { movePurchases, type PurchaseMove, type PurchaseRow } from '../store/purchases.js'
import { moveDeposits } from './deposits.js'
import { releaseECards } from './e-card-money.js'
import { enterSale } from './keep-accounts.js'
import { movePieces, NO_BOOKS } from './move-pieces.js'
import { ownerOf } from './place-request.js'
import type { Shop } from './shop.js'
import { orderMoved } from './tell-orders.js'
import { parcelsMoved } from './tell-parcels.js'

/** What a step writes on an order's row beside its state. */
export type StepDetails = Partial<Omit<PurchaseMove, 'id' | 'state'>>

/** One step of whole orders, for many of them. Their rows must be locked, and a state that forbids the deed refuses the whole step. */
export interface Step {
  readonly deed: Deed
  readonly orders: readonly PurchaseRow[]
  readonly at: Date
  readonly details?: (order: PurchaseRow) => StepDetails
}

/** states, stock, sales and events of one step, all in the caller's transaction; gives the rows as they are now. */
export async function stepOrders(
  tx: Database,
  shop: Shop,
  { deed, orders, at, details }: Step,
): Promise<readonly PurchaseRow[]> {
  if (orders.length === 0) return []
  const next = new Map(orders.map((order) => [order, stateFor(order, deed)]))
  const lines = await linesOf(
    tx,
    orders.map((order) => order.id),
  )
  const effect = STOCK_EFFECT[deed]
  const moving = orders.flatMap((order) =>
    (lines.get(order.id) ?? []).map((line) => ({
      ...{ line, buyer: ownerOf(order), pieces: line.quantity - line.undone },
    })),
  )
  const books = effect === null ? NO_BOOKS : await movePieces(tx, { effect, moving, at })
  const moved = await movePurchases(
    tx,
    [...next].map(([order, state]) => ({ ...NOTHING, ...details?.(order), id: order.id, state })),
  )
  if (effect === 'release') {
    await freeDeposits(
      tx,
      orders.filter(({ state }) => isPreSold(state)).map((order) => order.id),
    )
    await giveBackSubsidies(
      tx,
      await subsidiesLeft(
        tx,
        moving.map(({ line }) => line.id),
      ),
    )
    await releaseECards(tx, orders, at)
    await giveBackCoupons(
      tx,
      orders.map((order) => order.id),
    )
  }
  if (deed === 'settle')
    for (const order of orders) await enterSale(tx, shop, { order, lines: lines.get(order.id) ?? [], at })
  await moveDeposits(tx, deed, { orders, lines, at })
  const parcels = parcelsMoved(moved, await moveParcels(tx, { deed, moved, at }), at)
  const told = moved.map((order) => orderMoved(order, lines.get(order.id) ?? [], at))
  await Promise.all([books.writing, tell(tx, 'orders', [...told, ...parcels, ...books.events])])
  return moved
}

/** What a step of the whole does to its parts: they are made when it is paid, and those that are behind go along. Gives those that went. */
async function moveParcels(
  tx: Database,
  { deed, moved, at }: { deed: Deed; moved: readonly PurchaseRow[]; at: Date },
): Promise<readonly ParcelRow[]> {
  const purchases = moved.map((order) => order.id)
  if (deed === 'settle') await splitByParcel(tx, purchases)
  if (deed === 'receive') return receiveParcels(tx, { purchases }, at)
  if (deed !== 'ship') return []
  const sent: ParcelRow[] = []
  for (const { id, carrier, waybill } of moved)
    sent.push(...(await shipParcels(tx, { purchases: [id] }, { carrier, waybill, at })))
  return sent
}

/** The state that the deed leads to; refuses where the table of moves has none. */
export function stateFor(order: PurchaseRow, deed: Deed): PurchaseRow['state'] {
  const state = stateAfter(order.state, deed)
  if (state === null) throw refuse('STATE_FORBIDS', `an order that is ${order.state} cannot be done this: ${deed}`)
  return state
}

/** A step that writes nothing beside the state. */
export const NOTHING = {
  totalMinor: null,
  paidMinor: null,
  refundedMinor: null,
  carrier: null,
  waybill: null,
  reason: null,
  reservedUntil: null,
  paidAt: null,
  shippedAt: null,
  closedAt: null,
}

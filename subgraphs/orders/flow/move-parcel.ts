import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import type { Identity } from '../../../schema/identity.js'
import { refuse } from '../../../schema/refuse.js'
import { PARCEL_MOVES, type ParcelDeed } from '../domain/parcels.js'
import { orderOfParcel, parcelsOf, receiveParcels, shipParcels, type ParcelRow } from '../store/parcels.js'
import type { PurchaseRow } from '../store/purchases.js'
import { lockOrder } from './find-order.js'
import { followParts } from './follow-parts.js'
import { again } from './retry.js'
import { announce, type Shop } from './shop.js'
import { stepOrders } from './step-orders.js'
import { parcelsMoved } from './tell-parcels.js'

/** A parcel that leaves. */
export interface Sending {
  readonly id: string
  readonly carrier: string
  readonly waybill: string
}

/** A seller's part of an order leaves the house; when it is the last one, the order is shipped. Saying so twice with one waybill is saying it once. */
export function shipParcel(shop: Shop, who: Identity, { id, carrier, waybill }: Sending): Promise<string> {
  return moveParcel(shop, who, {
    ...{ id, deed: 'ship' },
    isDone: (parcel) => parcel.carrier === carrier && parcel.waybill === waybill,
    write: (tx, at) => shipParcels(tx, { id }, { carrier, waybill, at }),
  })
}

/** A seller's part of an order has arrived; when it is the last one, the order is completed. */
export function receiveParcel(shop: Shop, who: Identity, id: string): Promise<string> {
  return moveParcel(shop, who, {
    ...{ id, deed: 'receive' },
    isDone: (parcel) => parcel.state === 'RECEIVED',
    write: (tx, at) => receiveParcels(tx, { id }, at),
  })
}

interface ParcelMove {
  readonly id: string
  readonly deed: ParcelDeed
  /** Whether the same deed has been done to it before. */
  readonly isDone: (parcel: ParcelRow) => boolean
  readonly write: (tx: Database, at: Date) => Promise<readonly ParcelRow[]>
}

/** lock the order -> the part makes its step -> the whole makes its own, when it was waiting for this part. Gives the order's id. */
async function moveParcel(shop: Shop, who: Identity, move: ParcelMove): Promise<string> {
  const order = await orderOfParcel(shop.db, move.id)
  if (order === null) throw refuse('NOT_FOUND', 'no such parcel of yours')
  const moved = await again(() =>
    shop.db.transaction(async (tx) => {
      const row = await lockOrder(tx, who, order)
      const parcel = ((await parcelsOf(tx, [order])).get(order) ?? []).find(({ id }) => id === move.id)
      if (parcel === undefined || move.isDone(parcel)) return []
      if (PARCEL_MOVES[parcel.state][move.deed] === undefined)
        throw refuse('STATE_FORBIDS', `a parcel that is ${parcel.state} cannot be done this: ${move.deed}`)
      const at = await shop.databaseClock(tx)
      await tell(tx, 'orders', parcelsMoved([row], await move.write(tx, at), at))
      return stepWhole(tx, shop, row, at)
    }),
  )
  if (moved.length > 0) announce(shop, moved)
  return order
}

async function stepWhole(tx: Database, shop: Shop, row: PurchaseRow, at: Date): Promise<readonly PurchaseRow[]> {
  const moved = await followParts(tx, shop, { moved: [row], at })
  return moved[0] === row ? stepOrders(tx, shop, { deed: 'movePart', orders: [row], at }) : moved
}

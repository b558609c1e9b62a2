import { PARCEL_STEPS, type ParcelMoved } from '../../../schema/events/parcels.js'
import type { ParcelRow } from '../store/parcels.js'
import type { PurchaseRow } from '../store/purchases.js'

/** The events of parcels that left or arrived just now, those of partners' orders. */
export function parcelsMoved(
  orders: readonly PurchaseRow[],
  parcels: readonly ParcelRow[],
  at: Date,
): readonly ParcelMoved[] {
  const byId = new Map(orders.map((order) => [order.id, order]))
  return parcels.flatMap((parcel) => {
    const order = byId.get(parcel.purchase)
    return order === undefined ? [] : movedParcel(order, parcel, at)
  })
}

function movedParcel({ partner, partner_order: partnerOrder }: PurchaseRow, parcel: ParcelRow, at: Date) {
  const { id, purchase: order, carrier, waybill } = parcel
  const step = PARCEL_STEPS.findIndex((state) => state === parcel.state)
  const state = PARCEL_STEPS[step]
  if (partner === null || partnerOrder === null || state === undefined) return []
  const told = { id: `${id}:${state}`, kind: 'orders.parcelMoved' as const, at: at.toISOString() }
  return [{ ...told, parcel: id, order, version: step + 1, state, partner, partnerOrder, carrier, waybill }]
}

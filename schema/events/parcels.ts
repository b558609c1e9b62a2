import { maybe, oneOf, text } from '../../platform/decode.js'
import { idOf } from '../ids.js'
import { amount, told, type Told } from './told.js'

/** The steps of a parcel that are told. */
export const PARCEL_STEPS = ['SHIPPED', 'RECEIVED'] as const
export type ParcelStep = (typeof PARCEL_STEPS)[number]

/** A parcel of a partner's order left or arrived; `version` grows with each. A member sees those of his orders by their own steps. */
export interface ParcelMoved extends Told {
  readonly kind: 'orders.parcelMoved'
  readonly parcel: string
  readonly order: string
  readonly version: number
  readonly state: ParcelStep
  readonly partner: string
  readonly partnerOrder: string
  readonly carrier: string | null
  readonly waybill: string | null
}

/** Reads its event. */
export function parcelMoved(it: Readonly<Record<string, unknown>>): ParcelMoved {
  return {
    ...told(it),
    kind: 'orders.parcelMoved',
    parcel: idOf('Parcel')(it['parcel'], 'parcelMoved.parcel'),
    order: idOf('Order')(it['order'], 'parcelMoved.order'),
    version: amount(it['version'], 'parcelMoved.version'),
    state: oneOf(it['state'], 'parcelMoved.state', PARCEL_STEPS),
    partner: text(it['partner'], 'parcelMoved.partner'),
    partnerOrder: text(it['partnerOrder'], 'parcelMoved.partnerOrder'),
    carrier: maybe(it['carrier'], 'parcelMoved.carrier', text),
    waybill: maybe(it['waybill'], 'parcelMoved.waybill', text),
  }
}

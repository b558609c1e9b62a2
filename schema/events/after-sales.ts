import { maybe, oneOf, text } from '../../platform/decode.js'
import { idOf } from '../ids.js'
import { currency } from '../money.js'
import { amount, told, type Told } from './told.js'

/** The states of a return or an exchange; which move leads from one to another is a table in `subgraphs/orders/domain/after-sale.ts`. */
export const AFTER_SALE_STATES = [
  'REQUESTED',
  'APPROVED',
  'SENT_BACK',
  'RECEIVED',
  'ACCEPTED',
  'PARTLY_ACCEPTED',
  'REFUSED',
  'WITHDRAWN',
  'REFUNDED',
  'EXCHANGED',
] as const
export type AfterSaleState = (typeof AFTER_SALE_STATES)[number]

/** A return was asked for or made a step; `version` grows with each. */
export interface AfterSaleMoved extends Told {
  readonly kind: 'orders.afterSaleMoved'
  readonly afterSale: string
  readonly order: string
  readonly version: number
  readonly state: AfterSaleState
  readonly member: string | null
  readonly partner: string | null
  readonly partnerOrder: string | null
  /** Why it was refused, or refunded instead of exchanged. */
  readonly note: string | null
  /** What went back to the buyer. */
  readonly backMinor: number
  readonly currency: string
}

/** Reads its event. */
export function afterSaleMoved(it: Readonly<Record<string, unknown>>): AfterSaleMoved {
  return {
    ...told(it),
    kind: 'orders.afterSaleMoved',
    afterSale: idOf('AfterSale')(it['afterSale'], 'afterSaleMoved.afterSale'),
    order: idOf('Order')(it['order'], 'afterSaleMoved.order'),
    version: amount(it['version'], 'afterSaleMoved.version'),
    state: oneOf(it['state'], 'afterSaleMoved.state', AFTER_SALE_STATES),
    member: maybe(it['member'], 'afterSaleMoved.member', idOf('Member')),
    partner: maybe(it['partner'], 'afterSaleMoved.partner', text),
    partnerOrder: maybe(it['partnerOrder'], 'afterSaleMoved.partnerOrder', text),
    note: maybe(it['note'], 'afterSaleMoved.note', text),
    backMinor: amount(it['backMinor'], 'afterSaleMoved.backMinor'),
    currency: currency(it['currency'], 'afterSaleMoved.currency'),
  }
}

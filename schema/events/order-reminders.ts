import { instant, whole } from '../../platform/decode.js'
import { idOf } from '../ids.js'
import { currency } from '../money.js'

/** What a member is reminded of who reserved a new product. */
export interface LaunchRemindedFacts {
  readonly launch: string
  readonly product: string
  readonly member: string
  /** ISO text. */
  readonly opensAt: string
}

/** What a member is reminded of who paid the deposit of a pre-sale. */
export interface BalanceDueFacts {
  readonly order: string
  readonly preSale: string
  readonly variant: string
  readonly product: string
  readonly member: string
  /** What is left to be paid. */
  readonly balanceMinor: number
  readonly currency: string
  /** ISO text; who pays later has missed it. */
  readonly until: string
}

/** Reads what a launch's reminder says. */
export function launchReminded(it: Readonly<Record<string, unknown>>): LaunchRemindedFacts {
  return {
    launch: idOf('Launch')(it['launch'], 'launchReminded.launch'),
    product: idOf('Product')(it['product'], 'launchReminded.product'),
    member: idOf('Member')(it['member'], 'launchReminded.member'),
    opensAt: instant(it['opensAt'], 'launchReminded.opensAt').toISOString(),
  }
}

/** Reads what a balance's reminder says. */
export function balanceDue(it: Readonly<Record<string, unknown>>): BalanceDueFacts {
  return {
    order: idOf('Order')(it['order'], 'balanceDue.order'),
    preSale: idOf('PreSale')(it['preSale'], 'balanceDue.preSale'),
    variant: idOf('Variant')(it['variant'], 'balanceDue.variant'),
    product: idOf('Product')(it['product'], 'balanceDue.product'),
    member: idOf('Member')(it['member'], 'balanceDue.member'),
    balanceMinor: whole(it['balanceMinor'], 'balanceDue.balanceMinor', { least: 0 }),
    currency: currency(it['currency'], 'balanceDue.currency'),
    until: instant(it['until'], 'balanceDue.until').toISOString(),
  }
}

import { tell } from '../../../platform/bus/outbox.js'
import type { Database } from '../../../platform/db/database.js'
import type { BalanceDue } from '../../../schema/events/orders.js'
import type { Deed } from '../domain/moves.js'
import { depositsOf, lockCalledOff, lockOverduePreSold, takeDueBalances, type DueBalance } from '../store/deposits.js'
import { endPreSales } from '../store/pre-sales.js'
import { lockPurchases, type PurchaseRow } from '../store/purchases.js'
import { callingOff, endedBy, missing } from './end-pre-sold.js'
import { announce, later, type Shop } from './shop.js'
import { stepOrders } from './step-orders.js'

/** How many orders one transaction takes in hand. */
const MOST = 500

/** Ends what is due of pre-sales, and tells whose balance is due: all by the database's clock, each order once. */
export async function turnPreSales(shop: Shop): Promise<void> {
  const ended = await shop.db.transaction((tx) => endOverdue(tx, shop))
  const calledOff = await shop.db.transaction((tx) => endCalledOff(tx, shop))
  const told = await shop.db.transaction((tx) => tellDueBalances(tx, shop))
  if (ended.length + calledOff.length + told > 0) {
    announce(shop, [...ended, ...calledOff])
    return turnPreSales(shop)
  }
  await endPreSales(shop.db, await shop.databaseClock(shop.db))
}

/** Deposits that were not paid in time: the order expires. Balances that were not: what becomes of the deposit says the rule. */
async function endOverdue(tx: Database, shop: Shop): Promise<readonly PurchaseRow[]> {
  const at = await shop.databaseClock(tx)
  const due = { at, payingBefore: later(at, -shop.terms.payingGraceMs), most: MOST }
  const orders = [...(await lockPurchases(tx, await lockOverduePreSold(tx, due))).values()]
  const deposits = await depositsOf(
    tx,
    orders.map(({ id }) => id),
  )
  return endOrders(tx, shop, { orders, at, reason: OVERDUE, deedOf: (order) => missing(order, deposits.get(order.id)) })
}

/** Orders of pre-sales that were called off. */
async function endCalledOff(tx: Database, shop: Shop): Promise<readonly PurchaseRow[]> {
  const at = await shop.databaseClock(tx)
  const orders = [...(await lockPurchases(tx, await lockCalledOff(tx, MOST))).values()]
  return endOrders(tx, shop, { orders, at, reason: 'the pre-sale was called off', deedOf: callingOff })
}

const OVERDUE = 'it was not paid in time'

interface Ending {
  readonly orders: readonly PurchaseRow[]
  readonly at: Date
  readonly reason: string
  readonly deedOf: (order: PurchaseRow) => Deed
}

/** One step for all orders that end by the same deed as the first; the others come in a transaction of their own, so that each locks its stock at once. */
function endOrders(tx: Database, shop: Shop, ending: Ending): Promise<readonly PurchaseRow[]> {
  const { at, reason, deedOf } = ending
  const [first] = ending.orders
  if (first === undefined) return Promise.resolve([])
  const deed = deedOf(first)
  const orders = ending.orders.filter((order) => deedOf(order) === deed)
  const details = (order: PurchaseRow) => ({ ...endedBy(deed, order, at), reason })
  return stepOrders(tx, shop, { deed, orders, at, details })
}

/** The mark and the event are one transaction, so that a kill leaves both or neither. */
async function tellDueBalances(tx: Database, shop: Shop): Promise<number> {
  const at = await shop.databaseClock(tx)
  const due = await takeDueBalances(tx, at, MOST)
  await tell(
    tx,
    'orders',
    due.map((one) => balanceDue(one, at)),
  )
  return due.length
}

function balanceDue(due: DueBalance, at: Date): BalanceDue {
  const { purchase: order, pre_sale: preSale, variant, product, member, currency } = due
  return {
    ...{ id: `${order}:balance-due`, kind: 'orders.balanceDue', at: at.toISOString(), order, preSale },
    ...{ variant, product, member, balanceMinor: due.balance_minor, currency, until: due.until.toISOString() },
  }
}

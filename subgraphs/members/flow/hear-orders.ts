import type { Database } from '../../../platform/db/database.js'
import { ordersEvent, type BalanceDue, type ECardMoved, type LaunchReminded } from '../../../schema/events/orders.js'
import { moveECard } from '../store/e-card-rows.js'
import { keepReminders, type NewReminder } from '../store/reminder-rows.js'

/**
 * What orders took from e-cards and gave back is written into their history, and what it reminds members of is kept for them, each cause
 * once. Runs in the consumer's transaction. Gives those who are reminded.
 */
export async function hearOrders(tx: Database, events: readonly unknown[]): Promise<readonly string[]> {
  const reminders: NewReminder[] = []
  for (const told of events) {
    const event = ordersEvent(told)
    if (event?.kind === 'orders.eCardMoved') await writeMovement(tx, event)
    if (event?.kind === 'orders.launchReminded') reminders.push(ofLaunch(event))
    if (event?.kind === 'orders.balanceDue') reminders.push(ofBalance(event))
  }
  await keepReminders(tx, reminders)
  return reminders.map(({ member }) => member)
}

async function writeMovement(tx: Database, event: ECardMoved): Promise<void> {
  const { cause, member, currency, amountMinor, order } = event
  const reason = amountMinor < 0 ? `paid for ${order}` : `back from ${order}`
  await moveECard(tx, { cause, member, currency, amountMinor, reason }, new Date(event.at))
}

function ofLaunch({ id: cause, member, product, opensAt: due, at }: LaunchReminded): NewReminder {
  return { cause, member, kind: 'LAUNCH', product, balance: null, due, at }
}

function ofBalance({ id: cause, member, product, until: due, at, ...event }: BalanceDue): NewReminder {
  const { order, balanceMinor: amountMinor, currency } = event
  return { cause, member, kind: 'BALANCE_DUE', product, balance: { order, amountMinor, currency }, due, at }
}

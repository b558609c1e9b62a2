import type { Database } from '../../../platform/db/database.js'
import { ordersEvent } from '../../../schema/events/orders.js'
import { moveECard } from '../store/e-card-rows.js'

/** What orders took from e-cards and gave back is written into their history, each cause once. Runs in the consumer's transaction. */
export async function hearOrders(tx: Database, events: readonly unknown[]): Promise<void> {
  for (const told of events) {
    const event = ordersEvent(told)
    if (event?.kind !== 'orders.eCardMoved') continue
    const { cause, member, currency, amountMinor, order } = event
    const reason = amountMinor < 0 ? `paid for ${order}` : `back from ${order}`
    await moveECard(tx, { cause, member, currency, amountMinor, reason }, new Date(event.at))
  }
}

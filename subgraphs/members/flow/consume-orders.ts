import type { Bus, Close } from '../../../platform/bus/bus.js'
import { consume } from '../../../platform/bus/consume.js'
import type { Database } from '../../../platform/db/database.js'
import type { Ground } from '../../host/subgraph.js'
import { newestOnly } from '../../host/newest-only.js'
import { SCHEMA } from '../store/migrations.js'
import { hearOrders } from './hear-orders.js'

/** Hears orders. Whoever watches his reminders is told to look after the commit that kept one. */
export function consumeOrders(ground: Ground): Close {
  const reminded = new Set<string>()
  return consume({
    ...ground,
    ...{ schema: SCHEMA, consumer: SCHEMA, topic: 'orders', db: signalling(ground, reminded) },
    async apply(tx, events) {
      for (const member of await hearOrders(tx, events)) reminded.add(member)
    },
  })
}

/** A database that signals, after each commit, to those whom its transaction reminded; one that fails reminded nobody. */
function signalling({ db, bus }: Pick<Ground, 'db' | 'bus'>, reminded: Set<string>): Database {
  return {
    query: (...asked) => db.query(...asked),
    close: () => db.close(),
    async transaction(work) {
      reminded.clear()
      const answer = await db.transaction(work)
      for (const member of reminded) bus.signal(channelOf(member), '')
      return answer
    },
  }
}

/** A member at once, and again each time that something new reminds him; what comes together is told once. Ends when it is closed. */
export async function watchReminders(bus: Bus, member: string): Promise<AsyncIterableIterator<string>> {
  const { stream, tell } = newestOnly(member, { left: () => void deaf(), begins: true })
  const deaf = await bus.listen(channelOf(member), tell)
  return stream
}

function channelOf(member: string): string {
  return `members.reminders.${member}`
}

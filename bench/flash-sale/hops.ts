import type { Bus } from '../../platform/bus/bus.js'
import type { Database } from '../../platform/db/database.js'

/** The stations of what a sale's last piece sets going, in their order. */
export const HOPS = ['placed', 'told', 'logged', 'signalled'] as const
export type Hop = (typeof HOPS)[number]

/** When each station was passed last, on the clock that all processes have in common (milliseconds). */
export class Hops {
  readonly #at = new Map<Hop, number>()

  at(hop: Hop): number {
    return this.#at.get(hop) ?? NaN
  }

  /** The order's commit, and the commit of what the rooms' logs took over from it. */
  ofDatabase(plain: Database): Database {
    return {
      query: (...asked) => plain.query(...asked),
      close: () => plain.close(),
      transaction: async (work) => {
        const wrote = new Set<Hop>()
        const answer = await plain.transaction((tx) => work(overheard(tx, wrote)))
        for (const hop of wrote) this.#pass(hop)
        return answer
      },
    }
  }

  /** The outbox reached the bus; the room's channel told of it. */
  ofBus(plain: Bus): Bus {
    return {
      last: (topic) => plain.last(topic),
      follow: (...asked) => plain.follow(...asked),
      close: () => plain.close(),
      append: async (topic, entries, after) => {
        await plain.append(topic, entries, after)
        if (topic === 'orders' && entries.some(({ body }) => body.includes('SOLD_OUT'))) this.#pass('told')
      },
      signal: (channel, body) => plain.signal(channel, body),
      listen: (channel, heard) =>
        plain.listen(channel, (body) => {
          if (channel.startsWith('room.') && body.includes('SOLD_OUT')) this.#pass('signalled')
          heard(body)
        }),
    }
  }

  #pass(hop: Hop): void {
    this.#at.set(hop, now())
  }
}

export function now(): number {
  return performance.timeOrigin + performance.now()
}

function overheard(tx: Database, wrote: Set<Hop>): Database {
  return {
    query: (sql, ...rest) => {
      if (sql.includes('insert into orders.purchase')) wrote.add('placed')
      if (sql.includes('insert into rooms.log')) wrote.add('logged')
      return tx.query(sql, ...rest)
    },
    transaction: (inner) => tx.transaction(inner),
    close: () => tx.close(),
  }
}

import type { Bus, Close } from '../../platform/bus/bus.js'
import { consume, PLACE_TABLE } from '../../platform/bus/consume.js'
import { OUTBOX_TABLE, startRelay, tell } from '../../platform/bus/outbox.js'
import type { Database } from '../../platform/db/database.js'
import { migrate } from '../../platform/db/migrate.js'
import { silent } from '../../platform/observe/observer.js'
import { systemClock } from '../../platform/time/clock.js'

/** What the baker tells: which loaf. */
export interface Loaf {
  readonly id: string
  readonly kind: string
}

/** A baker who tells of his loaves, and a shop that hears of them in a schema of its own: outbox, bus and consumers, without commerce. */
export interface Bakery {
  bake(...ids: string[]): Promise<void>
  /** Opens a counter that writes down each loaf; the same name goes on where it was. */
  open(name: string, apply?: (tx: Database, ids: readonly string[]) => Promise<void>): Close
  /** What a counter has written down, in order. */
  sold(name: string): Promise<readonly string[]>
  close(): Promise<void>
}

const loaf = (id: string): Loaf => ({ id, kind: 'baker.loafBaked' })

/** Opens the bakery on a database and a bus; the bus is not closed with it. */
export async function aBakery(db: Database, bus: Bus): Promise<Bakery> {
  await migrate(db, 'baker', [{ name: '001', sql: OUTBOX_TABLE('baker') }])
  const book = 'create table shop.sold (at bigint generated always as identity, counter text, id text)'
  await migrate(db, 'shop', [{ name: '001', sql: `${PLACE_TABLE('shop')}\n${book}` }])
  const ground = { db, bus, clock: systemClock, observer: silent }
  const relay = startRelay({ ...ground, schema: 'baker' })
  const counters = new Set<Close>()

  async function write(tx: Database, counter: string, ids: readonly string[]): Promise<void> {
    await tx.query('insert into shop.sold (counter, id) select $1, id from unnest($2::text[]) id', [counter, ids])
  }

  return {
    async bake(...ids) {
      await db.transaction((tx) => tell(tx, 'baker', ids.map(loaf)))
      relay.wake()
    },
    open(consumer, apply = () => Promise.resolve()) {
      const close = consume({
        ...ground,
        schema: 'shop',
        consumer,
        topic: 'baker',
        async apply(tx, events) {
          const ids = events.map((event) => (event as Loaf).id) // told by `bake` above
          await write(tx, consumer, ids)
          await apply(tx, ids)
        },
      })
      counters.add(close)
      return close
    },
    async sold(counter) {
      const { rows } = await db.query<Loaf>('select id from shop.sold where counter = $1 order by at', [counter])
      return rows.map(({ id }) => id)
    },
    async close() {
      await relay.stop()
      await Promise.all([...counters].map((close) => close()))
    },
  }
}

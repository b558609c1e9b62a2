import { describe, expect, it } from 'vitest'
import { aLine, aRequest, aShop, refusalOf, someone, VARIANT, type TestShop } from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { fakeClock } from '../../../test/support/fake-clock.js'
import { until } from '../../../test/support/until.js'
import type { Database } from '../../../platform/db/database.js'
import { positionAt } from '../domain/queue.js'
import { findQueues } from '../store/queues.js'
import { openCounter } from './counter.js'
import { openFlashSale } from './flash-sales.js'
import { openQueueDesk } from './queue-desk.js'
import { QueueWatch } from './watch-queues.js'

/** A sale that has begun and admits one a second, with so many in the line before it. */
async function crowded(shop: TestShop, waiting: number): Promise<string> {
  const flashSale = await openFlashSale(shop, someone('op', 'operator'), {
    ...{ room: null, variant: VARIANT, price: { amountMinor: 100, currency: 'CNY' }, quota: 5, perMember: 1 },
    ...{ startsAt: null, endsAt: null, admitPerSecond: 1 },
  })
  const desk = openQueueDesk(shop, { ticketMs: 60_000, most: 5000, waitMs: 1, limit: 50_000 })
  await Promise.all(Array.from({ length: waiting }, (_, at) => desk.take({ flashSale, buyer: `Member:m${at}` })))
  return flashSale
}

describe('watching the line before a flash sale', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('tells each watcher once for each step of the line, and nothing while it stands', async () => {
      const counted = new Map<string, number>()
      const shop = await aShop(await openDatabase())
      const count = (name: string) => void counted.set(name, (counted.get(name) ?? 0) + 1)
      const flashSale = await crowded(shop, 3)
      const watch = new QueueWatch(
        { ...shop, databaseClock: () => Promise.resolve(shop.at), observer: { ...shop.observer, count } },
        5,
      )
      const [one, other] = [watch.watch(flashSale), watch.watch(flashSale)]
      const looks = async () => (await Promise.all([one.next(), other.next()])).map(({ value }) => value as unknown)
      expect(await looks()).toEqual([{ id: flashSale }, { id: flashSale }]) // as it is
      await looks() // its first telling
      shop.at = new Date(shop.at.getTime() + 1000)
      expect(await looks()).toEqual([{ id: flashSale }, { id: flashSale }])
      const looked = counted.get('orders.queue.looked') ?? 0
      await until(() => (counted.get('orders.queue.looked') ?? 0) > looked + 3)
      expect(counted.get('orders.queue.told')).toBe(2)
      await Promise.all([one.return?.(), other.return?.()])
      expect((await one.next()).done).toBe(true)
      await shop.db.close()
    })

    it('tells of a line that stands again after five seconds, for who has come since', async () => {
      const shop = await aShop(await openDatabase())
      const flashSale = await crowded(shop, 1)
      const clock = fakeClock()
      let looked = 0
      const observer = {
        ...shop.observer,
        count: (name: string) => void (looked += name === 'orders.queue.looked' ? 1 : 0),
      }
      const watch = new QueueWatch({ ...shop, clock, observer, databaseClock: () => Promise.resolve(shop.at) }, 500)
      const stream = watch.watch(flashSale)
      await stream.next() // as it is
      const later = async (looks: number) => {
        for (let look = 0; look < looks; look++) {
          const before = looked
          await clock.advance(500)
          await until(() => looked > before)
        }
      }
      await later(1)
      await stream.next() // its first telling
      let isTold = false
      const again = stream.next().then(() => (isTold = true))
      await later(9)
      expect(isTold).toBe(false)
      await later(1)
      expect(await again).toBe(true)
      await stream.return?.()
      await shop.db.close()
    })

    it('asks the numbers of a crowd that waits once, however often its positions are wanted', async () => {
      const shop = await aShop(await openDatabase())
      const flashSale = await crowded(shop, 2000)
      let statements = 0
      const db = {
        ...shop.db,
        query: (...asked: Parameters<typeof shop.db.query>) => (statements++, shop.db.query(...asked)),
      }
      const watch = new QueueWatch({ ...shop, db: db as typeof shop.db }, 60_000)
      const stream = watch.watch(flashSale)
      const places = Array.from({ length: 2000 }, (_, at) => ({ flashSale, buyer: `Member:m${at}` }))
      const numbers = await watch.numbersOf(places)
      expect(await watch.numbersOf(places)).toEqual(numbers)
      expect([numbers[0], numbers[1999], statements]).toEqual([1, 2000, 1])
      await stream.return?.()
      await shop.db.close()
    })

    it('tells ten thousand who wait of each step with two statements, and lets in the next by the pace', async () => {
      const shop = await aShop(await openDatabase())
      const flashSale = await crowded(shop, 10_000)
      const places = Array.from({ length: 10_000 }, (_, at) => ({ flashSale, buyer: `Member:m${at}` }))
      const { db, asked } = counting(shop.db)
      const watch = new QueueWatch({ ...shop, db, databaseClock: () => Promise.resolve(shop.at) }, 5)
      const crowd = watch.watch(flashSale)
      await crowd.next() // as it is
      await crowd.next() // its first telling
      const pace = await paceOf(shop, flashSale)
      const buy = buyer(shop, flashSale)
      await watch.numbersOf(places)
      for (const second of [1, 2, 3]) {
        shop.at = new Date(shop.at.getTime() + 1000)
        await crowd.next()
        const numbers = await watch.numbersOf(places)
        const positions = numbers.map((number) => positionAt(pace, number ?? 0, shop.at))
        const inside = Array.from({ length: second + 1 }, () => 0) // the first came in when it began
        expect(positions).toEqual([...inside, ...Array.from({ length: 9999 - second }, (_, at) => at + 1)])
        expect(await refusalOf(buy(second + 1))).toBe('TICKET_NOT_YET')
        expect(await buy(second)).toMatch(/^Order:/)
      }
      await crowd.return?.()
      expect(asked.filter((sql) => sql.includes('orders.queue_ticket'))).toHaveLength(1)
      const looks = asked.filter((sql) => sql.includes('from orders.sale_queue')).length
      expect(asked.length).toBeLessThanOrEqual(1 + 2 * looks)
      await shop.db.close()
    })
  })
})

/** The same database, with what it was asked outside of transactions. */
function counting(db: Database): { readonly db: Database; readonly asked: readonly string[] } {
  const asked: string[] = []
  return {
    asked,
    db: {
      query: (sql, ...rest) => (asked.push(sql), db.query(sql, ...rest)),
      transaction: (work) => db.transaction(work),
      close: () => db.close(),
    },
  }
}

async function paceOf(shop: TestShop, flashSale: string) {
  const queue = (await findQueues(shop.db, [flashSale])).get(flashSale)
  if (queue === undefined) throw new Error('the line is missing')
  return { perSecond: queue.per_second, base: queue.base, since: queue.since }
}

/** Buys for the member at a place of the line, with his ticket. */
function buyer(shop: TestShop, flashSale: string): (at: number) => Promise<string> {
  const counter = openCounter(shop, { most: 64, waitMs: 1, limit: 1000 })
  return (at) => {
    const ticket = { flashSale, buyer: `Member:m${at}`, number: at + 1, expiresAt: new Date('2099-01-01') }
    return counter.place(aRequest(`m${at}`, '1', { lines: [aLine({ flashSale })], tickets: [ticket] }))
  }
}

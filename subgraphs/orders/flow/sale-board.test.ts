import { describe, expect, it } from 'vitest'
import { memoryBus } from '../../../platform/bus/memory-bus.js'
import type { Database } from '../../../platform/db/database.js'
import { systemClock } from '../../../platform/time/clock.js'
import { aLine, aRequest, aShop, refusalOf, someone, VARIANT, type TestShop } from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { fakeClock } from '../../../test/support/fake-clock.js'
import { until } from '../../../test/support/until.js'
import { openCounter, type Counter } from './counter.js'
import { openFlashSale } from './flash-sales.js'
import { cancelOrder } from './move-order.js'
import { SaleBoard } from './sale-board.js'
import { hearingNotes } from './sale-notes.js'
import type { Shop } from './shop.js'

/** A process that sells: its own board and counter over the common rows; every statement about sales is kept. */
async function aProcess(common: TestShop, { clock = fakeClock(), bus = common.bus } = {}) {
  const asked: string[] = []
  let heard = 0
  const board = new SaleBoard({ ...common, clock, bus }, () => heard++)
  await board.listen()
  const db = hearingNotes(overheard(common.db, asked), (notes) => board.learn(notes))
  const shop: Shop = { ...common, db, databaseClock: () => Promise.resolve(common.at) }
  const counter = openCounter({ ...shop, clock: systemClock }, { most: 64, waitMs: 1, limit: 1000 }, board)
  return {
    shop,
    counter,
    clock,
    heard: () => heard,
    saleStatements: () => asked.filter((sql) => sql.includes('orders.flash_sale')),
  }
}

function overheard(db: Database, asked: string[]): Database {
  const through = (of: Database): Database => ({
    query: (sql, ...rest) => (asked.push(sql), of.query(sql, ...rest)),
    transaction: (work) => of.transaction((tx) => work(handle(tx))),
    close: () => of.close(),
  })
  const handles = new Map<Database, Database>()
  const handle = (tx: Database): Database => handles.get(tx) ?? (handles.set(tx, through(tx)), handles.get(tx) ?? tx)
  return through(db)
}

async function aSale(
  shop: Shop,
  pieces: number,
): Promise<(counter: Counter, member: string, key?: string) => Promise<string>> {
  const flashSale = await openFlashSale(shop, someone('op', 'operator'), {
    ...{ room: null, variant: VARIANT, price: { amountMinor: 100, currency: 'CNY' }, quota: pieces, perMember: 1 },
    ...{ startsAt: null, endsAt: null },
  })
  return (counter, member, key = '1') => counter.place(aRequest(member, key, { lines: [aLine({ flashSale })] }))
}

describe('a sale that is sold out', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('is refused by another process that has asked no row of it', async () => {
      const common = await aShop(await openDatabase())
      const [here, there] = [await aProcess(common), await aProcess(common)]
      const buy = await aSale(here.shop, 1)
      await buy(here.counter, 'ann')
      await until(() => there.heard() > 0)
      expect(await refusalOf(buy(there.counter, 'bob'))).toBe('OFFER_CLOSED')
      expect(there.saleStatements()).toEqual([])
      await common.db.close()
    })

    it('is asked once by a crowd that stood in the line already, whose refusals are kept all the same', async () => {
      const common = await aShop(await openDatabase())
      const here = await aProcess(common)
      const buy = await aSale(here.shop, 1)
      const crowd = () => Promise.all(Array.from({ length: 300 }, (_, at) => refusalOf(buy(here.counter, `m${at}`))))
      const before = here.saleStatements().length
      const codes = await crowd()
      expect(codes.filter((code) => code === 'OFFER_CLOSED')).toHaveLength(299)
      const locks = here
        .saleStatements()
        .slice(before)
        .filter((sql) => sql.includes('for update'))
      expect(locks).toHaveLength(1)
      expect(await crowd()).toEqual(codes)
      await common.db.close()
    })

    it('R01 tells an order again that was placed before, whichever process is asked', async () => {
      const common = await aShop(await openDatabase())
      const [here, there] = [await aProcess(common), await aProcess(common)]
      const buy = await aSale(here.shop, 1)
      const order = await buy(here.counter, 'ann')
      await until(() => there.heard() > 0)
      expect(await refusalOf(buy(there.counter, 'bob'))).toBe('OFFER_CLOSED')
      expect(await buy(there.counter, 'ann')).toBe(order)
      expect(await refusalOf(buy(there.counter, 'ann', 'another key'))).toBe('OFFER_CLOSED')
      await common.db.close()
    })

    it('R01 keeps the early refusal under its key like any other, and sells again what comes back', async () => {
      const common = await aShop(await openDatabase())
      const [here, there] = [await aProcess(common), await aProcess(common)]
      const buy = await aSale(here.shop, 1)
      const order = await buy(here.counter, 'ann')
      await until(() => there.heard() > 0)
      expect(await refusalOf(buy(there.counter, 'bob'))).toBe('OFFER_CLOSED')
      await cancelOrder(here.shop, someone('ann', 'member'), { id: order, reason: null })
      expect(await refusalOf(buy(there.counter, 'bob'))).toBe('OFFER_CLOSED')
      expect(await buy(there.counter, 'bob', 'another key')).toMatch(/^Order:/)
      await common.db.close()
    })

    it('is asked again after a second, when nobody told that it is not', async () => {
      const common = await aShop(await openDatabase())
      const deaf = memoryBus({ clock: systemClock, observer: common.observer })
      const [here, there] = [await aProcess(common), await aProcess(common, { bus: deaf })]
      const buy = await aSale(here.shop, 1)
      const order = await buy(here.counter, 'ann')
      expect(await refusalOf(buy(there.counter, 'bob'))).toBe('OFFER_CLOSED') // its own batch saw it
      await cancelOrder(here.shop, someone('ann', 'member'), { id: order, reason: null })
      expect(await refusalOf(buy(there.counter, 'cat'))).toBe('OFFER_CLOSED')
      await there.clock.advance(1000)
      const placed = buy(there.counter, 'dan')
      expect(await placed).toMatch(/^Order:/)
      await common.db.close()
    })
  })
})

import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Bus } from '../../platform/bus/bus.js'
import { forget, untold } from '../../platform/bus/outbox-rows.js'
import { tell } from '../../platform/bus/outbox.js'
import type { Database } from '../../platform/db/database.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { aBakery, type Bakery } from '../support/bakery.js'
import { eachBus } from '../support/buses.js'
import { eachDatabase, freshPostgres } from '../support/databases.js'
import { until } from '../support/until.js'

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `loaf:${from + at}`)

describe('what is told through the outbox', () => {
  eachDatabase((open) => {
    eachBus((openBus) => {
      let db: Database
      let bus: Bus
      let bakery: Bakery
      beforeEach(async () => {
        db = await open()
        bus = openBus()
        bakery = await aBakery(db, bus)
      })
      afterEach(async () => {
        await bakery.close()
        await bus.close()
        await db.close()
      })

      const hasSold = (counter: string, count: number): Promise<void> =>
        until(async () => (await bakery.sold(counter)).length >= count, `${counter} sells ${count}`)

      /** The bus as it is after it lost everything: another one, empty. */
      const loseTheBus = async (): Promise<void> => {
        await bakery.close()
        await bus.close()
        bus = openBus()
        bakery = await aBakery(db, bus)
      }

      it('is applied once, in the order of its transactions', async () => {
        bakery.open('front')
        for (let at = 1; at <= 30; at += 3) await bakery.bake(...numbered(at, at + 2))
        await hasSold('front', 30)
        expect(await bakery.sold('front')).toEqual(numbered(1, 30))
      })

      it('loses nothing when many transactions tell at once', async () => {
        bakery.open('front')
        const ids = numbered(1, 60)
        await Promise.all(ids.map((id) => bakery.bake(id, `${id}b`)))
        await hasSold('front', 120)
        const sold = await bakery.sold('front')
        expect(new Set(sold).size).toBe(sold.length)
        expect(ids.every((id) => sold.indexOf(`${id}b`) === sold.indexOf(id) + 1)).toBe(true)
      })

      it('is not told when its transaction is rolled back, nor twice under one id', async () => {
        bakery.open('front')
        const failing = db.transaction(async (tx) => {
          await tell(tx, 'baker', [{ id: 'burnt', kind: 'baker.loafBaked' }])
          throw new Error('burnt')
        })
        await expect(failing).rejects.toThrow('burnt')
        await bakery.bake('loaf:1')
        await bakery.bake('loaf:1', 'loaf:2')
        await hasSold('front', 2)
        expect(await bakery.sold('front')).toEqual(numbered(1, 2))
      })

      it('is heard by each consumer, also by one that comes late', async () => {
        bakery.open('front')
        await bakery.bake(...numbered(1, 5))
        await hasSold('front', 5)
        bakery.open('back')
        await hasSold('back', 5)
        expect(await bakery.sold('back')).toEqual(numbered(1, 5))
      })

      it('goes on from the place of a consumer that stopped', async () => {
        await bakery.bake(...numbered(1, 5))
        const stop = bakery.open('front')
        await hasSold('front', 5)
        await stop()
        await bakery.bake(...numbered(6, 9))
        bakery.open('front')
        await hasSold('front', 9)
        expect(await bakery.sold('front')).toEqual(numbered(1, 9))
      })

      it('is applied once by two processes that are the same consumer', async () => {
        bakery.open('front')
        bakery.open('front')
        for (let at = 1; at <= 20; at++) await bakery.bake(`loaf:${at}`)
        await hasSold('front', 20)
        expect(await bakery.sold('front')).toEqual(numbered(1, 20))
      })

      it('leaves nothing of an application that fails, and is applied again', async () => {
        let failures = 2
        bakery.open('front', () => (failures-- > 0 ? Promise.reject(new Error('dropped')) : Promise.resolve()))
        await bakery.bake(...numbered(1, 4))
        await hasSold('front', 4)
        expect(await bakery.sold('front')).toEqual(numbered(1, 4))
      })

      it('R21 is told again to a bus that lost everything, and applied no second time', async () => {
        bakery.open('front')
        await bakery.bake(...numbered(1, 5))
        await hasSold('front', 5)
        await loseTheBus()
        bakery.open('front')
        bakery.open('back')
        await bakery.bake('loaf:6')
        await Promise.all([hasSold('front', 6), hasSold('back', 6)])
        expect(await bakery.sold('front')).toEqual(numbered(1, 6))
        expect(await bakery.sold('back')).toEqual(numbered(1, 6))
      })
    })

    it('is forgotten when it is old or too much, but never before it was told', async () => {
      const db = await open()
      await (await aBakery(db, nothing)).close()
      await db.transaction((tx) => tell(tx, 'baker', numbered(1, 5).map((id) => ({ id, kind: 'k' })))) // prettier-ignore
      // Transactions of other tests in the same cluster hold it back as well.
      await until(async () => (await untold(db, 'baker', null, 10)).entries.length === 5)
      const { entries } = await untold(db, 'baker', null, 10)
      const third = entries[2]?.position ?? ''
      const left = async (): Promise<number> => (await db.query('select 1 from baker.outbox')).count
      expect(await forget(db, 'baker', third, { seconds: 3600, rows: 100, most: 10 })).toBe(0)
      expect(await forget(db, 'baker', third, { seconds: 3600, rows: 2, most: 10 })).toBe(1)
      expect(await forget(db, 'baker', third, { seconds: -1, rows: 100, most: 10 })).toBe(2)
      expect(await left()).toBe(2)
      await db.close()
    })
  })

  it.skipIf(inject('postgresUrl') === null)('never passes a transaction that still runs', async () => {
    const db = openPostgres({ url: await freshPostgres(inject('postgresUrl') ?? '') })
    await (await aBakery(db, nothing)).close()
    const told = async (): Promise<string[]> =>
      (await untold(db, 'baker', null, 10)).entries.map(({ body }) => (JSON.parse(body) as { id: string }).id)
    await db.transaction(async (slow) => {
      await tell(slow, 'baker', [{ id: 'first', kind: 'k' }])
      await db.transaction((quick) => tell(quick, 'baker', [{ id: 'second', kind: 'k' }]))
      expect(await untold(db, 'baker', null, 10)).toEqual({ entries: [], heldBack: true })
    })
    await until(async () => (await told()).length === 2)
    expect(await told()).toEqual(['first', 'second'])
    await db.close()
  })
})

/** A bus that carries nothing. */
const nothing: Bus = {
  append: () => Promise.resolve(),
  last: () => Promise.resolve(null),
  follow: () => () => Promise.resolve(),
  signal: () => undefined,
  listen: () => Promise.resolve(() => Promise.resolve()),
  close: () => Promise.resolve(),
}

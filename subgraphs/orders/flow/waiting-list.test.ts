import { describe, expect, it } from 'vitest'
import { aLine, aRequest, aShop, refusalOf, someone, VARIANT, type TestShop } from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import type { Database } from '../../../platform/db/database.js'
import { stockDifferences } from '../store/audits.js'
import { findWaits, salesWithTurn } from '../store/waiters.js'
import { openCounter } from './counter.js'
import { closeFlashSale, openFlashSale } from './flash-sales.js'
import { cancelOrder } from './move-order.js'
import { expireOverdue } from './rounds.js'
import { offerToWaiting, openWaitingList, stopWaiting } from './waiting-list.js'

const operator = someone('op', 'operator')
const OFFER_SECONDS = 120

/** A sale of so many pieces, all of them bought by `Member:first…`. */
async function soldOut(shop: TestShop, pieces: number) {
  const flashSale = await openFlashSale(shop, operator, {
    ...{ room: null, variant: VARIANT, price: { amountMinor: 100, currency: 'CNY' }, quota: pieces, perMember: 1 },
    ...{ startsAt: null, endsAt: null },
  })
  const counter = openCounter(shop, { most: 64, waitMs: 1, limit: 1000 })
  const list = openWaitingList(shop, { most: 100, waitMs: 1, limit: 1000 })
  let keys = 0
  const buy = (member: string, quantity = 1) =>
    counter.place(aRequest(member, String(++keys), { lines: [aLine({ flashSale, quantity })] }))
  const orders = await Promise.all(Array.from({ length: pieces }, (_, at) => buy(`first${at}`)))
  return {
    flashSale,
    orders,
    buy,
    wait: (member: string) => list.wait({ flashSale, buyer: `Member:${member}` }),
    giveUp: (at: number) => cancelOrder(shop, someone(`first${at}`, 'member'), { id: orders[at] ?? '', reason: null }),
    round: async () => offerToWaiting(shop, await salesWithTurn(shop.db, shop.at, 10)),
    /** Who has a piece set aside now. */
    async offered(...members: readonly string[]) {
      const waits = await findWaits(
        shop.db,
        flashSale,
        members.map((member) => `Member:${member}`),
      )
      return waits
        .filter((wait) => wait.offeredUntil !== null)
        .map(({ buyer }) => buyer.slice('Member:'.length))
        .sort()
    },
  }
}

/** A database whose process dies before the commit, when all is written. */
function dying(db: Database): Database {
  return {
    query: (...asked) => db.query(...asked),
    close: () => db.close(),
    transaction: (work) =>
      db.transaction(async (tx) => {
        await work(tx)
        throw new Error('killed')
      }),
  }
}

const seconds = (shop: TestShop, count: number) => (shop.at = new Date(shop.at.getTime() + count * 1000))

describe('who waits for a sale that is sold out', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('has what comes back before all who come later, also before it was offered to him', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await soldOut(shop, 1)
      await sale.wait('ann')
      await sale.giveUp(0)
      expect(await refusalOf(sale.buy('passer-by'))).toBe('OFFER_CLOSED')
      expect(await refusalOf(sale.buy('ann'))).toBe('OFFER_CLOSED') // not yet offered
      await sale.round()
      expect(await refusalOf(sale.buy('passer-by'))).toBe('OFFER_CLOSED')
      expect(await sale.buy('ann')).toMatch(/^Order:/)
      expect(await stockDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('R25 is offered it for a while by the time of the database, and then it is the next one’s', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await soldOut(shop, 1)
      for (const name of ['ann', 'bob', 'cat']) await sale.wait(name)
      seconds(shop, 900)
      await expireOverdue(shop)
      await sale.round()
      expect(await sale.offered('ann', 'bob', 'cat')).toEqual(['ann'])
      seconds(shop, OFFER_SECONDS)
      expect(await refusalOf(sale.buy('ann'))).toBe('OFFER_CLOSED') // over, though no round has seen it
      await sale.round()
      expect(await sale.offered('ann', 'bob', 'cat')).toEqual(['bob'])
      seconds(shop, OFFER_SECONDS)
      await sale.round()
      expect(await sale.offered('ann', 'bob', 'cat')).toEqual(['cat'])
      seconds(shop, OFFER_SECONDS)
      await sale.round()
      expect(await sale.offered('ann', 'bob', 'cat')).toEqual([])
      expect(await sale.buy('passer-by')).toMatch(/^Order:/) // nobody waits any more
      expect(await stockDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('is served by arrival, one piece each and none twice, by two processes at once', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await soldOut(shop, 5)
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
      await Promise.all(names.flatMap((name) => [sale.wait(name), sale.wait(name)]))
      await Promise.all([0, 1, 2].map((at) => sale.giveUp(at)))
      await Promise.all([sale.round(), sale.round(), sale.round()])
      expect(await sale.offered(...names)).toEqual(['a', 'b', 'c'])
      await Promise.all([sale.giveUp(3), sale.buy('b'), sale.round()])
      await sale.round()
      expect(await sale.offered(...names)).toEqual(['a', 'c', 'd'])
      const all = await Promise.all([...names, 'b'].map((name) => refusalOf(sale.buy(name))))
      expect(all.filter((code) => code === 'nothing was refused')).toHaveLength(3)
      expect(await stockDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('stands at the end when he comes again, and no longer when he does not want to', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await soldOut(shop, 1)
      for (const name of ['ann', 'bob', 'cat']) await sale.wait(name)
      await stopWaiting(shop, { flashSale: sale.flashSale, buyer: 'Member:ann' })
      await stopWaiting(shop, { flashSale: sale.flashSale, buyer: 'Member:ann' })
      await sale.wait('ann')
      const waits = await findWaits(shop.db, sale.flashSale, ['Member:ann', 'Member:bob', 'Member:cat', 'Member:eve'])
      expect(new Map(waits.map(({ buyer, ahead }) => [buyer, ahead]))).toEqual(
        new Map([
          ['Member:bob', 0],
          ['Member:cat', 1],
          ['Member:ann', 2],
        ]),
      )
      expect(await stockDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('waits only for what is sold out, within his limit, and until it is over', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await soldOut(shop, 1)
      expect(await refusalOf(sale.wait('first0'))).toBe('LIMIT_PER_MEMBER')
      await sale.giveUp(0)
      expect(await refusalOf(sale.wait('ann'))).toBe('STATE_FORBIDS')
      await sale.buy('bob')
      await sale.wait('ann')
      await closeFlashSale(shop, operator, sale.flashSale)
      expect(await refusalOf(sale.wait('cat'))).toBe('OFFER_CLOSED')
      expect(await findWaits(shop.db, sale.flashSale, ['Member:ann'])).toEqual([])
      expect(await stockDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('is cut off with nothing half done: what was offered before a process died is offered once', async () => {
      const shop = await aShop(await openDatabase())
      const sale = await soldOut(shop, 2)
      for (const name of ['ann', 'bob']) await sale.wait(name)
      await sale.giveUp(0)
      await expect(offerToWaiting({ ...shop, db: dying(shop.db) }, [sale.flashSale])).rejects.toThrow('killed')
      expect(await sale.offered('ann', 'bob')).toEqual([])
      await sale.round()
      expect(await sale.offered('ann', 'bob')).toEqual(['ann'])
      expect(await stockDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })
  })
})

import { expect, it, describe } from 'vitest'
import { openCounter } from '../../subgraphs/orders/flow/counter.js'
import { payOrder } from '../../subgraphs/orders/flow/pay-order.js'
import { later } from '../../subgraphs/orders/flow/shop.js'
import { tellDivided } from '../../subgraphs/orders/flow/tell-divided.js'
import { aLine, aRequest, aShop, someone } from '../support/a-shop.js'
import { eachMigrated } from '../support/databases.js'
import { ORDERS } from '../support/standing.js'
import { complaints } from './complaints.js'
import { openDeposits, openSale } from './open-sale.js'

const UNDONE = 'this was only to be looked at'
const WRONGS = [
  ["update orders.payment set part = 'WHOLE'", 'orders paid by other payments than their state says, each once: 1'],
  ['update orders.payment set amount_minor = 7', '7 came'],
  ['delete from orders.heard', 'was heard 0 times'],
  ["update orders.purchase set state = 'RESERVED' where state = 'DEPOSIT_PAID'", 'was DEPOSIT_PAID and is RESERVED'],
  ['update orders.flash_sale set sold = 1', 'divided sales that count in their own row: 1'],
  ['update orders.sale_bucket set quota = quota + 1 where bucket = 2', 'buckets have more or less than its row: 1'],
  ['update orders.line set bucket = 3 where bucket is not null', 'lines of divided sales in no bucket of theirs: 1'],
  ['update orders.sale_bucket set sold = sold + 1 where bucket = 2', 'sales last told of with more or less'],
  ['update orders.deposit set pieces = 4', 'pieces taken beyond the quota of a pre-sale: 2'],
] as const

describe('the complaints about an evening', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    /** A divided sale and a pre-sale of two pieces, of which one each is ordered and paid, or its deposit. */
    async function anEvening() {
      const shop = await aShop(await openDatabase(), 10)
      const flashSale = await openSale(shop, { pieces: 10, quota: 8, buckets: 3 })
      const preSale = await openDeposits(shop, 2, later(shop.at, 1000))
      const counter = openCounter(shop, { most: 9, waitMs: 0, limit: 9 })
      const buy = async (member: string, of: Parameters<typeof aLine>[0]) => {
        const order = await counter.place(aRequest(member, member, { lines: [aLine(of)] }))
        await payOrder(shop, someone(member, 'member'), { idempotencyKey: 'p', order, method: 'card' })
        return order
      }
      const [sold, preSold] = [await buy('ann', { flashSale }), await buy('bob', { preSale })]
      await tellDivided(shop)
      await shop.db.query('create table orders.heard as select id from orders.outbox')
      return { shop, sold, preSold }
    }

    it('are none when all is well, and each names what is not', async () => {
      const { shop, sold, preSold } = await anEvening()
      const acknowledged = [
        { member: 'ann', order: sold, state: 'PAID' },
        { member: 'bob', order: preSold, state: 'DEPOSIT_PAID' },
      ] as const
      const charged = new Map([...shop.provider.charges.values()].map(({ key, amount }) => [key, amount.amountMinor]))
      const known = { acknowledged, pieces: 10, charged }
      expect(await complaints(shop.db, known)).toEqual([])
      for (const [sql, complaint] of WRONGS) {
        const undone = shop.db.transaction(async (tx) => {
          await tx.query(sql)
          expect(await complaints(tx, known)).toContainEqual(expect.stringContaining(complaint))
          throw new Error(UNDONE)
        })
        await expect(undone).rejects.toThrow(UNDONE)
      }
      expect(await complaints(shop.db, { ...known, acknowledged: [] })).toContain(
        `${sold} of Member:ann was never acknowledged`,
      )
      await shop.db.close()
    })
  })
})

import { describe, expect, it } from 'vitest'
import {
  aLine,
  aRequest,
  aShop,
  grant,
  refusalOf,
  someone,
  toldBy,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { BACK_RULES } from '../domain/means.js'
import { moneyDifferences } from '../store/audits.js'
import { linesOf } from '../store/lines.js'
import { findPurchases } from '../store/purchases.js'
import { openCounter } from './counter.js'
import { cancelOrder } from './move-order.js'
import { payOrder } from './pay-order.js'
import { cancelLines, refundOrder } from './refund-order.js'
import { askAboutPayments, sendRefunds } from './rounds.js'
import { settlePayment } from './settle-payment.js'

const ann = someone('ann', 'member')
let keys = 0
const place = (shop: TestShop, quantity = 1) =>
  openCounter(shop, { most: 10, waitMs: 0, limit: 100 }).place(
    aRequest('ann', `k${++keys}`, { lines: [aLine({ quantity })] }),
  )
const pay = (shop: TestShop, order: string, eCardMinor: number, method = 'card') =>
  payOrder(shop, ann, { idempotencyKey: `p${++keys}`, order, method, eCardMinor })
const orderOf = async (shop: TestShop, id: string) => (await findPurchases(shop.db, [id])).get(id)
const onlyPayment = (shop: TestShop) => [...shop.provider.charges.keys()].at(-1) ?? ''

/** What is on the card, and what its history was told, which must be the same. */
async function cardOf(shop: TestShop): Promise<number | undefined> {
  const { rows } = await shop.db.query<{ balance_minor: number }>('select balance_minor from orders.e_card')
  const told = (await toldBy(shop.db)).flatMap((event) =>
    event.kind === 'orders.eCardMoved' ? [event.amountMinor] : [],
  )
  const granted = 1500
  expect(rows[0]?.balance_minor).toBe(told.reduce((sum, one) => sum + one, granted))
  expect(await moneyDifferences(shop.db)).toEqual([])
  return rows[0]?.balance_minor
}

describe('an e-card', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    const aShopWithCard = async () => {
      const shop = await aShop(await openDatabase())
      await grant(shop, 'ann', 1500)
      await grant(shop, 'ann', 1500) // the same grant, told again
      return shop
    }

    it('pays a part of an order, and the provider the rest', async () => {
      const shop = await aShopWithCard()
      const order = await place(shop, 2)
      await pay(shop, order, 700)
      expect(await orderOf(shop, order)).toMatchObject({ state: 'PAID', paid_minor: 2000 })
      expect([...shop.provider.charges.values()].map(({ amount }) => amount.amountMinor)).toEqual([1300])
      expect(await cardOf(shop)).toBe(800)
      await shop.db.close()
    })

    it('pays all of an order without the provider', async () => {
      const shop = await aShopWithCard()
      const order = await place(shop)
      await pay(shop, order, 0, 'ecard')
      expect(await orderOf(shop, order)).toMatchObject({ state: 'PAID', paid_minor: 1000 })
      expect(shop.provider.charges.size).toBe(0)
      await refundOrder(shop, ann, { idempotencyKey: 'r', order, reason: 'x' })
      expect(await cardOf(shop)).toBe(1500)
      await shop.db.close()
    })

    it('gives no more than is on it, nor more than the order comes to', async () => {
      const shop = await aShopWithCard()
      const [order, dear] = [await place(shop), await place(shop, 2)]
      expect(await refusalOf(pay(shop, order, 1001))).toBe('BAD_USER_INPUT')
      expect(await refusalOf(pay(shop, dear, 1501))).toBe('BALANCE_SHORT')
      expect((await orderOf(shop, dear))?.state).toBe('RESERVED')
      expect(await cardOf(shop)).toBe(1500)
      await shop.db.close()
    })

    it('R06 is not spent twice, however many orders it is to pay at once', async () => {
      const shop = await aShopWithCard()
      const orders = await Promise.all(Array.from({ length: 12 }, () => place(shop)))
      const answers = await Promise.all(orders.map((order) => refusalOf(pay(shop, order, 400))))
      expect(answers.filter((answer) => answer === 'nothing was refused')).toHaveLength(3)
      expect(answers.filter((answer) => answer === 'BALANCE_SHORT')).toHaveLength(9)
      expect(await cardOf(shop)).toBe(300)
      await shop.db.close()
    })

    it('has back what a declined or given up payment held', async () => {
      const shop = await aShopWithCard()
      const [declined, cancelled] = [await place(shop), await place(shop)]
      shop.provider.next = 'DECLINED'
      expect(await refusalOf(pay(shop, declined, 400))).toBe('PAYMENT_DECLINED')
      expect(await cardOf(shop)).toBe(1500)
      shop.provider.next = 'PENDING'
      await pay(shop, cancelled, 400)
      expect(await cardOf(shop)).toBe(1100)
      await cancelOrder(shop, ann, { id: cancelled, reason: null })
      expect(await cardOf(shop)).toBe(1500)
      await settlePayment(shop, onlyPayment(shop), 'SUCCEEDED')
      await sendRefunds(shop)
      expect([...shop.provider.refunds.values()]).toEqual([600])
      expect(await cardOf(shop)).toBe(1500)
      await shop.db.close()
    })

    it('is taken anew when money comes over a refusal, and the money goes back when it is not there any more', async () => {
      const shop = await aShopWithCard()
      shop.provider.next = 'PENDING'
      const [first, second] = [await place(shop), await place(shop)]
      for (const [order, state] of [
        [first, 'PAID'],
        [second, 'RESERVED'],
      ] as const) {
        await pay(shop, order, 700)
        const payment = onlyPayment(shop)
        await settlePayment(shop, payment, 'DECLINED')
        if (order === second) await pay(shop, await place(shop), 700)
        await settlePayment(shop, payment, 'SUCCEEDED')
        expect((await orderOf(shop, order))?.state).toBe(state)
      }
      await sendRefunds(shop)
      expect([...shop.provider.refunds.values()]).toEqual([300])
      expect(await cardOf(shop)).toBe(100)
      await shop.db.close()
    })

    it('goes on from where a payment was cut off', async () => {
      const shop = await aShopWithCard()
      const order = await place(shop)
      shop.provider.next = 'down'
      expect(await refusalOf(pay(shop, order, 400))).toBe('PARTNER_UNAVAILABLE')
      shop.provider.next = 'SUCCEEDED'
      shop.at = new Date(shop.at.getTime() + 60_000)
      await askAboutPayments(shop)
      expect(await orderOf(shop, order)).toMatchObject({ state: 'PAID', paid_minor: 1000 })
      expect(await cardOf(shop)).toBe(1100)
      await shop.db.close()
    })

    it.each(BACK_RULES)('has back what it paid of a refund in parts: %s', async (backBy) => {
      const shop = await aShopWithCard()
      const order = await place(shop, 3)
      await payOrder({ ...shop, terms: { ...shop.terms, backBy } }, ann, {
        ...{ idempotencyKey: `p${++keys}`, order, method: 'card', eCardMinor: 1001 },
      })
      const [line] = (await linesOf(shop.db, [order])).get(order) ?? []
      const part = { order, reason: 'x', lines: [{ line: line?.id ?? '', pieces: 1, amountMinor: null }] }
      await cancelLines(shop, ann, { ...part, idempotencyKey: `c${++keys}` })
      expect(await cardOf(shop)).toBe(499 + { IN_PROPORTION: 333, E_CARD_FIRST: 1000, E_CARD_LAST: 0 }[backBy])
      await refundOrder(shop, ann, { idempotencyKey: `r${++keys}`, order, reason: 'x' })
      await sendRefunds(shop)
      expect(await cardOf(shop)).toBe(1500)
      expect([...shop.provider.refunds.values()].reduce((sum, one) => sum + one, 0)).toBe(1999)
      await shop.db.close()
    })
  })
})

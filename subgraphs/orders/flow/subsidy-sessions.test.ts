import { describe, expect, it } from 'vitest'
import {
  aLine,
  aPartner,
  aRequest,
  aShop,
  feed,
  refusalOf,
  someone,
  VARIANT,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { ANYBODY } from '../domain/draft.js'
import { moneyDifferences } from '../store/audits.js'
import { accountStatement } from '../store/entries.js'
import { linesOf } from '../store/lines.js'
import { borneOfSession, findSubsidySessions } from '../store/subsidy-sessions.js'
import { openCounter } from './counter.js'
import { cancelOrder } from './move-order.js'
import { payOrder } from './pay-order.js'
import { quoteOrder } from './quote-order.js'
import { cancelLines, refundOrder } from './refund-order.js'
import { expireOverdue } from './rounds.js'
import { addToSession, closeSession, openSession, type SessionRequest } from './subsidy-sessions.js'

const operator = someone('op', 'operator')
const ann = someone('ann', 'member')
const SHARES = [
  { bearer: 'platform', shareBp: 6000 },
  { bearer: 'seller', shareBp: 4000 },
]
let keys = 0
const key = () => `k${++keys}`

/** A session that takes 150 off a shirt at 1000. */
async function opened(shop: TestShop, some: Partial<SessionRequest> = {}): Promise<string> {
  const span = { startsAt: null, endsAt: null }
  const asked = {
    idempotencyKey: key(),
    label: 'double',
    partner: null,
    currency: 'CNY',
    budgetMinor: 1000,
    shares: SHARES,
    ...span,
    ...some,
  }
  const session = await openSession(shop, operator, asked)
  await addToSession(shop, operator, { session, variant: VARIANT, reduction: { form: 'BY', minor: 150 } })
  return session
}
const counterOf = (shop: TestShop) => openCounter(shop, { most: 16, waitMs: 1, limit: 1000 })
const place = (shop: TestShop, quantity = 1, expectedTotalMinor: number | null = null) =>
  counterOf(shop).place(aRequest('ann', key(), { lines: [aLine({ quantity })], expectedTotalMinor }))
const usedOf = async (shop: TestShop, id: string) => (await findSubsidySessions(shop.db, [id])).get(id)?.used_minor
const priceOf = async (shop: TestShop, quantity = 1) =>
  (await quoteOrder(shop, [aLine({ quantity })], ANYBODY)).total.amountMinor
const pay = (shop: TestShop, order: string) => payOrder(shop, ann, { idempotencyKey: key(), order, method: 'card' })

describe('a session of subsidies', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('R01 R02 is opened once under a key', async () => {
      const shop = await aShop(await openDatabase())
      const wish = { idempotencyKey: key(), label: 'double', partner: null, currency: 'CNY', budgetMinor: 1000 }
      const asked = { ...wish, shares: SHARES, startsAt: null, endsAt: null }
      const id = await openSession(shop, operator, asked)
      expect(await openSession(shop, operator, asked)).toBe(id)
      expect(await refusalOf(openSession(shop, operator, { ...asked, budgetMinor: 1001 }))).toBe('IDEMPOTENCY_MISMATCH')
      await shop.db.close()
    })

    it('lowers the price while its budget lasts, and the quote names who bears it', async () => {
      const shop = await aShop(await openDatabase())
      const session = await opened(shop)
      const [line] = (await quoteOrder(shop, [aLine()], ANYBODY)).lines
      const steps = line?.price.steps.filter((step) => step.session === session)
      expect(steps?.map(({ bearer, changeMinor }) => [bearer, changeMinor])).toEqual([
        ['platform', -90],
        ['seller:shop', -60],
      ])
      expect(await priceOf(shop, 6)).toBe(5100)
      expect(await priceOf(shop, 7)).toBe(7000)
      await shop.db.close()
    })

    it('R08 is never given beyond its budget, however many come at once', async () => {
      const shop = await aShop(await openDatabase(), 1000)
      const session = await opened(shop)
      const counters = [1, 2, 3, 4].map(() => openCounter(shop, { most: 8, waitMs: 1, limit: 1000 }))
      const orders = await Promise.all(
        Array.from({ length: 60 }, (_, at) => {
          const lines = [aLine({ quantity: 1 + (at % 2) })]
          return (
            counters[at % 4]?.place(aRequest(`m${at}`, key(), { lines })) ?? Promise.reject(new Error('no counter'))
          )
        }),
      )
      const lines = [...(await linesOf(shop.db, orders)).values()].flat()
      const given = lines.reduce((sum, line) => sum + line.quantity * 1000 - line.total_minor, 0)
      expect(given).toBe(900)
      expect(await usedOf(shop, session)).toBe(900)
      expect(await moneyDifferences(shop.db)).toEqual([])
      await expect(shop.db.query('update orders.subsidy_session set used_minor = 1001')).rejects.toThrow(
        'within_budget',
      )
      await shop.db.close()
    })

    it('is refused with the other price to whoever was told a price with it', async () => {
      const shop = await aShop(await openDatabase())
      await opened(shop, { budgetMinor: 200 })
      const answers = await Promise.all([1, 2, 3].map(() => refusalOf(place(shop, 1, 850))))
      expect(answers.sort()).toEqual(['PRICE_CHANGED', 'PRICE_CHANGED', 'nothing was refused'])
      await shop.db.close()
    })

    it('has back what orders took that are cancelled, expired or refunded, in parts or whole', async () => {
      const shop = await aShop(await openDatabase())
      const session = await opened(shop)
      const [cancelled, , paid] = [await place(shop), await place(shop), await place(shop, 3)]
      expect(await usedOf(shop, session)).toBe(750)
      await cancelOrder(shop, ann, { id: cancelled, reason: null })
      await pay(shop, paid)
      shop.at = new Date(shop.at.getTime() + 3_600_000)
      await expireOverdue(shop)
      expect(await usedOf(shop, session)).toBe(450)
      expect(await borneOfSession(shop.db, session)).toEqual([{ bearer: 'platform', borne_minor: 270 }])
      const line = `OrderLine:${paid.slice('Order:'.length)}-1`
      await cancelLines(shop, ann, {
        ...{ idempotencyKey: key(), order: paid, reason: 'x', lines: [{ line, pieces: 1, amountMinor: null }] },
      })
      expect(await usedOf(shop, session)).toBe(300)
      expect(await borneOfSession(shop.db, session)).toEqual([{ bearer: 'platform', borne_minor: 180 }])
      await refundOrder(shop, ann, { idempotencyKey: key(), order: paid, reason: 'x' })
      expect(await usedOf(shop, session)).toBe(0)
      expect(await moneyDifferences(shop.db)).toEqual([])
      await shop.db.close()
    })

    it('is shown in the statements of those who bear it', async () => {
      const shop = await aShop(await openDatabase())
      const session = await opened(shop)
      await pay(shop, await place(shop, 2))
      const rows = await accountStatement(shop.db, {
        ...{ name: 'subsidy:platform', from: new Date(0), to: new Date('2099-01-01') },
      })
      expect(rows).toEqual([{ currency: 'CNY', kind: 'SUBSIDY', session, count: 1, amount_minor: -180 }])
      await shop.db.close()
    })

    it("holds inside a partner's app alone when it is the partner's, for its time, and until it is closed", async () => {
      const shop = await aShop(await openDatabase())
      const shares = [{ bearer: 'partner:kuaishou', shareBp: 10_000 }]
      const endsAt = new Date(shop.at.getTime() + 60_000)
      await opened(shop, { partner: 'kuaishou', shares, endsAt })
      const inside = { ...ANYBODY, partner: aPartner('kuaishou').partner }
      const price = async () => (await quoteOrder(shop, [aLine()], inside)).total.amountMinor
      expect([await price(), await priceOf(shop)]).toEqual([850, 1000])
      shop.at = endsAt
      expect(await price()).toBe(1000)
      const other = await opened(shop)
      expect(await priceOf(shop)).toBe(850)
      await closeSession(shop, operator, other)
      expect(await priceOf(shop)).toBe(1000)
      await shop.db.close()
    })

    it('is opened by operators, with shares that are the whole', async () => {
      const shop = await aShop(await openDatabase())
      await feed(shop, { variant: 'Variant:v2', currency: 'USD' })
      const session = await opened(shop)
      const merchant = someone('m', 'merchant')
      const wanted = { session, variant: VARIANT, reduction: { form: 'BY', minor: 1 } as const }
      expect(await refusalOf(addToSession(shop, merchant, wanted))).toBe('FORBIDDEN')
      expect(await refusalOf(addToSession(shop, operator, { ...wanted, variant: 'Variant:v2' }))).toBe('CURRENCY_MIXED')
      for (const shares of [SHARES.slice(1), [{ bearer: 'partner:x', shareBp: 10_000 }]])
        expect(await refusalOf(opened(shop, { shares }))).toBe('BAD_USER_INPUT')
      await shop.db.close()
    })
  })
})

import { describe, expect, it } from 'vitest'
import {
  aLine,
  aPartner,
  aRequest,
  aShop,
  bind,
  feed,
  liveRoom,
  refusalOf,
  someone,
  VARIANT,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { ANYBODY, type Asker } from '../domain/draft.js'
import { linesOf } from '../store/lines.js'
import { openCounter } from './counter.js'
import { hearMembers } from './hear.js'
import { lowestPrices } from './lowest-prices.js'
import { closeOffer, MOST_OFFERS, openOffer, setFloor, type OfferRequest } from './open-offers.js'
import { confirmPartnerOrder } from './partner-orders.js'
import { quoteOrder } from './quote-order.js'

const operator = someone('op', 'operator')
const merchant = someone('shop', 'merchant')
const ann: Asker = { ...ANYBODY, member: 'Member:ann' }
const request: OfferRequest = {
  kind: 'PLATFORM_SUBSIDY',
  variant: VARIANT,
  label: 'subsidy',
  currency: 'CNY',
  reduction: { form: 'BY', minor: 100 },
  shares: null,
  partner: null,
  startsAt: null,
  endsAt: null,
}
const plusPrice = { kind: 'PLUS', label: 'PLUS price', reduction: { form: 'TO', minor: 950 } } as const
const opened = (shop: TestShop, some: Partial<OfferRequest> = {}, who = operator) =>
  openOffer(shop, who, { ...request, ...some })
const priceFor = async (shop: TestShop, asker: Asker = ANYBODY, room: string | null = null) =>
  (await quoteOrder(shop, [aLine({ room })], asker)).total.amountMinor
const minutes = (shop: TestShop, count: number) => (shop.at = new Date(shop.at.getTime() + count * 60_000))
const lowest = async (shop: TestShop) => (await lowestPrices(shop, [VARIANT]))[0]?.amountMinor

async function hasPlus(shop: TestShop, until: string): Promise<void> {
  const told = { id: 'p', at: '2026-11-11T12:00:00Z', kind: 'members.plusChanged', member: 'Member:ann', until }
  await shop.db.transaction((tx) => hearMembers(tx, shop, [told]))
}

describe('an offer', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('R25 lowers the price in its window by the clock of the database, and when it is closed no more', async () => {
      const shop = await aShop(await openDatabase())
      const later = new Date(shop.at.getTime() + 600_000)
      const id = await opened(shop, { startsAt: later })
      expect(await priceFor(shop)).toBe(1000)
      minutes(shop, 10)
      expect(await priceFor(shop)).toBe(900)
      await closeOffer(shop, operator, id)
      await closeOffer(shop, operator, id)
      expect(await priceFor(shop)).toBe(1000)
      await shop.db.close()
    })

    it('for PLUS is for those who have it now', async () => {
      const shop = await aShop(await openDatabase())
      await bind(shop, 'shop', ['shop'])
      await opened(shop, plusPrice, merchant)
      expect(await priceFor(shop, ann)).toBe(1000)
      await hasPlus(shop, '2026-11-11T12:30:00Z')
      await hasPlus(shop, '2026-11-11T12:10:00Z')
      expect([await priceFor(shop, ann), await priceFor(shop)]).toEqual([950, 1000])
      minutes(shop, 30)
      expect(await priceFor(shop, ann)).toBe(1000)
      await shop.db.close()
    })

    it('of a partner holds inside its app; without it the app, a room and a partner see one price', async () => {
      const shop = await aShop(await openDatabase())
      await liveRoom(shop)
      const everywhere = () =>
        Promise.all([
          priceFor(shop),
          priceFor(shop, ann, 'Room:r1'),
          priceFor(shop, { ...ANYBODY, partner: 'kuaishou' }),
        ])
      await opened(shop)
      expect(await everywhere()).toEqual([900, 900, 900])
      await opened(shop, { kind: 'PARTNER_SUBSIDY', partner: 'kuaishou' })
      expect(await everywhere()).toEqual([900, 900, 800])
      await shop.db.close()
    })

    it('never breaks the floor', async () => {
      const shop = await aShop(await openDatabase())
      await opened(shop, { reduction: { form: 'RATE', bp: 9999 } })
      await setFloor(shop, { variant: VARIANT, floorMinor: 700, currency: 'CNY' })
      expect(await priceFor(shop)).toBe(700)
      await feed(shop, { version: 2, priceMinor: 900 })
      expect(await priceFor(shop)).toBe(700)
      await shop.db.close()
    })

    it('prices an order as its quote, which keeps the steps and books who bears them', async () => {
      const shop = await aShop(await openDatabase())
      const shares = [
        { bearer: 'platform', shareBp: 6667 },
        { bearer: 'partner:kuaishou', shareBp: 3333 },
      ]
      await opened(shop, { kind: 'PARTNER_SUBSIDY', partner: 'kuaishou', shares })
      const counter = openCounter(shop, { most: 64, waitMs: 1, limit: 1000 })
      const buyer = { member: null, partner: 'kuaishou' }
      const lines = [aLine({ quantity: 3, expectedUnitMinor: 900 })]
      const order = await counter.place(aRequest('-', 'k', { buyer, partnerOrder: 'K1', lines }))
      const [line] = (await linesOf(shop.db, [order])).get(order) ?? []
      expect(line).toMatchObject({ unit_minor: 900, total_minor: 2700 })
      const paid = { partnerOrder: 'K1', paidMinor: 2700, paidAt: shop.at }
      await confirmPartnerOrder(shop, aPartner('kuaishou'), paid)
      const { rows } = await shop.db.query(
        `select debit, amount_minor from orders.entry where kind = 'SUBSIDY' order by debit`,
        [],
      )
      expect(rows).toEqual([
        { debit: 'subsidy:partner:kuaishou', amount_minor: 99 },
        { debit: 'subsidy:platform', amount_minor: 201 },
      ])
      await shop.db.close()
    })

    it('is opened by who may give away what it costs, and in a form that its kind can have', async () => {
      const shop = await aShop(await openDatabase())
      expect(await refusalOf(opened(shop, {}, merchant))).toBe('FORBIDDEN')
      expect(await refusalOf(opened(shop, { kind: 'PLUS' }))).toBe('BAD_USER_INPUT')
      expect(await refusalOf(opened(shop, { kind: 'PARTNER_SUBSIDY' }))).toBe('BAD_USER_INPUT')
      expect(await refusalOf(opened(shop, { currency: 'USD' }))).toBe('CURRENCY_MIXED')
      expect(await refusalOf(opened(shop, { variant: 'Variant:none' }))).toBe('NOT_FOUND')
      expect(await refusalOf(opened(shop, { endsAt: shop.at }))).toBe('BAD_USER_INPUT')
      expect(await refusalOf(opened(shop, { shares: [{ bearer: 'platform', shareBp: 9999 }] }))).toBe('BAD_USER_INPUT')
      expect(await refusalOf(opened(shop, { shares: [{ bearer: 'seller:b', shareBp: 10_000 }] }))).toBe(
        'BAD_USER_INPUT',
      )
      expect(await refusalOf(closeOffer(shop, merchant, await opened(shop)))).toBe('FORBIDDEN')
      await shop.db.close()
    })

    it('is one of a bounded number for a variant', async () => {
      const shop = await aShop(await openDatabase())
      for (let at = 0; at < MOST_OFFERS; at++) await opened(shop)
      expect(await refusalOf(opened(shop))).toBe('LIMIT_EXCEEDED')
      await shop.db.close()
    })

    it('counts for the lowest price of the last 30 days, and no longer', async () => {
      const shop = await aShop(await openDatabase())
      expect(await lowest(shop)).toBe(1000)
      const id = await opened(shop)
      await opened(shop, { kind: 'PARTNER_SUBSIDY', partner: 'kuaishou', reduction: { form: 'BY', minor: 500 } })
      await opened(shop, plusPrice)
      minutes(shop, 10)
      await closeOffer(shop, operator, id)
      await feed(shop, { version: 2, priceMinor: 1200 })
      minutes(shop, 60)
      expect(await lowest(shop)).toBe(900)
      minutes(shop, 30 * 24 * 60)
      expect(await lowest(shop)).toBe(1200)
      await shop.db.close()
    })
  })
})

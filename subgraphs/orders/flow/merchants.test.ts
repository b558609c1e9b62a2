import { describe, expect, it } from 'vitest'
import {
  aLine,
  aRequest,
  aShop,
  bind,
  feed,
  refusalOf,
  someone,
  VARIANT,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { pageOfPurchases } from '../store/purchases.js'
import { openCounter } from './counter.js'
import { closeFlashSale, openFlashSale } from './flash-sales.js'
import { cancelOrder } from './move-order.js'
import { closeOffer, needSellerOf, openOffer, type OfferRequest } from './open-offers.js'
import { settleAccount } from './settle-accounts.js'

const merchant = someone('mei', 'merchant')
const OTHERS = 'Variant:other'
const offer = {
  ...{ kind: 'PLUS', label: 'PLUS', currency: 'CNY', reduction: { form: 'TO', minor: 900 } },
  ...{ shares: null, partner: null, startsAt: null, endsAt: null },
} as const satisfies Omit<OfferRequest, 'variant'>
const sale = {
  ...{ room: null, price: { amountMinor: 100, currency: 'CNY' }, quota: 5, perMember: 1, startsAt: null, endsAt: null },
}

/** `VARIANT` is of the seller `shop`, `OTHERS` of another; the merchant acts for the first. */
async function twoSellers(shop: TestShop): Promise<TestShop> {
  await feed(shop, { variant: OTHERS, seller: 'other' })
  await bind(shop, 'mei', ['shop'])
  return shop
}

describe('a merchant', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('opens and closes offers and sales, and sets floors and stock, of the sellers that it acts for alone', async () => {
      const shop = await twoSellers(await aShop(await openDatabase()))
      const deeds = (variant: string) => [
        () => openOffer(shop, merchant, { ...offer, variant }),
        () => openFlashSale(shop, merchant, { ...sale, variant }),
        () => needSellerOf(shop.db, merchant, variant),
      ]
      for (const deed of deeds(OTHERS)) expect(await refusalOf(deed())).toBe('FORBIDDEN')
      for (const deed of deeds(VARIANT)) expect(await refusalOf(deed())).toBe('nothing was refused')
      const operator = someone('op', 'operator')
      const opened = await openOffer(shop, operator, { ...offer, variant: OTHERS })
      const sold = await openFlashSale(shop, operator, { ...sale, variant: OTHERS })
      expect(await refusalOf(closeOffer(shop, merchant, opened))).toBe('FORBIDDEN')
      expect(await refusalOf(closeFlashSale(shop, merchant, sold))).toBe('FORBIDDEN')
      await shop.db.close()
    })

    it('acts for nobody any more once it is bound to nobody', async () => {
      const shop = await twoSellers(await aShop(await openDatabase()))
      await bind(shop, 'mei', [], 2)
      await bind(shop, 'mei', ['shop'], 1)
      expect(await refusalOf(openOffer(shop, merchant, { ...offer, variant: VARIANT }))).toBe('FORBIDDEN')
      await shop.db.close()
    })

    it('sees and moves orders all of whose lines are of its sellers, and is told nothing of others', async () => {
      const shop = await twoSellers(await aShop(await openDatabase()))
      const counter = openCounter(shop, { most: 64, waitMs: 1, limit: 1000 })
      const place = (key: string, ...variants: readonly string[]) =>
        counter.place(aRequest('ann', key, { lines: variants.map((variant) => aLine({ variant })) }))
      const [own, mixed] = [await place('1', VARIANT), await place('2', VARIANT, OTHERS)]
      await place('3', OTHERS)
      const page = await pageOfPurchases(shop.db, {
        ...{ member: 'Member:mei', partner: null, merchant: 'Member:mei', state: null, before: null, most: 10 },
      })
      expect(page.map(({ id }) => id)).toEqual([own])
      expect(await refusalOf(cancelOrder(shop, merchant, { id: mixed, reason: null }))).toBe('NOT_FOUND')
      expect(await cancelOrder(shop, merchant, { id: own, reason: null })).toBe(own)
      await shop.db.close()
    })

    it('sees the accounts of its sellers alone', async () => {
      const shop = await twoSellers(await aShop(await openDatabase()))
      const of = (account: string) => settleAccount(shop, merchant, { account, from: new Date(0), to: shop.at })
      expect(await of('seller:shop')).toEqual([])
      for (const account of ['seller:other', 'subsidy:platform', 'provider'])
        expect(await refusalOf(of(account))).toBe('FORBIDDEN')
      await shop.db.close()
    })
  })
})

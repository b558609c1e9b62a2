import { describe, expect, it } from 'vitest'
import { aShop, feed, someone, toldBy, VARIANT, type TestShop } from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { findGoods } from '../store/goods.js'
import { closeOffer, openOffer, setFloor, type OfferRequest } from './open-offers.js'
import { turnOffers } from './tell-offers.js'

const operator = someone('op', 'operator')
const request: OfferRequest = {
  ...{ kind: 'PLATFORM_SUBSIDY', variant: VARIANT, label: 'subsidy', currency: 'CNY', shares: null, partner: null },
  ...{ reduction: { form: 'BY', minor: 100 }, startsAt: null, endsAt: null },
}
const opened = (shop: TestShop, some: Partial<OfferRequest> = {}) => openOffer(shop, operator, { ...request, ...some })
const inMinutes = (shop: TestShop, count: number) => new Date(shop.at.getTime() + count * 60_000)

async function told(shop: TestShop): Promise<readonly string[]> {
  return (await toldBy(shop.db)).flatMap((event) =>
    event.kind === 'orders.offersChanged' ? [`${event.variant} ${event.version} ${event.change}`] : [],
  )
}

describe('what lowers a price', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('is told when an offer is opened and when it is closed, once', async () => {
      const shop = await aShop(await openDatabase())
      const id = await opened(shop, { kind: 'PARTNER_SUBSIDY', partner: 'kuaishou' })
      await closeOffer(shop, operator, id)
      await closeOffer(shop, operator, id)
      const [first, second, ...rest] = (await toldBy(shop.db)).filter((event) => event.kind === 'orders.offersChanged')
      expect(first).toMatchObject({ id: `${VARIANT}:offers:1`, change: 'OPEN', offer: id, partner: 'kuaishou' })
      expect(second).toMatchObject({ id: `${VARIANT}:offers:2`, change: 'ENDED', product: 'Product:p1' })
      expect(rest).toEqual([])
      await shop.db.close()
    })

    it('is told when it begins and ends by the clock of the database, however often it is looked for', async () => {
      const shop = await aShop(await openDatabase())
      await opened(shop, { startsAt: inMinutes(shop, 10), endsAt: inMinutes(shop, 20) })
      for (const minutes of [5, 5, 5, 5, 5]) {
        shop.at = inMinutes(shop, minutes)
        await Promise.all([turnOffers(shop), turnOffers(shop)])
      }
      expect(await told(shop)).toEqual([`${VARIANT} 1 SCHEDULED`, `${VARIANT} 2 OPEN`, `${VARIANT} 3 ENDED`])
      expect((await findGoods(shop.db, [VARIANT])).get(VARIANT)?.offered).toBe(false)
      await shop.db.close()
    })

    it('is counted per variant, also when several offers turn at once', async () => {
      const shop = await aShop(await openDatabase())
      await feed(shop, { variant: 'Variant:v2' })
      const endsAt = inMinutes(shop, 1)
      for (const variant of [VARIANT, 'Variant:v2', VARIANT]) await opened(shop, { variant, endsAt })
      shop.at = endsAt
      await turnOffers(shop)
      const ended = (await told(shop)).filter((text) => text.endsWith('ENDED')).sort()
      expect(ended).toEqual([`${VARIANT} 3 ENDED`, `${VARIANT} 4 ENDED`, 'Variant:v2 2 ENDED'])
      await shop.db.close()
    })

    it('is told when the floor is another one', async () => {
      const shop = await aShop(await openDatabase())
      const floor = { variant: VARIANT, floorMinor: 700, currency: 'CNY' }
      await setFloor(shop, floor)
      await setFloor(shop, floor)
      expect(await told(shop)).toEqual([`${VARIANT} 1 FLOOR_SET`])
      await shop.db.close()
    })
  })
})

import { describe, expect, it } from 'vitest'
import {
  aLine,
  aRequest,
  aShop,
  bind,
  feed,
  refusalOf,
  someone,
  toldBy,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { ANYBODY } from '../domain/draft.js'
import { findGoods } from '../store/goods.js'
import { findLaunches } from '../store/launches.js'
import { openCounter } from './counter.js'
import { reserveLaunch, scheduleLaunch, turnLaunches, type LaunchRequest } from './launches.js'
import { quoteOrder } from './quote-order.js'

const operator = someone('op', 'operator')
const member = (name: string) => someone(name, 'member')
const inMinutes = (shop: TestShop, count: number) => new Date(shop.at.getTime() + count * 60_000)
const scheduled = (shop: TestShop, some: Partial<LaunchRequest> = {}, who = operator) =>
  scheduleLaunch(shop, who, {
    ...{ product: 'Product:p1', opensAt: inMinutes(shop, 10), allFrom: inMinutes(shop, 20), remindAt: null },
    ...some,
  })

function buyerOf(shop: TestShop) {
  const counter = openCounter(shop, { most: 64, waitMs: 1, limit: 1000 })
  return (name: string, key: string, variant?: string) =>
    refusalOf(counter.place(aRequest(name, key, { lines: [aLine(variant === undefined ? {} : { variant })] })))
}

async function reminded(shop: TestShop): Promise<readonly string[]> {
  return (await toldBy(shop.db)).flatMap((it) => (it.kind === 'orders.launchReminded' ? [it.member] : [])).sort()
}

describe('a launch', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('sells nothing before its moment, then to those who reserved, then to everybody', async () => {
      const shop = await aShop(await openDatabase())
      const launch = await scheduled(shop)
      const buy = buyerOf(shop)
      for (const times of [1, 2]) expect(await reserveLaunch(shop, member('ann'), launch), `${times}`).toBe(launch)
      expect((await findLaunches(shop.db, [launch])).get(launch)?.reserved).toBe(1)
      expect(await buy('ann', '1')).toBe('OFFER_CLOSED')
      expect((await quoteOrder(shop, [aLine()], ANYBODY)).total.amountMinor).toBe(1000)
      shop.at = inMinutes(shop, 10)
      expect(await buy('bob', '2')).toBe('OFFER_CLOSED')
      expect(await refusalOf(reserveLaunch(shop, member('bob'), launch))).toBe('OFFER_CLOSED')
      expect(await buy('ann', '3')).toBe('nothing was refused')
      shop.at = inMinutes(shop, 10)
      expect(await buy('bob', '4')).toBe('nothing was refused')
      await shop.db.close()
    })

    it('reminds each who reserved once, however many look for it at once and whatever was cut off', async () => {
      const shop = await aShop(await openDatabase())
      const launch = await scheduled(shop, { remindAt: inMinutes(shop, 5) })
      const names = ['ann', 'bob', 'eve']
      for (const name of names) await reserveLaunch(shop, member(name), launch)
      await turnLaunches(shop)
      expect(await reminded(shop)).toEqual([])
      shop.at = inMinutes(shop, 5)
      const cut = { ...shop, db: { ...shop.db, transaction: cutOff(shop) } }
      await expect(turnLaunches(cut)).rejects.toThrow('killed before the commit')
      expect(await reminded(shop)).toEqual([])
      await Promise.all([turnLaunches(shop), turnLaunches(shop), turnLaunches(shop)])
      await turnLaunches(shop)
      expect(await reminded(shop)).toEqual(names.map((name) => `Member:${name}`))
      await shop.db.close()
    })

    it('ends when it is open to all, and its goods cost no look any more; goods that come later wait too', async () => {
      const shop = await aShop(await openDatabase())
      const launch = await scheduled(shop)
      await feed(shop, { variant: 'Variant:late' })
      const waits = async (variant: string) => (await findGoods(shop.db, [variant])).get(variant)?.launch
      expect(await waits('Variant:late')).toBe(launch)
      expect(await buyerOf(shop)('ann', '1', 'Variant:late')).toBe('OFFER_CLOSED')
      shop.at = inMinutes(shop, 20)
      await turnLaunches(shop)
      expect(await waits('Variant:late')).toBeNull()
      await shop.db.close()
    })

    it('is scheduled once, for a moment to come, by those who act for the seller', async () => {
      const shop = await aShop(await openDatabase())
      const merchant = someone('mei', 'merchant')
      expect(await refusalOf(scheduled(shop, {}, merchant))).toBe('FORBIDDEN')
      expect(await refusalOf(scheduled(shop, { product: 'Product:none' }))).toBe('NOT_FOUND')
      expect(await refusalOf(scheduled(shop, { opensAt: shop.at }))).toBe('BAD_USER_INPUT')
      expect(await refusalOf(scheduled(shop, { allFrom: shop.at }))).toBe('BAD_USER_INPUT')
      await bind(shop, 'mei', ['shop'])
      expect(await scheduled(shop, {}, merchant)).toMatch(/^Launch:/)
      expect(await refusalOf(scheduled(shop))).toBe('CONFLICT')
      await shop.db.close()
    })
  })
})

/** A transaction whose process dies when all is written and nothing committed. */
function cutOff({ db }: TestShop): TestShop['db']['transaction'] {
  return (work) =>
    db.transaction(async (tx) => {
      await work(tx)
      throw new Error('killed before the commit')
    })
}

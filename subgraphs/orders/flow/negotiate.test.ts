import { describe, expect, it } from 'vitest'
import { aLine, aRequest, aShop, liveRoom, refusalOf, someone, type TestShop } from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import { accountStatement } from '../store/entries.js'
import { findHostDeals } from '../store/host-deals.js'
import { keepPoolGoods } from '../store/pool-picks.js'
import { openCounter } from './counter.js'
import { moveDeal, proposeDeal } from './negotiate.js'
import { payOrder } from './pay-order.js'

const host = someone('host', 'host')
const merchant = someone('m', 'merchant')
const ann = someone('ann', 'member')
const PRODUCT = 'Product:p1'
let keys = 0
const key = () => `k${++keys}`
const propose = (shop: TestShop, rateBp: number, who = host) =>
  proposeDeal(shop, who, { idempotencyKey: key(), product: PRODUCT, rateBp, note: null })
const step = (id: string, deed: Parameters<typeof moveDeal>[2]['deed'], rateBp: number | null = null) => {
  return { idempotencyKey: key(), id, deed, rateBp, note: null }
}
/** Quality control approves the product, or no longer. */
const approve = (shop: TestShop, version = 1, approved = true) =>
  keepPoolGoods(shop.db, [
    {
      id: `p${version}`,
      at: '2026-11-11T12:00:00Z',
      kind: 'catalog.poolChanged',
      grade: 'A',
      product: PRODUCT,
      version,
      approved,
    },
  ])
const later = (shop: TestShop) => (shop.at = new Date(shop.at.getTime() + 1000))

/** What the host earns by one shirt at 1000 that is ordered now. */
async function earned(shop: TestShop, key: string, between: () => Promise<unknown> = () => Promise.resolve()) {
  const lines = [aLine({ room: 'Room:r1' })]
  const order = await openCounter(shop, { most: 10, waitMs: 0, limit: 10 }).place(aRequest('ann', key, { lines }))
  later(shop)
  await between()
  const from = later(shop)
  await payOrder(shop, ann, { idempotencyKey: key, order, method: 'card' })
  const [row] = await accountStatement(shop.db, { name: 'host:Member:host', from, to: later(shop) })
  return row?.amount_minor
}

describe('a deal between a host and a seller', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('is proposed, countered and agreed, and its rate reaches the commission of orders placed from then on', async () => {
      const shop = await aShop(await openDatabase())
      await liveRoom(shop, 'Room:r1')
      await approve(shop)
      expect(await earned(shop, 'usual')).toBe(50)
      const id = await propose(shop, 2000)
      expect(await earned(shop, 'proposed')).toBe(50)
      await moveDeal(shop, merchant, step(id, 'counter', 800))
      expect(await refusalOf(moveDeal(shop, merchant, step(id, 'agree')))).toBe('STATE_FORBIDS')
      expect(await earned(shop, 'placed before', () => moveDeal(shop, host, step(id, 'agree')))).toBe(50)
      expect((await findHostDeals(shop.db, [id])).get(id)).toMatchObject({ state: 'AGREED', rate_bp: 800 })
      expect(await earned(shop, 'agreed')).toBe(80)
      expect(await earned(shop, 'placed in time', () => moveDeal(shop, merchant, step(id, 'end')))).toBe(80)
      expect(await earned(shop, 'ended')).toBe(50)
      await shop.db.close()
    })

    it('is one about a product, of a host with the shop, and a rate is named by proposals alone', async () => {
      const shop = await aShop(await openDatabase())
      await approve(shop)
      const id = await propose(shop, 600)
      expect(await refusalOf(propose(shop, 700))).toBe('CONFLICT')
      expect(await refusalOf(propose(shop, 700, ann))).toBe('FORBIDDEN')
      const other = someone('other', 'host')
      expect(await refusalOf(moveDeal(shop, other, step(id, 'refuse')))).toBe('NOT_FOUND')
      expect(await refusalOf(moveDeal(shop, merchant, step(id, 'agree', 900)))).toBe('BAD_USER_INPUT')
      await moveDeal(shop, merchant, step(id, 'refuse'))
      expect(await propose(shop, 500)).not.toBe(id)
      await shop.db.close()
    })

    it('is about what quality control has approved, when it is proposed and when it is agreed', async () => {
      const shop = await aShop(await openDatabase())
      expect(await refusalOf(propose(shop, 600))).toBe('STATE_FORBIDS')
      await approve(shop, 2)
      await approve(shop, 1, false)
      const id = await propose(shop, 600)
      await approve(shop, 3, false)
      expect(await refusalOf(moveDeal(shop, merchant, step(id, 'agree')))).toBe('STATE_FORBIDS')
      await approve(shop, 4)
      await moveDeal(shop, merchant, step(id, 'agree'))
      expect((await findHostDeals(shop.db, [id])).get(id)?.state).toBe('AGREED')
      await shop.db.close()
    })

    it('R01 R02 is proposed and moved once under a key, and never otherwise', async () => {
      const shop = await aShop(await openDatabase())
      await approve(shop)
      const wish = { idempotencyKey: key(), product: PRODUCT, rateBp: 600, note: null }
      const id = await proposeDeal(shop, host, wish)
      expect(await proposeDeal(shop, host, wish)).toBe(id)
      expect(await refusalOf(proposeDeal(shop, host, { ...wish, rateBp: 700 }))).toBe('IDEMPOTENCY_MISMATCH')
      const counter = step(id, 'counter', 800)
      await moveDeal(shop, merchant, counter)
      await moveDeal(shop, host, step(id, 'propose', 900))
      await moveDeal(shop, merchant, counter)
      expect((await findHostDeals(shop.db, [id])).get(id)).toMatchObject({ state: 'PROPOSED', rate_bp: 900 })
      expect(await refusalOf(moveDeal(shop, merchant, { ...counter, rateBp: 801 }))).toBe('IDEMPOTENCY_MISMATCH')
      await shop.db.close()
    })
  })
})

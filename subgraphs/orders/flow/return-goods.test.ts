import { describe, expect, it } from 'vitest'
import {
  aLine,
  aRequest,
  aShop,
  feed,
  grant,
  liveRoom,
  refusalOf,
  someone,
  VARIANT,
  type TestShop,
} from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import type { Finding } from '../domain/after-sale.js'
import { afterSalesOf, findAfterSales } from '../store/after-sales.js'
import { moneyDifferences, stockDifferences } from '../store/audits.js'
import { accountStatement } from '../store/entries.js'
import { linesOf } from '../store/lines.js'
import { parcelsOf } from '../store/parcels.js'
import { findPurchases } from '../store/purchases.js'
import { findStock } from '../store/stock.js'
import { openCounter } from './counter.js'
import { shipOrder } from './move-order.js'
import { shipParcel } from './move-parcel.js'
import { payOrder } from './pay-order.js'
import { refundOrder } from './refund-order.js'
import { inspectReturn, moveReturn, requestReturn } from './return-goods.js'
import { sendRefunds } from './rounds.js'

const ann = someone('ann', 'member')
const shopkeeper = someone('shop', 'operator')
const SOCKS = 'Variant:v2'
let keys = 0
const key = () => `k${++keys}`
const orderOf = async (shop: TestShop, id: string) => (await findPurchases(shop.db, [id])).get(id)
const linesIn = async (shop: TestShop, id: string) => (await linesOf(shop.db, [id])).get(id) ?? []
const stockOf = async (shop: TestShop, variant = VARIANT) => (await findStock(shop.db, [variant])).get(variant)
const backToBuyer = (shop: TestShop) => [...shop.provider.refunds.values()].reduce((sum, one) => sum + one, 0)

/** A shipped order of three shirts at 1000 in a live room, and what else it holds. */
async function shipped(shop: TestShop, socksMinor = 300) {
  await feed(shop, { variant: SOCKS, priceMinor: socksMinor, quantity: 9 })
  await liveRoom(shop, 'Room:r1')
  const lines = [aLine({ quantity: 3, room: 'Room:r1' })]
  const order = await openCounter(shop, { most: 10, waitMs: 0, limit: 10 }).place(aRequest('ann', key(), { lines }))
  await payOrder(shop, ann, { idempotencyKey: key(), order, method: 'card' })
  await shipOrder(shop, shopkeeper, { id: order, carrier: 'SF', waybill: '1' })
  return { order, line: (await linesIn(shop, order))[0]?.id ?? '' }
}

interface Wish {
  readonly pieces: number
  readonly want?: string
  readonly most?: number
}

/** Asks for a return and brings it up to the inspection. */
async function sentBack(shop: TestShop, { order, line }: { order: string; line: string }, wish: Wish): Promise<string> {
  const id = await requestReturn(shop, ann, {
    ...{ idempotencyKey: key(), order, reason: 'too small', lines: [{ line, pieces: wish.pieces }] },
    ...{ wantVariant: wish.want ?? null, mostDifferenceMinor: wish.most ?? 0 },
  })
  await moveReturn(shop, shopkeeper, { idempotencyKey: key(), id, deed: 'approve' })
  await moveReturn(shop, ann, { idempotencyKey: key(), id, deed: 'sendBack', carrier: 'SF', waybill: '2' })
  await moveReturn(shop, shopkeeper, { idempotencyKey: key(), id, deed: 'receive' })
  return id
}
const inspect = async (shop: TestShop, id: string, ...findings: readonly Finding[]) => {
  await inspectReturn(shop, shopkeeper, { idempotencyKey: key(), id, findings })
  return (await findAfterSales(shop.db, [id])).get(id)
}
const found = (line: string, accepted: number, damaged = 0): Finding => ({ line, accepted, damaged, reason: 'worn' })

async function expectAgreement(shop: TestShop): Promise<void> {
  await sendRefunds(shop)
  expect(await moneyDifferences(shop.db)).toEqual([])
  expect(await stockDifferences(shop.db)).toEqual([])
}

describe('a return', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('is refunded after its inspection: good pieces are sold again, damaged ones are not, commissions shrink', async () => {
      const shop = await aShop(await openDatabase())
      const bought = await shipped(shop)
      const id = await sentBack(shop, bought, { pieces: 2 })
      const request = { idempotencyKey: key(), id, findings: [found(bought.line, 2, 1)] }
      await Promise.all([1, 2].map(() => inspectReturn(shop, shopkeeper, request)))
      expect((await findAfterSales(shop.db, [id])).get(id)).toMatchObject({ state: 'REFUNDED', back_minor: 2000 })
      expect(await orderOf(shop, bought.order)).toMatchObject({ state: 'SHIPPED', refunded_minor: 2000 })
      expect(await stockOf(shop)).toMatchObject({ on_hand: 49, sold: 1, available: 48 })
      const host = await accountStatement(shop.db, {
        ...{ name: 'host:Member:host', from: new Date(0), to: new Date('2099-01-01') },
      })
      expect(host.map(({ amount_minor }) => amount_minor)).toEqual([50])
      await expectAgreement(shop)
      expect(backToBuyer(shop)).toBe(2000)
      await shop.db.close()
    })

    it('is accepted in part or not at all, with a reason', async () => {
      const shop = await aShop(await openDatabase())
      const bought = await shipped(shop)
      const part = await inspect(shop, await sentBack(shop, bought, { pieces: 2 }), found(bought.line, 1))
      expect(part).toMatchObject({ state: 'REFUNDED', back_minor: 1000, version: 6 })
      const nothing = await inspect(shop, await sentBack(shop, bought, { pieces: 2 }), found(bought.line, 0))
      expect(nothing).toMatchObject({ state: 'REFUSED', back_minor: 0 })
      expect(await orderOf(shop, bought.order)).toMatchObject({ state: 'SHIPPED', refunded_minor: 1000 })
      await expectAgreement(shop)
      await shop.db.close()
    })

    it('of all pieces ends the order', async () => {
      const shop = await aShop(await openDatabase())
      const bought = await shipped(shop)
      await inspect(shop, await sentBack(shop, bought, { pieces: 3 }), found(bought.line, 3, 3))
      expect(await orderOf(shop, bought.order)).toMatchObject({ state: 'REFUNDED', refunded_minor: 3000 })
      expect(await stockOf(shop)).toMatchObject({ on_hand: 47, sold: 0, available: 47 })
      await expectAgreement(shop)
      await shop.db.close()
    })

    it('is not asked for what has not left, nor twice for the same pieces, nor by others', async () => {
      const shop = await aShop(await openDatabase())
      const { order, line } = await shipped(shop)
      const ask = (pieces: number, who = ann) =>
        requestReturn(shop, who, {
          ...{ idempotencyKey: key(), order, reason: 'x', lines: [{ line, pieces }], wantVariant: null },
          mostDifferenceMinor: 0,
        })
      expect(await refusalOf(ask(1, someone('bob', 'member')))).toBe('NOT_FOUND')
      const first = await ask(2)
      expect(await refusalOf(ask(2))).toBe('STATE_FORBIDS')
      await moveReturn(shop, ann, { idempotencyKey: key(), id: first, deed: 'withdraw' })
      expect(await refusalOf(moveReturn(shop, shopkeeper, { idempotencyKey: key(), id: first, deed: 'approve' }))).toBe(
        'STATE_FORBIDS',
      )
      await ask(3)
      expect((await afterSalesOf(shop.db, [order])).get(order)).toHaveLength(2)
      await shop.db.close()
    })
  })
})

describe('an exchange', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('for the same goods costs nothing, and sends a parcel more', async () => {
      const shop = await aShop(await openDatabase())
      const bought = await shipped(shop)
      const done = await inspect(
        shop,
        await sentBack(shop, bought, { pieces: 1, want: VARIANT }),
        found(bought.line, 1, 1),
      )
      expect(done).toMatchObject({ state: 'EXCHANGED', back_minor: 0 })
      expect(await orderOf(shop, bought.order)).toMatchObject({ state: 'SHIPPED', paid_minor: 3000, refunded_minor: 0 })
      expect(
        (await linesIn(shop, bought.order)).map((line) => [line.quantity - line.undone, line.total_minor]),
      ).toEqual([
        [2, 3000],
        [1, 1000],
      ])
      const parcel = (await parcelsOf(shop.db, [bought.order])).get(bought.order)?.[1]
      expect(parcel).toMatchObject({ state: 'WAITING', seller: 'shop' })
      await shipParcel(shop, shopkeeper, { id: parcel?.id ?? '', carrier: 'SF', waybill: '3' })
      expect(await stockOf(shop)).toMatchObject({ on_hand: 49, sold: 3, available: 46 })
      await expectAgreement(shop)
      await shop.db.close()
    })

    it('for cheaper goods gives the difference back, for dearer ones takes it from the e-card', async () => {
      for (const [socksMinor, eCard, back] of [
        [300, 2000, 700],
        [1700, 1300, 0],
      ] as const) {
        const shop = await aShop(await openDatabase())
        await grant(shop, 'ann', 2000)
        const bought = await shipped(shop, socksMinor)
        const id = await sentBack(shop, bought, { pieces: 1, want: SOCKS, most: 700 })
        expect(await inspect(shop, id, found(bought.line, 1))).toMatchObject({ state: 'EXCHANGED', back_minor: back })
        const { rows } = await shop.db.query<{ balance_minor: number }>('select balance_minor from orders.e_card')
        expect(rows[0]?.balance_minor).toBe(eCard)
        await expectAgreement(shop)
        expect(backToBuyer(shop)).toBe(back)
        await refundOrder(shop, ann, { idempotencyKey: key(), order: bought.order, reason: 'x' })
        await expectAgreement(shop)
        expect(backToBuyer(shop)).toBe(3000)
        const after = await shop.db.query<{ balance_minor: number }>('select balance_minor from orders.e_card')
        expect(after.rows[0]?.balance_minor).toBe(2000)
        await shop.db.close()
      }
    })

    it('that cannot be made is refunded, and says why', async () => {
      const shop = await aShop(await openDatabase())
      const bought = await shipped(shop, 1700)
      const dear = await inspect(shop, await sentBack(shop, bought, { pieces: 1, want: SOCKS }), found(bought.line, 1))
      expect(dear).toMatchObject({ state: 'REFUNDED', note: 'what was wanted costs 700 more', back_minor: 1000 })
      const id = await sentBack(shop, bought, { pieces: 1, want: SOCKS, most: 700 })
      const poor = await inspect(shop, id, found(bought.line, 1))
      expect(poor).toMatchObject({ state: 'REFUNDED', note: 'the e-card does not hold the difference' })
      const none = await inspect(
        shop,
        await sentBack(shop, bought, { pieces: 1, want: 'Variant:no' }),
        found(bought.line, 1),
      )
      expect(none).toMatchObject({ state: 'REFUNDED', note: 'what was wanted is sold out' })
      expect((await orderOf(shop, bought.order))?.state).toBe('REFUNDED')
      await expectAgreement(shop)
      await shop.db.close()
    })
  })
})

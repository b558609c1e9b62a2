import { describe, expect, it } from 'vitest'
import { aLine, aRequest, aShop, refusalOf, someone, VARIANT, type TestShop } from '../../../test/support/a-shop.js'
import { eachMigrated } from '../../../test/support/databases.js'
import { ORDERS } from '../../../test/support/standing.js'
import type { QueueTicket } from '../domain/queue.js'
import { openCounter } from './counter.js'
import { closeFlashSale, openFlashSale } from './flash-sales.js'
import { openQueueDesk, type QueueDesk } from './queue-desk.js'

const TICKET_MS = 60_000
const operator = someone('op', 'operator')
const seconds = (shop: TestShop, count: number) => (shop.at = new Date(shop.at.getTime() + count * 1000))
const deskOf = (shop: TestShop): QueueDesk =>
  openQueueDesk(shop, { ticketMs: TICKET_MS, most: 100, waitMs: 1, limit: 1000 })

/** A sale that begins in ten seconds and admits two a second. */
function queuedSale(shop: TestShop): Promise<string> {
  return openFlashSale(shop, operator, {
    ...{ room: null, variant: VARIANT, price: { amountMinor: 100, currency: 'CNY' }, quota: 40, perMember: 1 },
    ...{ startsAt: new Date(shop.at.getTime() + 10_000), endsAt: null, admitPerSecond: 2 },
  })
}

function buyerAt(shop: TestShop, flashSale: string) {
  const counter = openCounter(shop, { most: 64, waitMs: 1, limit: 1000 })
  return (member: string, ticket: QueueTicket | null, key = '1') =>
    counter.place(aRequest(member, key, { lines: [aLine({ flashSale })], tickets: ticket === null ? [] : [ticket] }))
}

describe('the line before a flash sale', () => {
  eachMigrated(ORDERS, (openDatabase) => {
    it('gives the numbers of those who come at once by arrival, each member one, also at two desks', async () => {
      const shop = await aShop(await openDatabase())
      const flashSale = await queuedSale(shop)
      const [left, right] = [deskOf(shop), deskOf(shop)]
      const take = (member: string, desk = left) => desk.take({ flashSale, buyer: `Member:${member}` })
      const first = await Promise.all(['ann', 'bob', 'ann', 'cat'].map((member) => take(member)))
      expect(first.map(({ number }) => number)).toEqual([1, 2, 1, 3])
      const crowd = await Promise.all(
        Array.from({ length: 40 }, (_, at) => take(`m${at % 20}`, at < 20 ? left : right)),
      )
      expect(new Set(crowd.map(({ number }) => number))).toEqual(new Set(Array.from({ length: 20 }, (_, at) => at + 4)))
      await shop.db.close()
    })

    it('admits by the pace from the beginning of the sale, the first at once', async () => {
      const shop = await aShop(await openDatabase())
      const flashSale = await queuedSale(shop)
      const [desk, buy] = [deskOf(shop), buyerAt(shop, flashSale)]
      const tickets = await Promise.all(
        ['a', 'b', 'c'].map((name) => desk.take({ flashSale, buyer: `Member:${name}` })),
      )
      const [a = null, , c = null] = tickets
      expect(await refusalOf(buy('a', a, 'too early'))).toBe('OFFER_CLOSED')
      seconds(shop, 10)
      expect(await buy('a', a)).toMatch(/^Order:/)
      expect(await refusalOf(buy('c', c))).toBe('TICKET_NOT_YET')
      seconds(shop, 1)
      expect(await buy('c', c)).toMatch(/^Order:/) // the same key: not yet is no decision
      await shop.db.close()
    })

    it('sells to nobody without a ticket of this sale', async () => {
      const shop = await aShop(await openDatabase())
      const [flashSale, other] = [await queuedSale(shop), await openFlashSale(shop, operator, aSmallSale(shop))]
      seconds(shop, 10)
      const [desk, buy] = [deskOf(shop), buyerAt(shop, flashSale)]
      expect(await refusalOf(buy('ann', null))).toBe('TICKET_MISSING')
      const foreign = await desk.take({ flashSale: other, buyer: 'Member:ann' })
      expect(await refusalOf(buy('ann', foreign))).toBe('TICKET_MISSING')
      await shop.db.close()
    })

    it('R25 takes a ticket until it expires by the time of the database, and gives the place again', async () => {
      const shop = await aShop(await openDatabase())
      const flashSale = await queuedSale(shop)
      const [desk, buy] = [deskOf(shop), buyerAt(shop, flashSale)]
      const ticket = await desk.take({ flashSale, buyer: 'Member:ann' })
      expect(ticket.expiresAt.getTime()).toBe(shop.at.getTime() + 10_000 + TICKET_MS)
      seconds(shop, 10 + TICKET_MS / 1000)
      expect(await refusalOf(buy('ann', ticket))).toBe('TICKET_EXPIRED')
      const renewed = await desk.take({ flashSale, buyer: 'Member:ann' })
      expect(renewed.number).toBe(ticket.number)
      const order = await buy('ann', renewed)
      seconds(shop, 2 * TICKET_MS)
      expect(await buy('ann', renewed)).toBe(order) // R01: what was placed is told again, whatever became of the ticket
      await shop.db.close()
    })

    it('admits who comes late at the pace too: turns that nobody took are not saved up', async () => {
      const shop = await aShop(await openDatabase())
      const flashSale = await queuedSale(shop)
      const [desk, buy] = [deskOf(shop), buyerAt(shop, flashSale)]
      seconds(shop, 100)
      const names = ['a', 'b', 'c', 'd']
      const tickets = await Promise.all(names.map((name) => desk.take({ flashSale, buyer: `Member:${name}` })))
      const codes = await Promise.all(names.map((name, at) => refusalOf(buy(name, tickets[at] ?? null))))
      expect(codes).toEqual(['nothing was refused', 'TICKET_NOT_YET', 'TICKET_NOT_YET', 'TICKET_NOT_YET'])
      await shop.db.close()
    })

    it('gives no new place when the sale is over, and none where there is no line', async () => {
      const shop = await aShop(await openDatabase())
      const flashSale = await queuedSale(shop)
      const desk = deskOf(shop)
      const ticket = await desk.take({ flashSale, buyer: 'Member:ann' })
      await closeFlashSale(shop, operator, flashSale)
      expect(await refusalOf(desk.take({ flashSale, buyer: 'Member:bob' }))).toBe('OFFER_CLOSED')
      expect(await desk.take({ flashSale, buyer: 'Member:ann' })).toMatchObject({ number: ticket.number })
      expect(await refusalOf(desk.take({ flashSale: 'FlashSale:none', buyer: 'Member:ann' }))).toBe('NOT_FOUND')
      const open = await openFlashSale(shop, operator, { ...aSmallSale(shop), admitPerSecond: null })
      expect(await refusalOf(desk.take({ flashSale: open, buyer: 'Member:ann' }))).toBe('STATE_FORBIDS')
      await shop.db.close()
    })
  })
})

function aSmallSale(shop: TestShop) {
  return {
    ...{ room: null, variant: VARIANT, price: { amountMinor: 100, currency: 'CNY' }, quota: 5, perMember: 1 },
    ...{ startsAt: shop.at, endsAt: null, admitPerSecond: 2 },
  }
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { ROOMS } from '../../../test/support/standing.js'
import { aLiveRoom, HOST, someRooms, take } from '../../../test/support/rooms.js'
import { until } from '../../../test/support/until.js'
import type { Database } from '../../../platform/db/database.js'
import type { FlashSaleChanged, OrderMoved, OrdersEvent, StockChanged } from '../../../schema/events/orders.js'
import { readLog } from '../store/log.js'
import { putOnShelf } from './arrange-shelf.js'
import type { OpenRooms } from './open-rooms.js'
import { endRoom } from './run-room.js'

const AT = '2026-11-11T12:00:00.000Z'
const stock = (version: number, available: number, variant = 'Variant:v'): StockChanged => ({
  id: `${variant}:stock:${version}`,
  kind: 'orders.stockChanged',
  at: AT,
  variant,
  version,
  available,
})
const sale = (version: number, left: number, room: string | null): FlashSaleChanged => ({
  id: `FlashSale:f:${version}`,
  kind: 'orders.flashSaleChanged',
  at: AT,
  flashSale: 'FlashSale:f',
  version,
  state: left > 0 ? 'OPEN' : 'SOLD_OUT',
  variant: 'Variant:v',
  product: 'Product:p',
  room,
  priceMinor: 990,
  currency: 'CNY',
  quota: 50,
  left,
  startsAt: AT,
  endsAt: null,
})
const paid = (room: string | null, state: OrderMoved['state'] = 'PAID'): OrderMoved => ({
  id: `Order:o:${state}`,
  kind: 'orders.moved',
  at: AT,
  order: 'Order:o',
  version: 3,
  state,
  member: 'Member:secret',
  partner: null,
  partnerOrder: null,
  totalMinor: 1980,
  currency: 'CNY',
  carrier: null,
  waybill: null,
  lines: [line('OrderLine:1', room, 2), line('OrderLine:2', null, 7)],
})
const line = (id: string, room: string | null, quantity: number): OrderMoved['lines'][number] => ({
  line: id,
  variant: 'Variant:v',
  product: 'Product:p',
  ...{ quantity, left: quantity, leftMinor: 100 },
  totalMinor: 1980,
  room,
  host: null,
  outlet: null,
  campaignLink: null,
  click: null,
})

eachMigrated(ROOMS, (open) => {
  describe('what orders tell', () => {
    let db: Database
    let rooms: OpenRooms
    let position = 0
    const tellAll = (...events: readonly (OrdersEvent | object)[]) =>
      rooms.place.bus.append(
        'orders',
        events.map((event) => ({ position: `1-${++position}`, body: JSON.stringify(event) })),
      )
    const told = async (room: string) => (await readLog(db, room, 2, 100)).map((row) => row.fact)
    async function roomWithShelf(): Promise<string> {
      const { id } = await aLiveRoom(rooms)
      await putOnShelf(rooms.place, HOST, {
        ...{ room: id, variant: 'Variant:v', product: 'Product:p', position: null, roomPrice: null },
      })
      return id
    }

    beforeEach(async () => {
      db = await open()
      rooms = await someRooms({ db })
    })
    afterEach(async () => {
      await rooms.stop()
      await db.close()
    })

    it('of a variant stands in the log of every live room that shows it, newest versions only, each once', async () => {
      const [here, there, other] = [await roomWithShelf(), await roomWithShelf(), (await aLiveRoom(rooms)).id]
      await tellAll(stock(4, 9), stock(3, 10), stock(4, 9), stock(5, 8), stock(1, 1, 'Variant:elsewhere'))
      await until(async () => (await told(there)).length === 2)
      const moved = [9, 8].map((available) => ({
        kind: 'StockMoved',
        variant: 'Variant:v',
        product: 'Product:p',
        available,
      }))
      expect(await told(here)).toEqual(moved)
      expect(await told(there)).toEqual(moved)
      expect(await readLog(db, other, 1, 10)).toEqual([])
    })

    it('of a flash sale stands in its own room, or in those that show the variant', async () => {
      const [here, there] = [await roomWithShelf(), await roomWithShelf()]
      await tellAll(sale(1, 50, here), sale(2, 0, null), sale(1, 50, here))
      await until(async () => (await told(there)).length === 1)
      expect(await told(here)).toMatchObject([
        { kind: 'FlashSaleMoved', saleState: 'OPEN', left: 50, price: { amountMinor: 990, currency: 'CNY' } },
        { saleState: 'SOLD_OUT', left: 0 },
      ])
    })

    it('of a paid order is seen in its room without a word of who bought, also by who follows', async () => {
      const room = await roomWithShelf()
      const stream = await rooms.followed.follow(room, null)
      await tellAll(
        paid(room, 'RESERVED'),
        paid(room),
        paid(room),
        { kind: 'orders.unheardOf' },
        { kind: 'orders.moved' },
      )
      const [event] = await take(stream, 1)
      expect(event?.told).toEqual({
        kind: 'OrderSeen',
        lines: [{ variant: 'Variant:v', product: 'Product:p', quantity: 2 }],
      })
      await tellAll(stock(1, 5))
      await until(async () => (await told(room)).length === 2)
      expect(JSON.stringify(await db.query('select body from rooms.log'))).not.toMatch(/secret|Order:o/)
    })

    it('stands there once, also when several processes hear it', async () => {
      const room = await roomWithShelf()
      const another = await someRooms({ db, bus: rooms.place.bus, seed: 2 })
      for (let version = 1; version <= 20; version++) await tellAll(stock(version, version), stock(version, version))
      await until(async () => (await told(room)).length >= 20)
      await another.stop()
      expect((await told(room)).map((fact) => fact.kind === 'StockMoved' && fact.available)).toEqual(
        Array.from({ length: 20 }, (_, nth) => nth + 1),
      )
    })

    it('is no longer told to a room that has ended, but for orders that were paid late', async () => {
      const room = await roomWithShelf()
      await endRoom(rooms.place, HOST, room)
      await tellAll(stock(1, 5), sale(1, 3, room), paid(room))
      await until(async () => (await told(room)).length === 2)
      expect((await told(room)).map((fact) => fact.kind)).toEqual(['RoomStateChanged', 'OrderSeen'])
    })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { ROOMS } from '../../../test/support/standing.js'
import { aLiveRoom, as, HOST, someRooms } from '../../../test/support/rooms.js'
import type { Database } from '../../../platform/db/database.js'
import { roomsEvent, type RoomsEvent } from '../../../schema/events/rooms.js'
import { readLog } from '../store/log.js'
import { findShelves } from '../store/shelf.js'
import { putOnShelf, setRoomPrice, setTalkingPoint, takeOffShelf, type Placing } from './arrange-shelf.js'
import type { OpenRooms } from './open-rooms.js'
import { endRoom } from './run-room.js'

const PRICE = { amountMinor: 990, currency: 'CNY' }

eachMigrated(ROOMS, (open) => {
  describe('a shelf', () => {
    let db: Database
    let rooms: OpenRooms
    let room = ''
    const put = (name: string, more: Partial<Placing> = {}) =>
      putOnShelf(rooms.place, HOST, {
        ...{ room, variant: `Variant:${name}`, product: 'Product:p', position: null, roomPrice: null },
        ...more,
      })
    const shown = async () => (await findShelves(db, [room]))[0]?.map((row) => row.variant.slice(8))
    const log = async () => (await readLog(db, room, 1, 100)).map((row) => row.fact)
    const told = async (): Promise<readonly (RoomsEvent | null)[]> => {
      const { rows } = await db.query<{ body: string }>('select body from rooms.outbox order by number')
      return rows.map((row) => roomsEvent(JSON.parse(row.body)))
    }

    beforeEach(async () => {
      db = await open()
      rooms = await someRooms({ db })
      room = (await aLiveRoom(rooms)).id
    })
    afterEach(async () => {
      await rooms.stop()
      await db.close()
    })

    it('keeps its order: at the end, between others, and moved', async () => {
      for (const name of ['a', 'b', 'c']) await put(name)
      await put('d', { position: 1 })
      expect(await shown()).toEqual(['a', 'd', 'b', 'c'])
      await put('c', { position: 0 })
      await put('b')
      expect(await shown()).toEqual(['c', 'a', 'd', 'b'])
    })

    it('tells others each change of a variant with a version that grows, also after it was taken off', async () => {
      await put('a', { roomPrice: PRICE })
      await setRoomPrice(rooms.place, HOST, { room, variant: 'Variant:a', roomPrice: null })
      await takeOffShelf(rooms.place, HOST, { room, variant: 'Variant:a' })
      await put('a')
      const changes = (await told()).filter((event) => event?.kind === 'rooms.shelfChanged')
      expect(changes).toMatchObject([
        { version: 1, shelved: true, roomPriceMinor: 990, currency: 'CNY' },
        { version: 2, shelved: true, roomPriceMinor: null, currency: null },
        { version: 3, shelved: false },
        { version: 4, shelved: true },
      ])
    })

    it('knows what is talked of, until that is taken off', async () => {
      await put('a')
      const { talking_variant } = await setTalkingPoint(rooms.place, HOST, { room, variant: 'Variant:a' })
      expect(talking_variant).toBe('Variant:a')
      expect((await takeOffShelf(rooms.place, HOST, { room, variant: 'Variant:a' })).talking_variant).toBeNull()
      expect((await log()).map((fact) => fact.kind)).toEqual([
        'ProductShelved',
        'TalkingPointSet',
        'ProductUnshelved',
        'TalkingPointSet',
      ])
    })

    it('refuses what is not on it, who may not, and a room that is over', async () => {
      const it = { room, variant: 'Variant:z' }
      await expect(takeOffShelf(rooms.place, HOST, it)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(setTalkingPoint(rooms.place, HOST, it)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(takeOffShelf(rooms.place, as('ada'), it)).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await expect(put('a', { roomPrice: { ...PRICE, amountMinor: -1 } })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      })
      await endRoom(rooms.place, HOST, room)
      await expect(put('a')).rejects.toMatchObject({ code: 'STATE_FORBIDS' })
      expect(await shown()).toEqual([])
    })

    it('tells the life of its room in versions', async () => {
      await endRoom(rooms.place, HOST, room)
      const changes = (await told()).filter((event) => event?.kind === 'rooms.roomChanged')
      expect(changes.map((event) => event.version)).toEqual([1, 2, 3])
      expect(changes.map((event) => event.state)).toEqual(['SCHEDULED', 'LIVE', 'ENDED'])
    })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { ROOMS } from '../../../test/support/standing.js'
import { aLiveRoom, as, HOST, someRooms } from '../../../test/support/rooms.js'
import type { Database } from '../../../platform/db/database.js'
import type { Figure } from '../domain/live-event.js'
import { findFigures, findWatched } from '../store/figures.js'
import type { OpenRooms } from './open-rooms.js'
import { endRoom } from './run-room.js'
import { channelOf, readSignal } from './signals.js'

eachMigrated(ROOMS, (open) => {
  describe('the figures of a room', () => {
    let db: Database
    let rooms: OpenRooms
    let now = new Date('2026-11-11T12:00:00Z')
    let told: Figure[] = []
    const later = (seconds: number): void => void (now = new Date(now.getTime() + seconds * 1000))

    beforeEach(async () => {
      db = await open()
      rooms = await someRooms({ db, time: () => Promise.resolve(now) })
      told = []
    })
    afterEach(async () => {
      await rooms.stop()
      await db.close()
    })

    async function hear(room: string): Promise<void> {
      await rooms.place.bus.listen(channelOf(room), (body) => {
        const signal = readSignal(body)
        if (signal.kind === 'figure') told.push(signal.figure)
      })
    }

    it('gather likes and tell their total', async () => {
      const room = await aLiveRoom(rooms)
      await hear(room.id)
      for (let nth = 0; nth < 10; nth++) rooms.figures.like(as('ada'), room, 5)
      await rooms.figures.store()
      expect(told).toEqual([{ kind: 'LikesCounted', likes: 50 }])
      expect(await findFigures(db, [room.id], now)).toMatchObject([{ likes: 50 }])
    })

    it('count a viewer while he gives signs of life, and his watching between two of them', async () => {
      const room = await aLiveRoom(rooms)
      await hear(room.id)
      await Promise.all(['ada', 'bob', 'ada'].map((name) => rooms.figures.watch(as(name), room)))
      await rooms.figures.store()
      later(30)
      await rooms.figures.watch(as('ada'), room)
      later(31)
      await rooms.figures.watch(as('ada'), room)
      await rooms.figures.store()
      expect(told).toEqual([
        { kind: 'ViewersCounted', concurrent: 2, unique: 2 },
        { kind: 'ViewersCounted', concurrent: 1, unique: 2 },
      ])
      later(300)
      await rooms.figures.watch(as('ada'), room)
      expect(await findWatched(db, room.id, ['Member:ada'])).toEqual(new Map([['Member:ada', 61]]))
    })

    it('are for members in a live room', async () => {
      const room = await aLiveRoom(rooms)
      const ended = await endRoom(rooms.place, HOST, room.id)
      expect(() => rooms.figures.like(as('ada'), ended, 1)).toThrow(expect.objectContaining({ code: 'ROOM_NOT_LIVE' }))
      await expect(rooms.figures.watch(as('ada'), ended)).rejects.toMatchObject({ code: 'ROOM_NOT_LIVE' })
    })
  })
})

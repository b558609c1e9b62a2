import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { ROOMS } from '../../../test/support/standing.js'
import { aLiveRoom, someRooms } from '../../../test/support/rooms.js'
import type { Database } from '../../../platform/db/database.js'
import { dropOld, readLog } from '../store/log.js'
import { KEEP_LEAST, readRoomsConfig } from '../config.js'
import type { OpenRooms } from './open-rooms.js'

eachMigrated(ROOMS, (open) => {
  describe("a room's log", () => {
    let db: Database
    let rooms: OpenRooms

    beforeEach(async () => {
      db = await open()
      rooms = await someRooms({ db })
    })
    afterEach(async () => {
      await rooms.stop()
      await db.close()
    })

    it('loses nothing but what is older than the measure of its own room', async () => {
      const [long, short] = [(await aLiveRoom(rooms)).id, (await aLiveRoom(rooms)).id]
      await db.query(
        `insert into rooms.log (room, seq, kind, body, at, source)
         select $1, nth, 'RoomStateChanged', (select body from rooms.log where room = $1), now(), 'x' || nth from generate_series(2, 30) as nth`,
        [long],
      )
      await db.query('update rooms.room set seq = 30 where id = $1', [long])
      expect(await dropOld(db, 10)).toBe(20)
      expect((await readLog(db, long, 0, 100)).map((row) => row.seq)).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30])
      expect(await readLog(db, short, 0, 100)).toHaveLength(1)
    })
  })
})

describe('the settings of rooms', () => {
  it('keep all events by default, and never fewer than was promised', () => {
    expect(readRoomsConfig({}).keepEvents).toBeNull()
    expect(readRoomsConfig({ ROOMS_KEEP_EVENTS: 'all' }).keepEvents).toBeNull()
    expect(readRoomsConfig({ ROOMS_KEEP_EVENTS: String(KEEP_LEAST) }).keepEvents).toBe(KEEP_LEAST)
    expect(() => readRoomsConfig({ ROOMS_KEEP_EVENTS: '9999', ROOMS_RECHECK_MS: 'x' })).toThrow(
      /ROOMS_KEEP_EVENTS[^]*ROOMS_RECHECK_MS/,
    )
  })
})

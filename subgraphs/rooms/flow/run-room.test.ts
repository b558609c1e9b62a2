import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { ROOMS } from '../../../test/support/standing.js'
import { aLiveRoom, as, HOST, someRooms } from '../../../test/support/rooms.js'
import type { Database } from '../../../platform/db/database.js'
import type { Identity } from '../../../schema/identity.js'
import type { RoomRow } from '../store/tables.js'
import { pinComment } from './moderate-room.js'
import type { OpenRooms } from './open-rooms.js'
import { goLive, scheduleRoom, updateRoom, type RoomPlan, type RoomSettings } from './run-room.js'

const NOTHING: RoomSettings = { title: null, scheduledAt: null, commentsPerMember: null, commentsPerMinute: null }

eachMigrated(ROOMS, (open) => {
  describe('the keeper of a room', () => {
    let db: Database
    let rooms: OpenRooms
    const schedule = async (who: Identity, plan: Partial<RoomPlan> = {}): Promise<RoomRow> =>
      scheduleRoom(rooms.place, who, { ...NOTHING, title: 'An evening', kind: 'STORE', host: null, ...plan })

    beforeEach(async () => {
      db = await open()
      rooms = await someRooms({ db })
    })
    afterEach(async () => {
      await rooms.stop()
      await db.close()
    })

    it('is the host himself, or whom an operator names', async () => {
      expect((await schedule(HOST)).host).toBe('Member:host')
      expect((await schedule(as('boss', 'operator'), { host: 'Member:star' })).host).toBe('Member:star')
      await expect(schedule(as('ada'))).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await expect(schedule({ ...as('boss', 'operator'), member: null })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      })
    })

    it('puts it on the programme once under a key, and another under it is refused', async () => {
      const { id } = await schedule(HOST, { idempotencyKey: 'k' })
      expect((await schedule(HOST, { idempotencyKey: 'k' })).id).toBe(id)
      await expect(schedule(HOST, { idempotencyKey: 'k', title: 'Another' })).rejects.toMatchObject({
        code: 'IDEMPOTENCY_MISMATCH',
      })
      expect((await db.query('select from rooms.room')).count).toBe(1)
      await schedule(HOST)
      expect((await schedule(as('other', 'host'), { idempotencyKey: 'k' })).id).not.toBe(id)
      expect((await db.query('select from rooms.room')).count).toBe(3)
    })

    it('may change what is said of it, but not the hour of a room that is on', async () => {
      const { id } = await schedule(HOST)
      const hour = new Date('2026-11-11T20:00:00Z')
      const changed = await updateRoom(rooms.place, HOST, id, { ...NOTHING, title: ' Another ', scheduledAt: hour })
      expect(changed).toMatchObject({ title: 'Another', scheduled_at: hour, version: 2 })
      await goLive(rooms.place, HOST, id)
      expect(await updateRoom(rooms.place, HOST, id, { ...NOTHING, commentsPerMember: 9 })).toMatchObject({
        comments_per_member: 9,
        title: 'Another',
      })
      await expect(updateRoom(rooms.place, HOST, id, { ...NOTHING, scheduledAt: hour })).rejects.toMatchObject({
        code: 'STATE_FORBIDS',
      })
    })

    it('gives it a title that can be read', async () => {
      for (const title of ['', ' \u200B ', 'x'.repeat(201)])
        await expect(schedule(HOST, { title })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    })

    it('pins a comment of this room, and of no other', async () => {
      const [here, there] = [await aLiveRoom(rooms), await aLiveRoom(rooms)]
      const said = await rooms.comments.post(as('ada'), { room: here.id, text: 'hello', offsetMs: null })
      const pin = (room: string, comment: string | null) => pinComment(rooms.place, HOST, { room, comment })
      expect((await pin(here.id, said.id)).pinned_comment).toBe(said.id)
      await expect(pin(there.id, said.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect((await pin(here.id, null)).pinned_comment).toBeNull()
    })
  })
})

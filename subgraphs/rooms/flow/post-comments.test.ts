import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { ROOMS } from '../../../test/support/standing.js'
import { aLiveRoom, as, HOST, someRooms, take } from '../../../test/support/rooms.js'
import type { Database } from '../../../platform/db/database.js'
import { readLog } from '../store/log.js'
import { muteMember } from './moderate-room.js'
import type { OpenRooms } from './open-rooms.js'
import { endRoom } from './run-room.js'

eachMigrated(ROOMS, (open) => {
  describe('a comment in a room', () => {
    let db: Database
    let rooms: OpenRooms
    let now = new Date('2026-11-11T12:00:00Z')
    const post = (room: string, text: string, name = 'ada') =>
      rooms.comments.post(as(name), { room, text, offsetMs: null })

    beforeEach(async () => {
      db = await open()
      rooms = await someRooms({ db, time: () => Promise.resolve(now) })
    })
    afterEach(async () => {
      await rooms.stop()
      await db.close()
    })

    it('is refused in words that say why, one by one, and the others of its batch are taken', async () => {
      const { id } = await aLiveRoom(rooms)
      await muteMember(rooms.place, HOST, { room: id, member: 'Member:troll', muted: true })
      const codes = await Promise.all(
        [post(id, 'fine'), post(id, 'x', 'troll'), post('Room:none', 'x'), post(id, 'good')].map((one) =>
          one.then(
            ({ text }) => text,
            (error: unknown) => (error as { code: string }).code,
          ),
        ),
      )
      expect(codes).toEqual(['fine', 'MUTED', 'NOT_FOUND', 'good'])
      expect(() => post(id, '\u200B')).toThrow(expect.objectContaining({ code: 'COMMENT_BLANK' }))
      await endRoom(rooms.place, HOST, id)
      await expect(post(id, 'late')).rejects.toMatchObject({ code: 'ROOM_NOT_LIVE' })
    })

    it('is taken once under a key, in its batch and after the room has ended, and another under it is refused', async () => {
      const [{ id }, { id: other }] = [await aLiveRoom(rooms), await aLiveRoom(rooms)]
      const keyed = (text: string, idempotencyKey: string, room = id) =>
        rooms.comments.post(as('ada'), { room, text, offsetMs: null, idempotencyKey })
      const [first, twice, plain, second] = await Promise.all([
        ...([keyed('one', 'k'), keyed('one', 'k'), post(id, 'one'), keyed('two', 'l')] as const),
      ])
      expect(twice).toEqual(first)
      expect(new Set([first.id, plain.id, second.id]).size).toBe(3)
      for (const wrong of [() => keyed('other', 'k'), () => keyed('one', 'k', other)])
        await expect(wrong()).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
      await endRoom(rooms.place, HOST, id)
      expect(await keyed('one', 'k')).toEqual(first)
      await expect(keyed('three', 'm')).rejects.toMatchObject({ code: 'ROOM_NOT_LIVE' })
      const said = (await readLog(db, id, 1, 1000)).filter(({ fact }) => fact.kind === 'CommentPosted')
      expect(said).toHaveLength(3)
    })

    it('under one key in two rooms at a time is taken in one of them', async () => {
      const ids = [await aLiveRoom(rooms), await aLiveRoom(rooms)].map(({ id }) => id)
      const ended = await Promise.allSettled(
        ids.map((room) => rooms.comments.post(as('ada'), { room, text: 'x', offsetMs: null, idempotencyKey: 'k' })),
      )
      expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(ended.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'IDEMPOTENCY_MISMATCH' },
      })
      expect((await db.query('select from rooms.comment')).count).toBe(1)
    })

    it('R25 is counted by the minute of the database, for its member', async () => {
      const { id } = await aLiveRoom(rooms, { comments_per_member: 2 })
      await post(id, 'one')
      await post(id, 'two')
      await expect(post(id, 'three')).rejects.toMatchObject({ code: 'COMMENT_RATE', details: { perMinute: 2 } })
      now = new Date(now.getTime() + 60_000)
      expect((await post(id, 'four')).text).toBe('four')
    })

    it('R25 is taken beyond the rate of its room, and left out of what is shown: no gap, and a full record', async () => {
      const { id } = await aLiveRoom(rooms, { comments_per_minute: 120 })
      const [live, late] = [await rooms.followed.follow(id, null), await rooms.followed.follow(id, '0')]
      const posted = await Promise.all(Array.from({ length: 50 }, (_, nth) => post(id, `n${nth}`, `m${nth}`)))
      expect(posted.filter(({ shown }) => shown)).toHaveLength(2)
      now = new Date(now.getTime() + 1_000)
      const next = await post(id, 'next second')
      const shown = [...posted, next].filter((one) => one.shown).map(({ seq }) => String(seq))
      expect((await take(live, 3)).map(({ cursor }) => cursor)).toEqual(shown)
      expect((await take(late, 4)).map(({ cursor }) => cursor)).toEqual(['1', ...shown])
      expect((await readLog(db, id, 1, 1000)).map(({ seq }) => seq)).toEqual([...posted, next].map(({ seq }) => seq))
      const again = await rooms.followed.follow(id, shown[1] ?? null)
      expect((await take(again, 1))[0]?.cursor).toBe(String(next.seq))
    })

    it('speaks again when its member may', async () => {
      const { id } = await aLiveRoom(rooms)
      for (const muted of [true, false]) await muteMember(rooms.place, HOST, { room: id, member: 'Member:ada', muted })
      expect((await post(id, 'sorry')).text).toBe('sorry')
    })

    it('stands in the log under the number it was answered with, in the order of the numbers', async () => {
      const { id } = await aLiveRoom(rooms)
      const posted = await Promise.all(Array.from({ length: 700 }, (_, nth) => post(id, `n${nth}`, `m${nth % 50}`)))
      const log = await readLog(db, id, 1, 1000)
      expect(log.map((row) => [row.seq, row.fact.kind === 'CommentPosted' && row.fact.comment])).toEqual(
        [...posted].sort((a, b) => a.seq - b.seq).map((row) => [row.seq, row.id]),
      )
    })

    it('can never be rewritten', async () => {
      const { id } = await aLiveRoom(rooms)
      await expect(db.query(`update rooms.log set kind = 'x' where room = $1`, [id])).rejects.toThrow()
    })
  })
})

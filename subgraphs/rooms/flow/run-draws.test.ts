import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { ROOMS } from '../../../test/support/standing.js'
import { fakeClock } from '../../../test/support/fake-clock.js'
import { aLiveRoom, as, HOST, someRooms } from '../../../test/support/rooms.js'
import { until } from '../../../test/support/until.js'
import type { Database } from '../../../platform/db/database.js'
import { roomsEvent } from '../../../schema/events/rooms.js'
import { drawHolds } from '../domain/draw.js'
import { allEntrants, findDraws, findWinners } from '../store/draws.js'
import { readLog } from '../store/log.js'
import type { DrawRow } from '../store/tables.js'
import { closeDraw } from './close-draw.js'
import type { OpenRooms } from './open-rooms.js'
import { openDraw, type DrawPlan } from './run-draws.js'
import { endRoom } from './run-room.js'

eachMigrated(ROOMS, (open) => {
  describe('a draw in a room', () => {
    const clock = fakeClock()
    let db: Database
    let rooms: OpenRooms
    let room = ''
    const begin = (plan: Partial<DrawPlan> = {}): Promise<DrawRow> =>
      openDraw(rooms.place, HOST, {
        ...{ room, prize: 'A kettle', winners: 2, closesAt: null, beacon: 'round 1' },
        ...{ condition: 'NONE', watchSeconds: 0, idempotencyKey: null },
        ...plan,
      })
    // The batches wait on the fake clock: it is moved until the answer is there.
    async function moving<T>(work: Promise<T>): Promise<T> {
      let over = false
      const done = work.finally(() => (over = true))
      await until(async () => {
        await clock.advance(10)
        return over
      }).catch(() => undefined)
      return done
    }
    const join = (draw: string, ...names: readonly string[]) =>
      moving(Promise.allSettled(names.map((name) => rooms.entry.join(as(name), draw))))

    beforeEach(async () => {
      db = await open()
      rooms = await someRooms({ db, clock, time: () => Promise.resolve(clock.now()) })
      room = (await aLiveRoom(rooms)).id
    })
    afterEach(async () => {
      await moving(rooms.stop())
      await db.close()
    })

    it('publishes its promise before anybody may enter, and its seed when it is over', async () => {
      const { id, commitment } = await begin()
      await join(id, 'c', 'a', 'b', 'a')
      const closed = await closeDraw(rooms.place, HOST, id)
      const log = (await readLog(db, room, 1, 10)).map((row) => row.fact)
      expect(log[0]).toEqual({ kind: 'DrawOpened', draw: id, prize: 'A kettle', commitment })
      const winners = (await findWinners(db, [id]))[0]?.map((one) => one.member) ?? []
      const seed = Buffer.from(closed.seed).toString('hex')
      expect(log[1]).toEqual({ kind: 'DrawClosed', draw: id, root: closed.root, seed, winners })
      const record = { commitment, root: closed.root ?? '', seed, beacon: closed.beacon }
      expect(drawHolds(record, await allEntrants(db, id), winners)).toBe(true)
    })

    it('is drawn once, however often and by however many it is closed', async () => {
      const { id } = await begin()
      await join(id, 'a', 'b', 'c')
      const closed = await Promise.all([1, 2, 3].map(() => closeDraw(rooms.place, HOST, id)))
      expect(new Set(closed.map((draw) => `${draw.root ?? ''} ${draw.closed_at?.toISOString() ?? ''}`)).size).toBe(1)
      expect((await findWinners(db, [id]))[0]).toHaveLength(2)
      const { rows } = await db.query<{ body: string }>(`select body from rooms.outbox where body like '%drawClosed%'`)
      const told = rows.map((row) => roomsEvent(JSON.parse(row.body)))
      expect(told).toMatchObject([{ kind: 'rooms.drawClosed', draw: id, room, prize: 'A kettle' }])
    })

    it('R25 closes by itself when the time of the database has come, and takes nobody after', async () => {
      const { id } = await begin({ closesAt: new Date(clock.now().getTime() + 5000) })
      await join(id, 'a')
      await until(async () => {
        await clock.advance(1000)
        return (await findDraws(db, [id]))[0]?.state === 'CLOSED'
      })
      expect(await join(id, 'late')).toMatchObject([{ status: 'rejected', reason: { code: 'DRAW_CLOSED' } }])
      expect(await allEntrants(db, id)).toEqual(['Member:a'])
    })

    it('takes only who has commented, or watched for long enough, where it asks for that', async () => {
      await moving(rooms.comments.post(as('ada'), { room, text: 'me!', offsetMs: null }))
      const commented = await begin({ condition: 'COMMENTED' })
      const entered = await join(commented.id, 'ada', 'bob')
      expect(entered).toMatchObject([{ status: 'fulfilled' }, { reason: { code: 'STATE_FORBIDS' } }])
      await db.query(
        `insert into rooms.watch (room, member, first_at, last_at, seconds) values ($1, 'Member:bob', now(), now(), 60)`,
        [room],
      )
      const watched = await begin({ condition: 'WATCHED', watchSeconds: 60 })
      expect(await join(watched.id, 'ada', 'bob')).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled' }])
    })

    it('is opened once under one key, and drawn when its room ends', async () => {
      const [first, again] = [await begin({ idempotencyKey: 'k' }), await begin({ idempotencyKey: 'k' })]
      expect(again.id).toBe(first.id)
      await expect(begin({ idempotencyKey: 'k', prize: 'Another' })).rejects.toMatchObject({
        code: 'IDEMPOTENCY_MISMATCH',
      })
      await endRoom(rooms.place, HOST, room)
      const kinds = (await readLog(db, room, 1, 10)).map((row) => row.fact.kind)
      expect(kinds).toEqual(['DrawOpened', 'DrawClosed', 'RoomStateChanged'])
    })

    it('is refused when it promises nothing, too much, or a beacon that reads in two ways', async () => {
      for (const plan of [{ prize: ' ' }, { winners: 0 }, { winners: 1001 }, { beacon: 'a|b' }, { beacon: '' }])
        await expect(Promise.resolve().then(() => begin(plan))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eachMigrated } from '../../../test/support/databases.js'
import { ROOMS } from '../../../test/support/standing.js'
import { aLiveRoom, as, HOST, someRooms, take } from '../../../test/support/rooms.js'
import type { Database } from '../../../platform/db/database.js'
import type { Bus } from '../../../platform/bus/bus.js'
import type { LiveEvent } from '../domain/live-event.js'
import { putOnShelf } from './arrange-shelf.js'
import type { OpenRooms } from './open-rooms.js'
import { WAITING_MOST } from './follower.js'

/** A bus that is out of order: nothing is heard. */
const DEAF: Bus = {
  append: () => Promise.resolve(),
  last: () => Promise.resolve(null),
  follow: () => () => Promise.resolve(),
  signal: () => undefined,
  listen: () => Promise.resolve(() => Promise.resolve()),
  close: () => Promise.resolve(),
}

const cursors = (events: readonly LiveEvent[]): readonly (string | null)[] => events.map((event) => event.cursor)
const numbers = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, nth) => String(from + nth))

async function say(rooms: OpenRooms, room: string, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, nth) =>
      rooms.comments.post(as(`m${nth}`), { room, text: `comment ${nth}`, offsetMs: null }),
    ),
  )
}

eachMigrated(ROOMS, (open) => {
  describe('whoever follows a room', () => {
    let db: Database
    let running: OpenRooms[] = []
    const start = async (options: Partial<Parameters<typeof someRooms>[0]> = {}): Promise<OpenRooms> => {
      const rooms = await someRooms({ db, ...options })
      running.push(rooms)
      return rooms
    }

    beforeEach(async () => {
      db = await open()
    })
    afterEach(async () => {
      for (const rooms of running) await rooms.stop()
      running = []
      await db.close()
    })

    it('hears what happens from now on', async () => {
      const rooms = await start()
      const { id } = await aLiveRoom(rooms)
      const stream = await rooms.followed.follow(id, null)
      await rooms.comments.post(as('ada'), { room: id, text: 'hello', offsetMs: 1500 })
      const [event] = await take(stream, 1)
      expect(event).toMatchObject({ __typename: 'CommentPosted', cursor: '2' })
      expect(event?.told).toMatchObject({ member: 'Member:ada', text: 'hello', offsetMs: 1500 })
    })

    it('hears history after its cursor, then what is live, in order and once', async () => {
      const rooms = await start()
      const { id } = await aLiveRoom(rooms)
      await say(rooms, id, 40)
      const stream = await rooms.followed.follow(id, '10')
      const first = await take(stream, 5)
      const later = say(rooms, id, 40)
      const rest = await take(stream, 66)
      await later
      expect(cursors([...first, ...rest])).toEqual(numbers(11, 81))
    })

    it('R21 hears all of it also when the bus is down and every signal is lost', async () => {
      const rooms = await start({ bus: DEAF, config: { recheckMs: 20 } })
      const { id } = await aLiveRoom(rooms)
      const stream = await rooms.followed.follow(id, '0')
      expect(cursors(await take(stream, 1))).toEqual(['1'])
      await say(rooms, id, 3)
      expect(cursors(await take(stream, 3))).toEqual(numbers(2, 4))
    })

    it('hears in one process what is done in another', async () => {
      const here = await start()
      const there = await start({ seed: 2, bus: here.place.bus })
      const { id } = await aLiveRoom(here)
      const stream = await there.followed.follow(id, '0')
      await putOnShelf(here.place, HOST, {
        room: id,
        variant: 'Variant:a',
        product: 'Product:a',
        position: null,
        roomPrice: { amountMinor: 990, currency: 'CNY' },
      })
      expect((await take(stream, 2)).map((event) => event.__typename)).toEqual(['RoomStateChanged', 'ProductShelved'])
    })

    it('R23 ends with the published history however often it is cut off and comes back to another process', async () => {
      const nodes = [await start({ config: { recheckMs: 20 } }), await start({ seed: 2, config: { recheckMs: 20 } })]
      const [first] = nodes
      if (first === undefined) throw new Error('no process')
      const { id } = await aLiveRoom(first)
      const told = (async () => {
        for (let round = 0; round < 10; round++) for (const node of nodes) await say(node, id, 15)
      })()
      const heard: LiveEvent[] = []
      for (let visit = 0; heard.length < 301; visit++) {
        const stream = await nodes[visit % 2]?.followed.follow(id, heard.at(-1)?.cursor ?? '0')
        if (stream === undefined) throw new Error('no stream')
        heard.push(...(await take(stream, Math.min(1 + (visit % 37), 301 - heard.length))))
        await stream.return()
      }
      await told
      expect(cursors(heard)).toEqual(numbers(1, 301))
    })

    it('R19 is sent back to the log when it does not read, and others do not notice', async () => {
      const rooms = await start()
      const { id } = await aLiveRoom(rooms, { comments_per_member: 10_000 })
      const slow = await rooms.followed.follow(id, '1')
      const quick = await rooms.followed.follow(id, '1')
      const reading = take(quick, WAITING_MOST + 200)
      const began = take(slow, 1)
      await say(rooms, id, WAITING_MOST + 200)
      expect(cursors(await reading)).toEqual(numbers(2, WAITING_MOST + 201))
      expect(cursors([...(await began), ...(await take(slow, WAITING_MOST + 199))])).toEqual(
        numbers(2, WAITING_MOST + 201),
      )
    })

    it('R16 lets go of the room at once when the last one leaves, without any further event', async () => {
      const rooms = await start()
      const { id } = await aLiveRoom(rooms)
      const stream = await rooms.followed.follow(id, null)
      const waiting = stream.next()
      await stream.return()
      expect((await waiting).done).toBe(true)
      expect(rooms.followed.rooms).toBe(0)
    })

    it('is told of a gap before what is still held, and of one when its cursor never was', async () => {
      const rooms = await start()
      const { id } = await aLiveRoom(rooms)
      await say(rooms, id, 9)
      await db.query('delete from rooms.log where seq <= 6')
      const old = await take(await rooms.followed.follow(id, '2'), 2)
      expect(old[0]).toMatchObject({ __typename: 'Gap', cursor: '6', told: { from: 3, to: 6 } })
      expect(old[1]?.cursor).toBe('7')
      const [foreign] = await take(await rooms.followed.follow(id, '4711'), 1)
      expect(foreign).toMatchObject({ __typename: 'Gap', cursor: '10', told: { from: null, to: null } })
    })

    it('is let go when the log cannot be read, and comes back with its cursor', async () => {
      let broken = false
      const flaky: Database = {
        query: (sql, values) =>
          broken && sql.includes('rooms.log') ? Promise.reject(new Error('away')) : db.query(sql, values),
        transaction: (work) => db.transaction(work),
        close: () => Promise.resolve(),
      }
      const rooms = await start({ db: flaky })
      const { id } = await aLiveRoom(rooms)
      const stream = await rooms.followed.follow(id, '0')
      broken = true
      await expect(stream.next()).rejects.toThrow('away')
      expect(rooms.followed.rooms).toBe(0)
      broken = false
      expect(cursors(await take(await rooms.followed.follow(id, '0'), 1))).toEqual(['1'])
    })

    it('is refused for a room that is not there and for a cursor that is none', async () => {
      const rooms = await start()
      const { id } = await aLiveRoom(rooms)
      await expect(rooms.followed.follow('Room:none', null)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(rooms.followed.follow(id, 'x')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
      expect(rooms.followed.rooms).toBe(0)
    })
  })
})

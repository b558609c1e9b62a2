import type { Database } from '../../../platform/db/database.js'
import { tell } from '../../../platform/bus/outbox.js'
import type { RoomsEvent } from '../../../schema/events/rooms.js'
import { refuse } from '../../../schema/refuse.js'
import type { Logged } from '../domain/live-event.js'
import { appendLog, type Draft } from '../store/log.js'
import { changeRoom, lockRoom } from '../store/room-rows.js'
import type { RoomRow } from '../store/tables.js'
import { signalLogged } from './signals.js'
import type { Workplace } from './workplace.js'

/** What a deed in a room came to: its answer (given the room as it is then), the changes of its row, what its log and the other parts are told. */
export interface Written<T> extends Settled {
  readonly answer: (room: RoomRow) => T
}

/** What of a deed is written down. */
export interface Settled {
  readonly change?: Partial<RoomRow>
  readonly facts?: readonly Draft[]
  readonly told?: readonly RoomsEvent[]
}

/** The room as its deed finds it, held until the deed is committed; `at` is the time by which all of it happens. */
export interface HeldRoom {
  readonly tx: Database
  readonly room: RoomRow
  readonly at: Date
}

/** hold the room -> do the deed -> number and log its facts, tell the outbox -> commit -> signal. */
export async function writeRoom<T>(
  on: Workplace,
  id: string,
  deed: (held: HeldRoom) => Promise<Written<T>>,
): Promise<T> {
  const { written, settled } = await on.db.transaction(async (tx) => {
    const held = await holdRoom(on, tx, id)
    const written = await deed(held)
    return { written, settled: await settle(held, written) }
  })
  if (written.told !== undefined) on.wake()
  signalLogged(on.bus, id, settled.rows)
  return written.answer(settled.room)
}

/** Takes the room's row for this transaction; all writers of one room come one after another here. */
export async function holdRoom(on: Workplace, tx: Database, id: string): Promise<HeldRoom> {
  const room = await lockRoom(tx, id)
  if (room === null) throw refuse('NOT_FOUND', `no room is known as ${id}`)
  return { tx, room, at: await on.time(tx) }
}

/** Writes what a deed came to, inside the transaction that holds the room; gives the rows to signal once it is committed. */
export async function settle(
  held: HeldRoom,
  deed: Settled,
): Promise<{ readonly room: RoomRow; readonly rows: readonly Logged[] }> {
  const { tx, room, at } = held
  const { facts = [], told = [] } = deed
  const change = { ...deed.change, ...(facts.length > 0 ? { seq: room.seq + facts.length } : {}) }
  const [rows] = await Promise.all([
    appendLog(tx, { room: room.id, from: room.seq + 1, at }, facts),
    Object.keys(change).length > 0 ? changeRoom(tx, room.id, change) : null,
    told.length > 0 ? tell(tx, 'rooms', told) : null,
  ])
  return { room: { ...room, ...change }, rows }
}

/** The answer of deeds that answer with the room as it is after them. */
export const theRoom = (room: RoomRow): RoomRow => room

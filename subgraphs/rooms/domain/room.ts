import type { Failure } from '../../../platform/failure.js'
import type { RoomState } from '../../../schema/events/rooms.js'
import { refuse } from '../../../schema/refuse.js'

/** What a room is: a shop's, a star's, a company head's, or the second room beside a show. */
export const ROOM_KINDS = ['STORE', 'STAR', 'PRESIDENT', 'SHOW'] as const
export type RoomKind = (typeof ROOM_KINDS)[number]

/** What can be done to a room as a whole. */
export const ROOM_MOVES = ['goLive', 'end'] as const
export type RoomMove = (typeof ROOM_MOVES)[number]

/** The way of a room, read from top to bottom: a scheduled one may also be called off. */
export const STATE_AFTER: Readonly<Record<RoomState, Readonly<Record<RoomMove, RoomState | null>>>> = {
  SCHEDULED: { goLive: 'LIVE', end: 'ENDED' },
  LIVE: { goLive: null, end: 'ENDED' },
  ENDED: { goLive: null, end: null },
}

/** The state that a move leads to; refuses a move that the table does not have. */
export function moved(state: RoomState, move: RoomMove): RoomState {
  const next = STATE_AFTER[state][move]
  if (next === null) throw refuse('STATE_FORBIDS', `a room that is ${state} cannot ${move}`, { details: { state } })
  return next
}

/** Passes when the room is live: comments, likes, draws and watching need an audience. */
export function needLive(state: RoomState): void {
  if (state !== 'LIVE') throw notLive(state)
}

/** Why nothing is said in a room that has no audience. */
export function notLive(state: RoomState): Failure {
  return refuse('ROOM_NOT_LIVE', `the room is ${state}`, { details: { state } })
}

/** Passes until the room has ended: a shelf is laid out before the evening and kept as it was after it. */
export function needOpen(state: RoomState): void {
  if (state === 'ENDED') throw refuse('STATE_FORBIDS', 'the room has ended', { details: { state } })
}

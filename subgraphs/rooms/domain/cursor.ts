import { refuse } from '../../../schema/refuse.js'

/** A place in a room's log: its number as text, opaque to clients. */
export function cursorOf(seq: number): string {
  return String(seq)
}

/** The number that a cursor stands for; "0" is the place before the first event. */
export function seqOf(cursor: string): number {
  const seq = /^\d{1,15}$/.test(cursor) ? Number(cursor) : null
  if (seq === null)
    throw refuse(
      'BAD_USER_INPUT',
      `a cursor is one that an event came with, got ${JSON.stringify(cursor.slice(0, 40))}`,
    )
  return seq
}

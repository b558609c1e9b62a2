import { refuse } from '../../../schema/refuse.js'

/** A place in a room's log: its number as text, opaque to clients. */
export function cursorOf(seq: number): string {
  return String(seq)
}

/**
 * The number that a cursor stands for; "0" is the place before the first event. A gateway that held values back puts two into one:
 * everything was told up to the smaller.
 */
export function seqOf(cursor: string): number {
  const [, told = cursor] = /^~\d{1,15}~(\d{1,15})$/.exec(cursor) ?? []
  const seq = /^\d{1,15}$/.test(told) ? Number(told) : null
  if (seq === null)
    throw refuse(
      'BAD_USER_INPUT',
      `a cursor is one that an event came with, got ${JSON.stringify(cursor.slice(0, 40))}`,
    )
  return seq
}

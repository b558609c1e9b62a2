import { misread } from '../decode.js'
import type { Position } from './bus.js'

/** Orders two positions as pairs of whole numbers: below zero when `a` came first. */
export function comparePositions(a: Position, b: Position): number {
  const [left, right] = [parts(a), parts(b)]
  if (left.tx !== right.tx) return left.tx < right.tx ? -1 : 1
  if (left.row === right.row) return 0
  return left.row < right.row ? -1 : 1
}

/** Whether a place lies above another; null is below every position. */
export function isAbove(position: Position | null, other: Position | null): boolean {
  if (position === null) return false
  return other === null || comparePositions(position, other) > 0
}

/** The two numbers of a position; they may pass 2^53, so they are bigints. */
export function parts(position: Position): { readonly tx: bigint; readonly row: bigint } {
  const found = /^(\d{1,20})-(\d{1,20})$/.exec(position)
  if (found?.[1] === undefined || found[2] === undefined)
    throw misread('position', 'two whole numbers joined by -', position)
  return { tx: BigInt(found[1]), row: BigInt(found[2]) }
}

import { refuse } from '../../../schema/refuse.js'
import { splitByWeight } from './split.js'

/** What of a line is still bought, and what it comes to. */
export interface LineLeft {
  readonly id: string
  readonly pieces: number
  readonly amountMinor: number
}

/** A part of a line that is to be undone: some of its pieces, or some of its money while all pieces stay bought. */
export interface PartAsked {
  readonly line: string
  readonly pieces: number
  /** Null: what the pieces come to. */
  readonly amountMinor: number | null
}

/** A part of a line, decided. */
export interface Part {
  readonly line: string
  readonly pieces: number
  readonly amountMinor: number
  /** The same part of another amount that is left on the line: of what was paid for it in one way, borne or earned by it. */
  readonly share: (leftMinor: number) => number
}

/**
 * What some of the pieces that are left come to: whole amounts at most one apart, the cheaper first, and the last piece takes the
 * rest. Several at once are the same as one by one, and all of them are all that is left.
 */
export function ofPieces(leftMinor: number, left: number, pieces: number): number {
  const each = Math.floor(leftMinor / left)
  const cheaper = left - (leftMinor - each * left)
  return each * pieces + Math.max(0, pieces - cheaper)
}

/** The part of an amount that a part of a whole is, rounded down; the whole of it is all. Exact also where a product would pass 2^53. */
export function inProportion(amountMinor: number, part: number, whole: number): number {
  return whole === 0 ? 0 : Number((BigInt(amountMinor) * BigInt(part)) / BigInt(whole))
}

/** Decides what is to be undone; refuses what is not there. A line is named once. */
export function decideParts(lines: readonly LineLeft[], asked: readonly PartAsked[]): readonly Part[] {
  const byId = new Map(lines.map((line) => [line.id, line]))
  return asked.map((part, at) => {
    const place = `lines[${at}]`
    const line = byId.get(part.line)
    if (line === undefined) throw refuse('NOT_FOUND', 'no such line of this order', { details: { place } })
    byId.delete(part.line)
    return part.amountMinor === null ? piecesOf(line, part.pieces, place) : amountOf(line, part.amountMinor, place)
  })
}

/** An amount of an order's money, of each line by what is left of it, while all pieces stay bought; all that is left of the order is all parts of it. */
export function partsOfAmount(lines: readonly LineLeft[], amountMinor: number): readonly Part[] {
  const place = 'amountMinor'
  const weights = lines.map((line) => line.amountMinor)
  const leftMinor = weights.reduce((sum, one) => sum + one, 0)
  if (amountMinor < 1 || amountMinor > leftMinor)
    throw refuse('STATE_FORBIDS', `${amountMinor} was named, ${leftMinor} is left of the order`, { details: { place } })
  if (amountMinor === leftMinor) return allParts(lines)
  const shares = splitByWeight(amountMinor, weights)
  return lines.flatMap((line, at) => {
    const minor = shares[at] ?? 0
    return minor === 0 ? [] : [amountOf(line, minor, place)]
  })
}

/** All that is left of some lines. */
export function allParts(lines: readonly LineLeft[]): readonly Part[] {
  return lines.filter(({ pieces }) => pieces > 0).map((line) => piecesOf(line, line.pieces, ''))
}

function piecesOf(line: LineLeft, pieces: number, place: string): Part {
  if (pieces < 1 || pieces > line.pieces)
    throw refuse('STATE_FORBIDS', `${pieces} pieces were named, ${line.pieces} are left of the line`, {
      details: { place },
    })
  const share = (leftMinor: number): number => ofPieces(leftMinor, line.pieces, pieces)
  return { line: line.id, pieces, amountMinor: share(line.amountMinor), share }
}

function amountOf(line: LineLeft, amountMinor: number, place: string): Part {
  if (line.pieces === 0 || amountMinor < 1 || amountMinor > line.amountMinor)
    throw refuse('STATE_FORBIDS', `${amountMinor} was named, ${line.amountMinor} is left of the line`, {
      details: { place },
    })
  const share = (leftMinor: number): number => inProportion(leftMinor, amountMinor, line.amountMinor)
  return { line: line.id, pieces: 0, amountMinor, share }
}

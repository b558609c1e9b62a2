/**
 * Splits a whole amount by weights so that the parts add up to it exactly: each gets its share rounded down, and what is left goes,
 * one by one, to the largest remainders (between equals, to the first). Exact also where a product would pass 2^53.
 */
export function splitByWeight(amount: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, weight) => all + BigInt(weight), 0n)
  if (sum === 0n) return weights.map((_, place) => (place === 0 ? amount : 0))
  const shares = weights.map((weight, place) => {
    const product = BigInt(amount) * BigInt(weight)
    return { place, whole: Number(product / sum), rest: product % sum }
  })
  const left = amount - shares.reduce((all, { whole }) => all + whole, 0)
  const first = shares.toSorted((one, other) => compare(other.rest, one.rest)).slice(0, left)
  const more = new Set(first.map(({ place }) => place))
  return shares.map(({ place, whole }) => (more.has(place) ? whole + 1 : whole))
}

/** The same where each part has a most that it can bear: what one cannot bear, the others do. What nobody can bear is not given out. */
export function splitWithin(amount: number, weights: readonly number[], most: readonly number[]): readonly number[] {
  const parts = weights.map(() => 0)
  let left = Math.min(
    amount,
    most.reduce((all, one) => all + one, 0),
  )
  while (left > 0) {
    const open = parts.map((part, place) => (part < (most[place] ?? 0) ? (weights[place] ?? 0) : 0))
    const asked = open.some((weight) => weight > 0) ? open : parts.map((part, at) => (part < (most[at] ?? 0) ? 1 : 0))
    for (const [place, more] of splitByWeight(left, asked).entries()) {
      const given = Math.min(more, (most[place] ?? 0) - (parts[place] ?? 0))
      parts[place] = (parts[place] ?? 0) + given
      left -= given
    }
  }
  return parts
}

/** Pieces that come to the same amount. */
export interface PieceRun {
  readonly quantity: number
  readonly eachMinor: number
}

/** What each piece of a line comes to: whole amounts, at most one apart, that add up to the line. */
export function perPiece(totalMinor: number, quantity: number): readonly PieceRun[] {
  const eachMinor = Math.floor(totalMinor / quantity)
  const dearer = totalMinor - eachMinor * quantity
  const runs = [
    { quantity: dearer, eachMinor: eachMinor + 1 },
    { quantity: quantity - dearer, eachMinor },
  ]
  return runs.filter((run) => run.quantity > 0)
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0
}

import { createHash } from 'node:crypto'

/** An influencer's place in a campaign. */
export interface Standing {
  readonly rank: number
  readonly influencer: string
  /** Valid purchases: order lines. */
  readonly score: number
  /** The orders that these lines stand in. */
  readonly orders: number
  /** When the last purchase that counts was paid, or, without one, when the influencer enrolled. */
  readonly reachedAt: Date
}

type Unranked = Omit<Standing, 'rank'>

/** More points first; of equals, who reached the score first; then the id. The board's index has the same order. */
export function byRank(left: Unranked, right: Unranked): number {
  if (left.score !== right.score) return right.score - left.score
  const sooner = left.reachedAt.getTime() - right.reachedAt.getTime()
  if (sooner !== 0) return sooner
  return left.influencer < right.influencer ? -1 : 1
}

/** Numbers rows that are already in order, from `first` on. */
export function ranked(rows: readonly Unranked[], first = 1): readonly Standing[] {
  return rows.map((row, at) => ({ rank: first + at, ...row }))
}

/**
 * What closing promises: SHA-256 over one line for each standing, `rank|influencer|score|orders|reachedAt`, in the order of
 * ranks, joined by newlines. Anyone who reads the standings can make it again; the store makes the same in SQL.
 */
export function proofOf(standings: readonly Standing[]): string {
  const lines = standings.map((it) =>
    [it.rank, it.influencer, it.score, it.orders, it.reachedAt.toISOString()].join('|'),
  )
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

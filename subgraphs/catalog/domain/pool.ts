/** Where a product stands on its way into the pool. */
export const POOL_STATES = ['SUBMITTED', 'TESTING', 'APPROVED', 'REJECTED', 'WITHDRAWN'] as const
export type PoolState = (typeof POOL_STATES)[number]

/** What can be done to it; `submit` brings back what was rejected or withdrawn, `retest` doubts what was approved. */
export const POOL_DEEDS = ['submit', 'take', 'approve', 'reject', 'retest', 'withdraw'] as const
export type PoolDeed = (typeof POOL_DEEDS)[number]

/** How good what was tested is, the best first. */
export const GRADES = ['S', 'A', 'B', 'C'] as const
export type Grade = (typeof GRADES)[number]

/** The way into the pool: from each state, what may be done and where it leads. What is not here is refused. */
export const POOL_MOVES: Readonly<Record<PoolState, Readonly<Partial<Record<PoolDeed, PoolState>>>>> = {
  SUBMITTED: { take: 'TESTING', withdraw: 'WITHDRAWN' },
  TESTING: { approve: 'APPROVED', reject: 'REJECTED', withdraw: 'WITHDRAWN' },
  APPROVED: { retest: 'TESTING', withdraw: 'WITHDRAWN' },
  REJECTED: { submit: 'SUBMITTED' },
  WITHDRAWN: { submit: 'SUBMITTED' },
}

/** The state that a deed leads to; null when the state forbids it. */
export function poolStateAfter(state: PoolState, deed: PoolDeed): PoolState | null {
  return POOL_MOVES[state][deed] ?? null
}

/** Approved of decided, in hundredths of a percent, rounded down; null where nothing was decided. */
export function passRateBp({
  decided,
  approved,
}: {
  readonly decided: number
  readonly approved: number
}): number | null {
  return decided === 0 ? null : Math.floor((approved * 10_000) / decided)
}

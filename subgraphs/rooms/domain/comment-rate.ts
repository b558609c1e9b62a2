/** How long one count of comments lasts. */
export const RATE_WINDOW_MS = 60_000

/** Comments counted since the first one of the running minute. */
export interface RateCount {
  readonly since: Date
  readonly count: number
}

/** Counts one more comment; null when the minute has had as many as are allowed. */
export function counted(before: RateCount | null, now: Date, perMinute: number): RateCount | null {
  if (before === null || now.getTime() - before.since.getTime() >= RATE_WINDOW_MS)
    return perMinute > 0 ? { since: now, count: 1 } : null
  return before.count < perMinute ? { since: before.since, count: before.count + 1 } : null
}

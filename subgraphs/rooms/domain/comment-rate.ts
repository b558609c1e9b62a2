/** How long one count of comments lasts. */
export const RATE_WINDOW_MS = 60_000

/** Comments counted since the first one of the running minute. */
export interface RateCount {
  readonly since: Date
  readonly count: number
}

/** Counts one more comment; null when the minute has had as many as are allowed. */
export function counted(before: RateCount | null, now: Date, perMinute: number): RateCount | null {
  return countedIn(before, now, { most: perMinute, windowMs: RATE_WINDOW_MS })
}

/**
 * Counts one more comment that is shown; null when it is left out. The rate is spread over the minute, by the second or by what one comment
 * takes: a minute's share at once would leave the crowd in silence for the rest of it.
 */
export function sampled(before: RateCount | null, now: Date, perMinute: number): RateCount | null {
  const perSecond = Math.floor(perMinute / 60)
  if (perSecond >= 1) return countedIn(before, now, { most: perSecond, windowMs: 1000 })
  return countedIn(before, now, { most: Math.min(perMinute, 1), windowMs: RATE_WINDOW_MS / Math.max(perMinute, 1) })
}

function countedIn(
  before: RateCount | null,
  now: Date,
  { most, windowMs }: { readonly most: number; readonly windowMs: number },
): RateCount | null {
  if (before === null || now.getTime() - before.since.getTime() >= windowMs)
    return most > 0 ? { since: now, count: 1 } : null
  return before.count < most ? { since: before.since, count: before.count + 1 } : null
}

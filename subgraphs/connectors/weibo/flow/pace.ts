/** What a sweep over all posts costs and what may be spent. */
export interface Budget {
  readonly posts: number
  readonly accounts: number
  readonly pollMs: number
  readonly callsPerDay: number
  readonly callsPerHour: number
}

/** As many posts as one question may name. */
export const MOST_IDS = 100

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How long after the begin of a sweep the next may begin, so that the accounts' day and our address's hour are enough for it. */
export function sweepEveryMs({ posts, accounts, pollMs, callsPerDay, callsPerHour }: Budget): number {
  const calls = Math.max(1, Math.ceil(posts / MOST_IDS))
  const byDay = (calls * DAY_MS) / (Math.max(1, accounts) * callsPerDay)
  const byHour = (calls * HOUR_MS) / callsPerHour
  return Math.ceil(Math.max(pollMs, byDay, byHour))
}

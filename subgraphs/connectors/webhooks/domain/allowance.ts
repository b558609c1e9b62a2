/** How often a credential may ask. */
export interface Quota {
  readonly perMinute: number
  readonly perDay: number
}

/** How often it did, in the minute and the day that are named; both are counted by number since 1970, days as China counts them. */
export interface Use {
  readonly minute: number
  readonly minuteUsed: number
  readonly day: number
  readonly dayUsed: number
}

/** What a gateway wants: at least so many operations, giving back what it drew and did not use. */
export interface Wanted {
  readonly count: number
  readonly back: { readonly count: number; readonly minute: number }
}

/** What it gets: none, or at least what it wants; then it may ask again after so many seconds. */
export interface Drawn {
  readonly granted: number
  readonly retryAfterSeconds: number
  readonly use: Use
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const ZONE_MS = 8 * 3_600_000
/** So many are drawn at once that a gateway asks some twenty times a minute at most; it never holds back more than these. */
const BLOCKS = 20

/** The minute and the day of a moment. */
export function windowsAt(at: Date): Pick<Use, 'minute' | 'day'> {
  return { minute: Math.floor(at.getTime() / MINUTE_MS), day: Math.floor((at.getTime() + ZONE_MS) / DAY_MS) }
}

/** Draws operations out of a minute's and a day's quota, in a block, so that several gateways together never pass it. */
export function draw(before: Use, quota: Quota, { count, back }: Wanted, at: Date): Drawn {
  const use = givenBack(windowed(before, at), back)
  const left = Math.max(0, Math.min(quota.perMinute - use.minuteUsed, quota.perDay - use.dayUsed))
  if (left < count) return { granted: 0, retryAfterSeconds: secondsUntilMore(use, quota, count, at), use }
  const granted = Math.min(left, Math.max(count, Math.ceil(quota.perMinute / BLOCKS)))
  const taken = { ...use, minuteUsed: use.minuteUsed + granted, dayUsed: use.dayUsed + granted }
  return { granted, retryAfterSeconds: 0, use: taken }
}

/** Windows never go back: the clock of another process may be behind. */
function windowed(use: Use, at: Date): Use {
  const now = windowsAt(at)
  const [minute, day] = [Math.max(use.minute, now.minute), Math.max(use.day, now.day)]
  return {
    minute,
    day,
    minuteUsed: use.minute === minute ? use.minuteUsed : 0,
    dayUsed: use.day === day ? use.dayUsed : 0,
  }
}

/** What was drawn in another minute was counted there; in the day it counts as long as that is the same one. */
function givenBack(use: Use, { count, minute }: Wanted['back']): Use {
  const isSameDay = windowsAt(new Date(minute * MINUTE_MS)).day === use.day
  return {
    ...use,
    minuteUsed: Math.max(0, use.minuteUsed - (minute === use.minute ? count : 0)),
    dayUsed: Math.max(0, use.dayUsed - (isSameDay ? count : 0)),
  }
}

function secondsUntilMore(use: Use, { perDay }: Quota, count: number, at: Date): number {
  const isDays = perDay - use.dayUsed < count
  const next = isDays ? (use.day + 1) * DAY_MS - ZONE_MS : (use.minute + 1) * MINUTE_MS
  return Math.max(1, Math.ceil((next - at.getTime()) / 1000))
}

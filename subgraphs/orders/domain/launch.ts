/** The states of a launch's life: only those who reserved may buy in `RESERVED_FIRST`. */
export const LAUNCH_STATES = ['SCHEDULED', 'RESERVED_FIRST', 'OPEN'] as const
export type LaunchState = (typeof LAUNCH_STATES)[number]

/** When a product goes on sale: for those who reserved, and for everybody. */
export interface LaunchTimes {
  readonly opens_at: Date
  readonly all_from: Date
}

/** Where a launch stands at a moment of the database's clock. */
export function launchStateAt({ opens_at, all_from }: LaunchTimes, at: Date): LaunchState {
  if (at >= all_from) return 'OPEN'
  return at >= opens_at ? 'RESERVED_FIRST' : 'SCHEDULED'
}

/** Why a product cannot be bought yet; null when it can. */
export function notYet(times: LaunchTimes, at: Date, hasReserved: boolean): string | null {
  switch (launchStateAt(times, at)) {
    case 'OPEN':
      return null
    case 'RESERVED_FIRST':
      return hasReserved ? null : `until ${times.all_from.toISOString()} it is sold to those who reserved it`
    case 'SCHEDULED':
      return `it goes on sale at ${times.opens_at.toISOString()}`
  }
}

/** Settings of `rooms`. */
export interface RoomsConfig {
  /** The newest events that every room keeps at least; null keeps all. */
  readonly keepEvents: number | null
  /** How often the logs of watched rooms are looked at for what no signal told. */
  readonly recheckMs: number
  /** Comments of one member and of all members a minute, where a room does not say otherwise. */
  readonly commentsPerMember: number
  readonly commentsPerMinute: number
}

/** A setting that cannot be used, in words. */
export type Complaint = string

/** The promise to clients that come back: a room never holds fewer events. */
export const KEEP_LEAST = 10_000

/** Reads the settings of `rooms`; every wrong one is complained of, none stops the reading of the others. */
export function readRoomsConfig(env: Readonly<Record<string, string | undefined>>): {
  readonly config: RoomsConfig
  readonly complaints: readonly Complaint[]
} {
  const complaints: Complaint[] = []
  const number = (name: string, fallback: number, least: number): number => {
    const raw = env[name]
    if (raw === undefined || raw === '') return fallback
    const value = /^\d{1,9}$/.test(raw) ? Number(raw) : NaN
    if (value >= least) return value
    complaints.push(`${name} must be a whole number from ${least}, got ${JSON.stringify(raw)}`)
    return fallback
  }
  const all = env['ROOMS_KEEP_EVENTS'] === undefined || env['ROOMS_KEEP_EVENTS'] === 'all'
  const config: RoomsConfig = {
    keepEvents: all ? null : number('ROOMS_KEEP_EVENTS', KEEP_LEAST, KEEP_LEAST),
    recheckMs: number('ROOMS_RECHECK_MS', 2000, 100),
    commentsPerMember: number('ROOMS_COMMENTS_PER_MEMBER', 120, 1),
    commentsPerMinute: number('ROOMS_COMMENTS_PER_MINUTE', 600_000, 1),
  }
  return { config, complaints }
}

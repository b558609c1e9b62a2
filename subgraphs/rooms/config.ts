import { readSettings, wholeBetween } from '../../platform/config/read-settings.js'

/** The promise to clients that come back: a room never holds fewer events. */
export const KEEP_LEAST = 10_000

const SETTINGS = {
  keepEvents: {
    env: 'ROOMS_KEEP_EVENTS',
    read: (text: string) => (text === 'all' ? null : wholeBetween(KEEP_LEAST, 1_000_000_000)(text)),
    default: null,
    about: 'the newest events that every room keeps; `all` keeps all',
  },
  recheckMs: {
    env: 'ROOMS_RECHECK_MS',
    read: wholeBetween(100, 600_000),
    default: 2000,
    about: 'how often the logs of followed rooms are looked at for what no signal told',
  },
  commentsPerMember: {
    env: 'ROOMS_COMMENTS_PER_MEMBER',
    read: wholeBetween(1, 1_000_000_000),
    default: 120,
    about: 'comments of one member a minute, where a room does not say otherwise',
  },
  commentsPerMinute: {
    env: 'ROOMS_COMMENTS_PER_MINUTE',
    read: wholeBetween(1, 1_000_000_000),
    default: 600_000,
    about: 'comments of one room that are shown in a minute, where it does not say otherwise',
  },
} as const

/** What rooms is told by the environment. */
export interface RoomsConfig {
  /** Null keeps all. */
  readonly keepEvents: number | null
  readonly recheckMs: number
  readonly commentsPerMember: number
  readonly commentsPerMinute: number
}

/** Reads the environment once; wrong settings are reported together. */
export function readRoomsConfig(env: Readonly<Record<string, string | undefined>>): RoomsConfig {
  const { keepEvents, recheckMs, commentsPerMember, commentsPerMinute } = readSettings(SETTINGS, { args: [], env })
  return { keepEvents, recheckMs, commentsPerMember, commentsPerMinute }
}

import { anyText, anyUrl, readSettings, wholeBetween } from '../../../platform/config/read-settings.js'

const MINUTE_MS = 60_000

/** The defaults are those of the sandbox on a laptop. */
const SETTINGS = {
  url: {
    env: 'WEIBO_URL',
    read: (text: string) => anyUrl(text).replace(/\/$/, ''),
    default: 'http://127.0.0.1:4102',
    about: 'the network: https://api.weibo.com, or its sandbox',
  },
  appKey: { env: 'WEIBO_APP_KEY', read: anyText, default: 'wb-app', about: 'who we are there' },
  appSecret: { env: 'WEIBO_APP_SECRET', read: anyText, default: 'wb-secret', about: 'proves it' },
  redirectUri: {
    env: 'WEIBO_REDIRECT',
    read: anyUrl,
    default: 'https://shop.example/cb',
    about: 'where an influencer comes back to with the code of his consent',
  },
  safeDomains: {
    env: 'WEIBO_SAFE_DOMAINS',
    read: (text: string): readonly string[] => text.split(',').map((domain) => domain.trim()),
    default: ['localhost', '127.0.0.1', 'shop.example'],
    about: "the app's safe domains, as they are registered there",
  },
  timeoutMs: { env: 'WEIBO_TIMEOUT_MS', read: wholeBetween(100, MINUTE_MS), default: 5_000, about: 'of one call' },
  pollMs: {
    env: 'WEIBO_POLL_MS',
    read: wholeBetween(20, 60 * MINUTE_MS),
    default: 4 * MINUTE_MS,
    about: 'between two sweeps of the figures; longer where the quotas ask for it',
  },
  callsPerDay: {
    env: 'WEIBO_CALLS_PER_DAY',
    read: wholeBetween(1, 1_000_000),
    default: 70,
    about: "how many of an account's daily calls (100) figures may use; the rest is for its posts",
  },
  callsPerHour: {
    env: 'WEIBO_CALLS_PER_HOUR',
    read: wholeBetween(1, 1_000_000),
    default: 12_000,
    about: "how many of our address's hourly calls (15,000) figures may use",
  },
} as const

/** What the connector is told by its surroundings. */
export interface WeiboConfig {
  readonly url: string
  readonly appKey: string
  readonly appSecret: string
  readonly redirectUri: string
  readonly safeDomains: readonly string[]
  readonly timeoutMs: number
  readonly pollMs: number
  readonly callsPerDay: number
  readonly callsPerHour: number
}

/** Reads the environment once; wrong settings are reported together. */
export function readWeiboConfig(env: Readonly<Record<string, string | undefined>>): WeiboConfig {
  return readSettings(SETTINGS, { args: [], env })
}

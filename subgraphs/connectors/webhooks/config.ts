import { readSettings, wholeBetween } from '../../../platform/config/read-settings.js'

/** The defaults let a partner's server on this machine be told. */
const SETTINGS = {
  hosts: {
    env: 'WEBHOOKS_HOSTS',
    read: (text: string): readonly string[] => text.split(',').map((host) => host.trim()),
    default: ['127.0.0.1', 'localhost'],
    about: 'the hosts that partners may have told: no other is ever called',
  },
  tries: {
    env: 'WEBHOOKS_TRIES',
    read: wholeBetween(1, 100),
    default: 12,
    about: 'how often a letter is sent before it lies dead; the pauses double from half a second to five minutes',
  },
  timeoutMs: { env: 'WEBHOOKS_TIMEOUT_MS', read: wholeBetween(100, 30_000), default: 3_000, about: 'of one letter' },
  tokenSeconds: {
    env: 'PARTNER_TOKEN_SECONDS',
    read: wholeBetween(30, 3600),
    default: 300,
    about: "how long a partner's token lasts: what a revoked credential has open ends by then",
  },
}

/** Settings of the letters and of the tokens of partners. */
export interface WebhooksConfig {
  readonly hosts: readonly string[]
  readonly tries: number
  readonly timeoutMs: number
  readonly tokenSeconds: number
}

/** Reads the environment once; wrong settings are reported together. */
export function readWebhooksConfig(env: Readonly<Record<string, string | undefined>>): WebhooksConfig {
  return readSettings(SETTINGS, { args: [], env })
}

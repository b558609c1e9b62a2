import { anyText, oneWordOf, optional, readSettings, wholeBetween } from '../../../platform/config/read-settings.js'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** The defaults are those of the sandbox on a laptop. */
const SETTINGS = {
  url: {
    env: 'KUAISHOU_URL',
    read: origin,
    default: 'http://127.0.0.1:4101',
    about: 'the platform: scheme, host, port',
  },
  appKey: { env: 'KUAISHOU_APP_KEY', read: anyText, default: 'ks000000000000000001', about: 'who we are there' },
  appSecret: { env: 'KUAISHOU_APP_SECRET', read: anyText, default: 'sandbox-app-secret', about: 'for OAuth only' },
  signSecret: {
    env: 'KUAISHOU_SIGN_SECRET',
    read: anyText,
    default: 'sandbox-sign-secret',
    about: 'for signatures only',
  },
  messageKey: {
    env: 'KUAISHOU_MESSAGE_KEY',
    read: aesKey,
    default: 'MDEyMzQ1Njc4OWFiY2RlZg==',
    about: 'what messages are encrypted with, Base64',
  },
  signMethod: {
    env: 'KUAISHOU_SIGN_METHOD',
    read: oneWordOf('MD5', 'HMAC_SHA256'),
    default: 'HMAC_SHA256',
    about: 'how calls are signed: MD5 or HMAC_SHA256',
  },
  code: {
    env: 'KUAISHOU_CODE',
    read: optional(anyText),
    default: null,
    about: "the seller's consent, two minutes old at most",
  },
  consent: {
    env: 'KUAISHOU_CONSENT',
    read: oneWordOf('sandbox', 'person'),
    default: 'sandbox',
    about: "who agrees: a sandbox's page does so at once, a person opens the page and brings the code",
  },
  timeoutMs: { env: 'KUAISHOU_TIMEOUT_MS', read: wholeBetween(100, MINUTE_MS), default: 5_000, about: 'of one call' },
  pollMs: {
    env: 'KUAISHOU_POLL_MS',
    read: wholeBetween(50, 60 * MINUTE_MS),
    default: 5_000,
    about: 'between two polls',
  },
  windowMs: {
    env: 'KUAISHOU_WINDOW_MS',
    read: wholeBetween(10_000, 7 * DAY_MS),
    default: DAY_MS,
    about: 'the longest span of one list; it shrinks by itself when the platform wants shorter ones',
  },
  overlapMs: {
    env: 'KUAISHOU_OVERLAP_MS',
    read: wholeBetween(0, DAY_MS),
    default: 5 * MINUTE_MS,
    about: 'how far each poll reaches back into the one before',
  },
  backMs: {
    env: 'KUAISHOU_BACK_MS',
    read: wholeBetween(0, 89 * DAY_MS),
    default: DAY_MS,
    about: 'how far the first poll goes back',
  },
  deductMs: {
    env: 'KUAISHOU_DEDUCT_MS',
    read: wholeBetween(50, 3_000),
    default: 800,
    about: 'in which `deduct` is answered',
  },
  unheardMs: {
    env: 'KUAISHOU_UNHEARD_MS',
    read: wholeBetween(100, DAY_MS),
    default: 2 * MINUTE_MS,
    about: 'after which an order that was asked about but not heard of is looked up',
  },
  personalDays: {
    env: 'KUAISHOU_PERSONAL_DAYS',
    read: wholeBetween(1, 3_650),
    default: 90,
    about: 'how many days after its end an order forgets where its parcel went',
  },
  warehouse: {
    env: 'KUAISHOU_WAREHOUSE',
    read: optional(anyText),
    default: null,
    about:
      "our code of the warehouse that sells there (the platform's split-warehouse mode); none: stock stands on the items",
  },
  categoryId: {
    env: 'KUAISHOU_CATEGORY',
    read: wholeBetween(1, 2 ** 40),
    default: 1012,
    about: 'the category of our items',
  },
  expressTemplateId: {
    env: 'KUAISHOU_EXPRESS_TEMPLATE',
    read: wholeBetween(1, 2 ** 40),
    default: 1,
    about: 'the postage of our items',
  },
  serviceRule: {
    env: 'KUAISHOU_SERVICE_RULE',
    read: anyText,
    default: '7天无理由退货',
    about: 'the service promised with our items',
  },
  expressCodes: {
    env: 'KUAISHOU_EXPRESS_CODES',
    read: carriers,
    default: new Map(Object.entries({ ZTO: 2, STO: 3, SF: 4, YTO: 6, YUNDA: 7, EMS: 9, JD: 19, OTHER: 99 })),
    about: "the platform's numbers of carriers by our names, like SF:4,OTHER:99",
  },
} as const

/** What the connector is told by its surroundings. */
export interface KuaishouConfig {
  readonly url: string
  readonly appKey: string
  readonly appSecret: string
  readonly signSecret: string
  readonly messageKey: string
  readonly signMethod: 'MD5' | 'HMAC_SHA256'
  readonly code: string | null
  readonly consent: 'sandbox' | 'person'
  readonly timeoutMs: number
  readonly pollMs: number
  readonly windowMs: number
  readonly overlapMs: number
  readonly backMs: number
  readonly deductMs: number
  readonly unheardMs: number
  readonly personalDays: number
  readonly warehouse: string | null
  readonly categoryId: number
  readonly expressTemplateId: number
  readonly serviceRule: string
  readonly expressCodes: ReadonlyMap<string, number>
}

/** Reads the environment once; wrong settings are reported together. */
export function readKuaishouConfig(env: Readonly<Record<string, string | undefined>>): KuaishouConfig {
  return readSettings(SETTINGS, { args: [], env })
}

function origin(text: string): string {
  if (!/^https?:\/\/[a-zA-Z0-9.-]+(:\d+)?$/.test(text)) throw new Error('of the form http(s)://host[:port]')
  return text
}

function aesKey(text: string): string {
  if (![16, 24, 32].includes(Buffer.from(text, 'base64').length)) throw new Error('16, 24 or 32 bytes in Base64')
  return text
}

function carriers(text: string): ReadonlyMap<string, number> {
  const pairs = text.split(',').map((pair) => pair.split(':'))
  const codes = new Map(pairs.map(([name = '', code]) => [name.trim(), Number(code)]))
  if (!codes.has('OTHER') || [...codes.values()].some((code) => !Number.isSafeInteger(code)))
    throw new Error('of the form SF:4,OTHER:99')
  return codes
}

import {
  addressOf,
  anyText,
  oneWordOf,
  optional,
  wholeBetween,
  yesOrNo,
  type Values,
} from '../../platform/config/read-settings.js'
import { LOG_LEVELS } from '../../platform/observe/observe.js'

/** Everything that `npm start` can be told; the subgraphs add their own from the environment. */
export const START_SETTINGS = {
  port: {
    flag: 'port',
    env: 'PORT',
    read: wholeBetween(0, 65_535),
    default: 4000,
    about: 'the endpoint; 0 takes a free port',
  },
  host: { flag: 'host', env: 'HOST', read: anyText, default: '127.0.0.1', about: 'the address to listen at' },
  data: { flag: 'data', env: 'DAIHUO_DATA', read: anyText, default: '.data', about: 'where everything is kept' },
  reset: { flag: 'reset', alone: true, read: yesOrNo, default: false, about: 'throws the data away and starts anew' },
  noDemo: {
    flag: 'no-demo',
    alone: true,
    read: yesOrNo,
    default: false,
    about: 'starts empty: no samples, no sandbox people',
  },
  noSandboxes: {
    flag: 'no-sandboxes',
    alone: true,
    read: yesOrNo,
    default: false,
    about: 'starts no partner sandboxes (give the real hosts by the environment)',
  },
  kuaishouPort: {
    flag: 'kuaishou-port',
    env: 'KUAISHOU_SANDBOX_PORT',
    read: wholeBetween(0, 65_535),
    default: 4101,
    about: "Kuaishou's sandbox",
  },
  weiboPort: {
    flag: 'weibo-port',
    env: 'WEIBO_SANDBOX_PORT',
    read: wholeBetween(0, 65_535),
    default: 4102,
    about: "Weibo's sandbox",
  },
  paymentPort: {
    flag: 'payment-port',
    env: 'PAYMENT_SANDBOX_PORT',
    read: wholeBetween(0, 65_535),
    default: 4103,
    about: "the payment provider's sandbox",
  },
  faults: {
    flag: 'faults',
    read: oneWordOf('none', 'all'),
    default: 'none',
    about: 'whether the sandboxes misbehave: none or all',
  },
  seed: {
    flag: 'seed',
    read: wholeBetween(0, 4_294_967_295),
    default: 1,
    about: 'the chance of the sandboxes and of the demo',
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    read: optional(addressOf('postgres', 'postgresql')),
    default: null,
    about: 'PostgreSQL instead of the embedded database',
  },
  redisUrl: {
    env: 'REDIS_URL',
    read: optional(addressOf('redis', 'rediss')),
    default: null,
    about: 'Redis instead of the bus in memory',
  },
  secret: {
    env: 'DAIHUO_SECRET',
    read: optional(anyText),
    default: null,
    about: 'the root secret, 64 hexadecimal digits, instead of the key under --data',
  },
  log: {
    flag: 'log',
    env: 'LOG_LEVEL',
    read: oneWordOf(...LOG_LEVELS),
    default: 'warn',
    about: `JSON lines on stderr: ${LOG_LEVELS.join(', ')}`,
  },
} as const

export type StartSettings = Values<typeof START_SETTINGS>

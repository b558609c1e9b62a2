import { redisBus } from '../platform/bus/redis-bus.js'
import {
  addressOf,
  anyText,
  anyUrl,
  helpFor,
  oneWordOf,
  optional,
  readSettings,
  wholeBetween,
} from '../platform/config/read-settings.js'
import { openPostgres } from '../platform/db/postgres.js'
import { Failure } from '../platform/failure.js'
import { closeCalls } from '../platform/http/call.js'
import { LOG_LEVELS, observe } from '../platform/observe/observe.js'
import { systemChance } from '../platform/time/chance.js'
import { systemClock } from '../platform/time/clock.js'
import { signToken } from '../platform/token.js'
import type { Ask } from '../schema/ask.js'
import type { Secrets } from '../platform/secret.js'
import { runSubgraph } from '../subgraphs/host/run.js'
import { serveSubgraph } from '../subgraphs/host/serve.js'
import { REGISTRY } from '../subgraphs/registry.js'
import { askShop } from './client/ask-shop.js'
import { Closers } from './start/closers.js'
import { rootSecret } from './start/root-secret.js'
import { usualPort } from './start/usual-port.js'

/** `npm run subgraph -- NAME`: one subgraph as a process, on PostgreSQL and Redis, for a gateway that signs with the same secret. */
const SETTINGS = {
  port: {
    flag: 'port',
    env: 'PORT',
    read: optional(wholeBetween(0, 65_535)),
    default: null,
    about: 'where it listens; else the port that the committed supergraph names',
  },
  host: { flag: 'host', env: 'HOST', read: anyText, default: '127.0.0.1', about: 'the address to listen at' },
  databaseUrl: {
    env: 'DATABASE_URL',
    read: optional(addressOf('postgres', 'postgresql')),
    default: null,
    about: 'PostgreSQL (needed)',
  },
  redisUrl: { env: 'REDIS_URL', read: optional(addressOf('redis', 'rediss')), default: null, about: 'Redis (needed)' },
  gatewayUrl: {
    env: 'GATEWAY_URL',
    read: anyUrl,
    default: 'http://127.0.0.1:4000/graphql',
    about: 'the endpoint, for connectors that act on the shop',
  },
  data: {
    flag: 'data',
    env: 'DAIHUO_DATA',
    read: anyText,
    default: '.data',
    about: 'where the key lies, unless DAIHUO_SECRET gives it',
  },
  secret: {
    env: 'DAIHUO_SECRET',
    read: optional(anyText),
    default: null,
    about: 'the root secret, 64 hexadecimal digits, the same for all processes',
  },
  pool: {
    flag: 'pool',
    env: 'DATABASE_POOL',
    read: wholeBetween(1, 500),
    default: 10,
    about: 'connections to the database',
  },
  log: {
    flag: 'log',
    env: 'LOG_LEVEL',
    read: oneWordOf(...LOG_LEVELS),
    default: 'info',
    about: `JSON lines on stderr: ${LOG_LEVELS.join(', ')}`,
  },
} as const

const names = REGISTRY.map(({ name }) => name)
const closers = new Closers()
try {
  if (process.argv.includes('--help'))
    console.log(`npm run subgraph -- NAME [settings]\nnames: ${names.join(', ')}\n\n${helpFor(SETTINGS)}`)
  else await main()
} catch (error) {
  await closers.close()
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exit(1)
}

async function main(): Promise<void> {
  const settings = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env, words: 1 })
  const registered = REGISTRY.find(({ name }) => name === settings.words[0])
  if (registered === undefined) throw new Failure('SETTINGS_WRONG', `which subgraph? One of ${names.join(', ')}`)
  const { databaseUrl, redisUrl } = settings
  if (databaseUrl === null || redisUrl === null)
    throw new Failure('SETTINGS_WRONG', 'a subgraph as a process needs DATABASE_URL and REDIS_URL')
  const secrets = await rootSecret(settings.data, { make: false, given: settings.secret })
  const observer = observe({ level: settings.log, part: registered.name })
  closers.keep(null, () => observer.flush())
  closers.keep(null, () => closeCalls())
  const db = closers.keep(openPostgres({ url: databaseUrl, pool: settings.pool }), (it) => it.close())
  const bus = closers.keep(redisBus({ url: redisUrl, clock: systemClock, observer }), (it) => it.close())
  const ground = { db, bus, clock: systemClock, chance: systemChance, observer }
  const ask = askAs(registered.partner, { secrets, url: settings.gatewayUrl })
  const subgraph = registered.make({ secrets, env: process.env, ask })
  const hosted = closers.keep(await runSubgraph(subgraph, ground), (it) => it.stop())
  const { host, port } = settings
  const served = closers.keep(
    await serveSubgraph(hosted, {
      secrets,
      clock: systemClock,
      port: port ?? usualPort(registered.name),
      host,
      observer,
    }),
    (it) => it.stop(),
  )
  console.log(`${registered.name} is ready at ${served.url}`)
  await new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve))
  await closers.close()
  process.exit(0)
}

const TOKEN_SECONDS = 3600

/** The graph over HTTP, each question with a fresh token of the partner. */
function askAs(partner: string | null, { secrets, url }: { readonly secrets: Secrets; readonly url: string }): Ask {
  let bearer: { readonly ask: Ask; readonly untilMs: number } | null = null
  return async (question) => {
    const now = systemClock.monotonicMs()
    if (bearer === null || bearer.untilMs < now) {
      const claims = partner === null ? { roles: [] } : { partner, roles: ['partner'] }
      const token = await signToken(secrets.key('token'), claims, { clock: systemClock, seconds: TOKEN_SECONDS })
      bearer = { ask: askShop({ url, token }), untilMs: now + (TOKEN_SECONDS * 1000) / 2 }
    }
    return await bearer.ask(question)
  }
}

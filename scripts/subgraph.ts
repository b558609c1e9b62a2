import {
  anyText,
  anyUrl,
  helpFor,
  oneWordOf,
  optional,
  readSettings,
  wholeBetween,
  type Values,
} from '../platform/config/read-settings.js'
import { redisBus } from '../platform/bus/redis-bus.js'
import { openPostgres } from '../platform/db/postgres.js'
import { Failure } from '../platform/failure.js'
import { closeCalls } from '../platform/http/call.js'
import { LOG_LEVELS, observe } from '../platform/observe/observe.js'
import { systemChance } from '../platform/time/chance.js'
import { systemClock } from '../platform/time/clock.js'
import { runSubgraph } from '../subgraphs/host/run.js'
import { serveSubgraph } from '../subgraphs/host/serve.js'
import { REGISTRY, type Registered } from '../subgraphs/registry.js'
import { Closers } from './start/closers.js'
import { partnerAsk } from './start/partner-ask.js'
import { rootSecret } from './start/root-secret.js'

/** `npm run subgraph`: one subgraph as a process of its own, reached by the gateway over HTTP. */
const SETTINGS = {
  port: {
    flag: 'port',
    env: 'PORT',
    read: wholeBetween(0, 65_535),
    default: 0,
    about: 'where it listens; 0 takes a free one',
  },
  host: { flag: 'host', env: 'HOST', read: anyText, default: '127.0.0.1', about: 'the address to listen at' },
  databaseUrl: { env: 'DATABASE_URL', read: optional(anyUrl), default: null, about: 'PostgreSQL; needed' },
  redisUrl: { env: 'REDIS_URL', read: optional(anyUrl), default: null, about: 'Redis; needed' },
  gatewayUrl: {
    env: 'GATEWAY_URL',
    read: anyUrl,
    default: 'http://127.0.0.1:4000/graphql',
    about: 'the endpoint, for connectors that ask it',
  },
  secret: {
    env: 'DAIHUO_SECRET',
    read: optional(anyText),
    default: null,
    about: 'the root secret, 64 hexadecimal digits, the same for all parts; needed',
  },
  log: { flag: 'log', env: 'LOG_LEVEL', read: oneWordOf(...LOG_LEVELS), default: 'info', about: LOG_LEVELS.join(', ') },
} as const

const USAGE = `npm run subgraph -- NAME --port N\n\nNAME is one of ${REGISTRY.map(({ name }) => name).join(', ')}\n\n${helpFor(SETTINGS)}`
const GRACE_MS = 9_500

if (process.argv.includes('--help')) console.log(USAGE)
else await main().catch(refused)

async function main(): Promise<void> {
  const settings = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env, words: 1 })
  const closers = new Closers()
  try {
    const url = await open(named(settings.words[0]), settings, closers)
    console.log(`ready at ${url}`)
    await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
    const late = setTimeout(() => process.exit(1), GRACE_MS)
    await closers.close()
    clearTimeout(late)
  } catch (error) {
    await closers.close()
    throw error
  }
  process.exit(0)
}

function named(name: string | undefined): Registered {
  const found = REGISTRY.find((registered) => registered.name === name)
  if (found === undefined) throw new Failure('SETTINGS_WRONG', `which subgraph? ${USAGE}`)
  return found
}

/** database -> bus -> subgraph -> server. Every part of the installation shares the database, the bus and the secret. */
async function open(registered: Registered, settings: Values<typeof SETTINGS>, closers: Closers): Promise<string> {
  const { databaseUrl, redisUrl } = settings
  if (databaseUrl === null || redisUrl === null || settings.secret === null)
    throw new Failure('SETTINGS_WRONG', 'as a process a subgraph needs DATABASE_URL, REDIS_URL and DAIHUO_SECRET')
  const secrets = await rootSecret('', { make: false, given: settings.secret })
  const [clock, chance] = [systemClock, systemChance]
  const observer = observe({ level: settings.log, part: registered.name })
  const partner = registered.partner ?? registered.name
  const ask = partnerAsk(partner, { url: settings.gatewayUrl, secrets, clock })
  const subgraph = registered.make({ secrets, env: process.env, ask })
  closers.keep(null, () => closeCalls())
  const db = closers.keep(openPostgres({ url: databaseUrl }), (it) => it.close())
  const bus = closers.keep(redisBus({ url: redisUrl, clock, observer }), (it) => it.close())
  const hosted = closers.keep(await runSubgraph(subgraph, { db, bus, clock, chance, observer }), (it) => it.stop())
  const { host, port } = settings
  const served = await serveSubgraph(hosted, { host, port, secrets, clock, observer })
  return closers.keep(served, (it) => it.stop()).url
}

function refused(error: unknown): void {
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exit(1)
}

import { buildClientSchema, getIntrospectionQuery, type GraphQLSchema, type IntrospectionQuery } from 'graphql'
import { helpFor, oneWordOf, optional, readSettings, wholeBetween, yesOrNo } from '../platform/config/read-settings.js'
import { FUZZED } from '../test/fuzz/graph.js'
import { fuzz } from '../test/fuzz/fuzz.js'
import { openTarget, type Target } from '../test/fuzz/target.js'

/** `npm run fuzz`: random bytes and almost right queries over every transport; prints its seed, the smallest input that misbehaves, and how the heap went. */
const SETTINGS = {
  help: { flag: 'help', alone: true, read: yesOrNo, default: false, about: 'shows this' },
  seconds: { flag: 'seconds', read: wholeBetween(1, 86_400), default: 30, about: 'for how long' },
  seed: {
    flag: 'seed',
    read: wholeBetween(0, 2_000_000_000),
    default: Date.now() % 1_000_000,
    about: 'draws the same again',
  },
  port: {
    flag: 'port',
    read: optional(wholeBetween(1, 65_535)),
    default: null,
    about: 'of a gateway that runs here; without it one is started',
  },
  profile: {
    flag: 'profile',
    read: oneWordOf('open', 'strict'),
    default: 'open',
    about: 'of the gateway that is started',
  },
} as const
const { help, seconds, seed, port, profile } = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
if (help) {
  console.log(`npm run fuzz -- [--seconds N] [--seed S] [--port P | --profile strict]\n\n${helpFor(SETTINGS)}`)
  process.exit()
}

/** Caches fill until their bounds; after that nothing may grow by more than this. */
const MOST_GROWTH_BYTES = 64 * 1_048_576
const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MB`

const target =
  port === null ? await openTarget(FUZZED, { profile, config: { batch: 5, overload: { lateMs: 0 } } }) : null
const url = target?.url ?? `http://127.0.0.1:${port ?? 0}`
const schema = target?.graph.engine.schema ?? (await introspected())
console.log(`seed ${seed}, ${seconds} s at ${url}${target === null ? '' : ` (${profile})`}`)

let told = Date.now()
const progress = (thrown: number): void => {
  if (Date.now() - told < 5_000) return
  told = Date.now()
  console.log(`${thrown} thrown`)
}
const options = { url, schema, seed, hands: 8, progress }
const warm = await fuzz({ ...options, forMs: seconds * 500 })
const before = await target?.weigh()
const rest = warm.finding === null ? await fuzz({ ...options, seed: seed + 1_000_000, forMs: seconds * 500 }) : warm
const after = target?.alive() === true ? await target.weigh() : undefined
const finding = warm.finding ?? rest.finding

console.log(
  `${warm.thrown + (rest === warm ? 0 : rest.thrown)} thrown, ${finding === null ? 'all answered well' : 'one misbehaved'}`,
)
if (finding !== null)
  console.log(`seed ${finding.seed}: ${finding.wrong}\n${JSON.stringify(finding.attempt, null, 1).slice(0, 5_000)}`)
const grown = before !== undefined && after !== undefined ? after.heap - before.heap : 0
if (before !== undefined && after !== undefined)
  console.log(
    `heap after a collection: ${megabytes(before.heap)} half way, ${megabytes(after.heap)} at the end; process ${megabytes(after.resident)}`,
  )
if (grown > MOST_GROWTH_BYTES) console.log(`the heap grew by ${megabytes(grown)}`)
if (target !== null && !alive(target)) console.log('the gateway is gone')
const good = finding === null && grown <= MOST_GROWTH_BYTES && (target === null || alive(target))
await target?.stop()
process.exit(good ? 0 : 1)

function alive(it: Target): boolean {
  return it.alive()
}

async function introspected(): Promise<GraphQLSchema> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery() }),
  })
  const { data } = (await response.json()) as { readonly data?: IntrospectionQuery }
  if (data === undefined) throw new Error(`${url} does not tell its schema: switch introspection on`)
  return buildClientSchema(data)
}

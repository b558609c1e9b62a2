import { parseArgs } from 'node:util'
import type { Scenario, Target } from '../test/live/wire/scenario.js'
import { SOCKET_SCENARIOS } from '../test/live/wire/socket-scenarios.js'
import { STREAM_SCENARIOS } from '../test/live/wire/stream-scenarios.js'

const HELP = `npm run wire -- --url ws://127.0.0.1:4000 --subscription 'subscription { … }'
  asks any gateway (its graph at /graphql) whether it keeps to graphql-transport-ws, GraphQL over SSE and multipart subscriptions
  --subscription  one that it serves, needs no token and does not end by itself
  --only WORDS    only the sentences with these words\n`

/** A scenario that does not end in this time does not hold. */
const PATIENCE_MS = 20_000

/** Every sentence, one after the other, with what came instead where one does not hold; 1 when any does not. */
async function main(): Promise<number> {
  const options = { url: { type: 'string' }, subscription: { type: 'string' }, only: { type: 'string' } } as const
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } })
  if (values.help === true || values.url === undefined || values.subscription === undefined) {
    process.stdout.write(HELP)
    return values.help === true ? 0 : 1
  }
  const target: Target = { url: httpOf(values.url), subscription: values.subscription }
  const scenarios = [...SOCKET_SCENARIOS, ...STREAM_SCENARIOS].filter(({ says }) => says.includes(values.only ?? ''))
  let holding = 0
  for (const scenario of scenarios) {
    const wrong = await whatIsWrong(scenario, target)
    if (wrong === null) holding++
    process.stdout.write(wrong === null ? `  holds   ${scenario.says}\n` : `  DOES NOT ${scenario.says}: ${wrong}\n`)
  }
  process.stdout.write(`${holding} of ${scenarios.length} hold\n`)
  return holding === scenarios.length ? 0 : 1
}

function httpOf(url: string): string {
  return url.replace(/^ws/, 'http').replace(/\/(graphql)?$/, '')
}

async function whatIsWrong({ holds }: Scenario, target: Target): Promise<string | null> {
  const patience = new Promise<string>((resolve) => {
    AbortSignal.timeout(PATIENCE_MS).addEventListener('abort', () => resolve('nothing came'))
  })
  const tried = holds(target).then(
    () => null,
    (error: unknown) => (error instanceof Error ? (error.message.split('\n')[0] ?? 'it threw') : String(error)),
  )
  return await Promise.race([tried, patience])
}

process.exitCode = await main()
process.exit()

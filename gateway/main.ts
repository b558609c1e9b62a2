import { readFile } from 'node:fs/promises'
import { Failure } from '../platform/failure.js'
import { closeCalls } from '../platform/http/call.js'
import { observe } from '../platform/observe/observe.js'
import { systemChance } from '../platform/time/chance.js'
import { systemClock } from '../platform/time/clock.js'
import { verifyToken } from '../platform/token.js'
import { identity } from '../schema/identity.js'
import type { Verify } from './edge/bearer.js'
import { NO_DOCUMENTS, trustedDocuments, type TrustedDocuments } from './edge/trusted-documents.js'
import { timeoutOf } from './fetch/guarded-subgraphs.js'
import { networkSubgraphs, type NetworkSubgraphs } from './fetch/network-subgraphs.js'
import { openGateway } from './gateway.js'
import { HELP, processSettings, type ProcessSettings } from './process-settings.js'
import { readJoins } from './supergraph/joins.js'
import { watchFile } from './watch-file.js'

const clock = systemClock
const chance = systemChance

/** The gateway as a process of its own, for any supergraph. */
async function main(): Promise<void> {
  const settings = processSettings({ args: process.argv.slice(2), env: process.env })
  if (settings.help) return void process.stdout.write(HELP)
  const observer = observe({ level: settings.log, part: 'gateway' })
  const supergraph = await readFile(settings.supergraph, 'utf8').catch(() => {
    throw new Failure('SETTINGS_WRONG', `--supergraph: ${settings.supergraph} cannot be read`)
  })
  let addresses = readJoins(supergraph).subgraphs
  const subgraphs = reach(settings, (name) => addresses.get(name), observer)
  const gateway = await openGateway({
    supergraph,
    subgraphs,
    verify: verifyWith(settings),
    config: settings.config,
    documents: await readDocuments(settings),
    metrics: () => observer.metrics.page(),
    clock,
    chance,
    observer,
  })
  const changed = (text: string): void => {
    try {
      gateway.update(text)
      addresses = readJoins(text).subgraphs
      observer.log('info', 'serves the new supergraph')
    } catch (error) {
      observer.log('error', 'the new supergraph is wrong; the old one serves on', { error })
    }
  }
  const unwatch = watchFile({ path: settings.supergraph, text: supergraph, changed }, clock)
  process.stdout.write(`ready at ${gateway.url}/graphql\n`)
  await signalled()
  unwatch()
  await gateway.stop()
  await subgraphs.stop()
  await closeCalls()
}

function reach(
  { config, secrets }: ProcessSettings,
  urlOf: (name: string) => string | undefined,
  observer: ReturnType<typeof observe>,
): NetworkSubgraphs {
  const { mostBytes, mostWaiting } = config.fetch
  const key = secrets?.key('gateway') ?? null
  return networkSubgraphs({
    urlOf,
    key,
    timeoutMs: timeoutOf(config.fetch),
    mostBytes,
    mostWaiting,
    clock,
    chance,
    observer,
  })
}

async function readDocuments({ config: { documents } }: ProcessSettings): Promise<TrustedDocuments> {
  if (documents.manifest === '') return NO_DOCUMENTS
  return trustedDocuments(await readFile(documents.manifest, 'utf8'), documents.only)
}

function verifyWith({ secrets }: ProcessSettings): Verify | null {
  if (secrets === null) return null
  const key = secrets.key('token')
  return async (token) => identity(await verifyToken(key, token, clock))
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}

try {
  await main()
  process.exitCode = 0
} catch (error) {
  process.stderr.write(
    `${error instanceof Failure ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  )
  process.exitCode = 1
}
process.exit()

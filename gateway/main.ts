import cluster from 'node:cluster'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Failure } from '../platform/failure.js'
import { closeCalls } from '../platform/http/call.js'
import { jwksVerifier } from '../platform/jwks.js'
import { observe } from '../platform/observe/observe.js'
import { openTracing } from '../platform/observe/otlp.js'
import { registeredTracer } from '../platform/observe/tracer.js'
import { systemChance } from '../platform/time/chance.js'
import { systemClock } from '../platform/time/clock.js'
import { verifyToken } from '../platform/token.js'
import { openAside } from './aside/aside.js'
import { foreignIdentity, identity } from '../schema/identity.js'
import type { Verify } from './edge/bearer.js'
import { NO_DOCUMENTS, trustedDocuments, type TrustedDocuments } from './edge/trusted-documents.js'
import { timeoutOf } from './fetch/guarded-subgraphs.js'
import { headerRules } from './fetch/header-rules.js'
import { networkSubgraphs, type NetworkSubgraphs } from './fetch/network-subgraphs.js'
import { tuneCollector } from './collector.js'
import { openGateway } from './gateway.js'
import { HELP, processSettings, type ProcessSettings } from './process-settings.js'
import { readJoins } from './supergraph/joins.js'
import type { SupergraphManager } from './supergraph/managed-supergraph.js'
import { watchedFile } from './watched-file.js'
import { startWorkers, WORKER_NUMBER } from './workers/primary.js'
import { aboveWorker } from './workers/worker.js'

const clock = systemClock
const chance = systemChance

/** The gateway as a process of its own, for any supergraph; or as several that share a port. */
async function main(): Promise<void> {
  const settings = processSettings({ args: process.argv.slice(2), env: process.env })
  if (settings.help) return void process.stdout.write(HELP)
  tuneCollector({ cores: availableParallelism(), workers: settings.workers })
  const stopping = signalled() // heard from here on, also before anybody was told that we are ready
  if (settings.workers > 1 && cluster.isPrimary) await overWorkers(settings, stopping)
  else await serve(settings, stopping)
}

async function overWorkers({ workers: count, log }: ProcessSettings, stopping: Promise<void>): Promise<void> {
  const observer = observe({ level: log, part: 'gateway' })
  const workers = startWorkers({ workers: count, ready: sayReady, clock, observer })
  try {
    await Promise.race([stopping, workers.failed])
  } finally {
    await workers.stop()
    await observer.flush()
  }
}

function sayReady(url: string): void {
  process.stdout.write(`ready at ${url}/graphql\n`)
}

async function serve(settings: ProcessSettings, stopping: Promise<void>): Promise<void> {
  const number = process.env[WORKER_NUMBER]
  const observer = observe({ level: settings.log, part: number === undefined ? 'gateway' : `gateway-${number}` })
  const above = cluster.isWorker ? aboveWorker(() => observer.metrics.page()) : null
  let addresses: Addresses = { now: new Map(), before: new Map() }
  const served = (text: string): void => {
    addresses = { now: readJoins(text).subgraphs, before: addresses.now }
  }
  // What is under way when a supergraph leaves goes on by its addresses.
  const subgraphs = reach(settings, (name) => addresses.now.get(name) ?? addresses.before.get(name), observer)
  const { otlp, percent } = settings.config.telemetry
  const tracing = otlp === '' ? null : await openTracing({ url: otlp, percent, part: 'daihuo-gateway' })
  const gateway = await openGateway({
    supergraph: await supergraphOf(settings),
    served,
    subgraphs,
    verify: verifyWith(settings),
    config: settings.config,
    documents: await readDocuments(settings),
    openAside,
    metrics: above?.metrics ?? (() => observer.metrics.page()),
    tracer: tracing?.tracer ?? registeredTracer(),
    clock,
    chance,
    observer,
  })
  if (above === null) sayReady(gateway.url)
  else above.ready(gateway.url)
  await stopping
  await gateway.stop()
  await subgraphs.stop()
  await closeCalls()
  await tracing?.stop().catch(() => undefined) // a collector that is gone keeps nobody
  await observer.flush()
}

/** Where the subgraphs listen, by the newest supergraph and by the one before it. */
interface Addresses {
  readonly now: ReadonlyMap<string, string>
  readonly before: ReadonlyMap<string, string>
}

/** A watched file, or the manager that a module of the user's makes. */
async function supergraphOf({ supergraph, manager }: ProcessSettings): Promise<SupergraphManager> {
  if (manager === null) return watchedFile(supergraph, clock)
  const { default: made } = (await import(pathToFileURL(resolve(manager)).href)) as { readonly default?: unknown }
  const given: unknown = typeof made === 'function' ? await (made as () => unknown)() : made
  if (typeof given === 'object' && given !== null && 'initialize' in given) return given as SupergraphManager // the user's own code
  throw new Failure('SETTINGS_WRONG', `--manager: ${manager} must export a supergraph manager by default`)
}

function reach(
  { config, secrets }: ProcessSettings,
  urlOf: (name: string) => string | undefined,
  observer: ReturnType<typeof observe>,
): NetworkSubgraphs {
  const { mostBytes, mostWaiting, sse, connections, pipelining } = config.fetch
  const key = secrets?.key('gateway') ?? null
  return networkSubgraphs({
    urlOf,
    key,
    timeoutMs: timeoutOf(config.fetch),
    mostBytes,
    mostWaiting,
    sse,
    connections,
    pipelining,
    headers: headerRules(config.fetch),
    clock,
    chance,
    observer,
  })
}

async function readDocuments({ config: { documents } }: ProcessSettings): Promise<TrustedDocuments> {
  if (documents.manifest === '') return NO_DOCUMENTS
  return trustedDocuments(await readFile(documents.manifest, 'utf8'), documents.only)
}

function verifyWith({ secrets, config: { tokens } }: ProcessSettings): Verify | null {
  if (tokens.jwks !== '') {
    const verify = jwksVerifier({ ...tokens, url: tokens.jwks }, clock)
    return async (token) => foreignIdentity(await verify(token))
  }
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

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'

/** A server that suites need, where its program stands, and Debian's package that brings it. */
interface Server {
  readonly name: string
  readonly package: string
  readonly there: () => boolean
}

const SERVERS: readonly Server[] = [
  { name: 'PostgreSQL', package: 'postgresql', there: () => postgresPrograms() !== null },
  { name: 'Redis', package: 'redis-server', there: () => redisProgram() !== null },
  { name: 'Chromium', package: 'chromium', there: () => chromiumProgram() !== null },
]

/** The folder of PostgreSQL's programs, the newest that Debian has installed; null when there is none. */
export function postgresPrograms(): string | null {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).map(Number).filter(Number.isFinite) : []
  const newest = versions.sort((a, b) => b - a).find((version) => existsSync(`${base}/${version}/bin/initdb`))
  return newest === undefined ? null : `${base}/${newest}/bin`
}

export function redisProgram(): string | null {
  return ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find((path) => existsSync(path)) ?? null
}

/** Debian's Chromium; null when there is none. */
export function chromiumProgram(): string | null {
  return ['/usr/bin/chromium'].find((path) => existsSync(path)) ?? null
}

/** Installs what is missing, where root and apt-get are there; gives what could not be had, with the reason. */
export function missingServers(): readonly { readonly name: string; readonly reason: string }[] {
  const missing = SERVERS.filter((server) => !server.there())
  if (missing.length === 0) return []
  const refusal = install(missing.map((server) => server.package))
  return missing
    .filter((server) => !server.there())
    .map(({ name }) => ({ name, reason: refusal ?? 'apt-get brought no such program' }))
}

function install(packages: readonly string[]): string | null {
  if (process.getuid?.() !== 0) return `only root may install it (apt-get install ${packages.join(' ')})`
  if (!existsSync('/usr/bin/apt-get')) return 'this machine has no apt-get'
  console.error(`Installing ${packages.join(' and ')} for the tests (once)…`)
  // A packaged server starts itself on its usual port; the suites start their own, so it is kept from doing so.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  for (const words of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const { status } = spawnSync('apt-get', words, { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 })
    if (status !== 0) return `apt-get ${words[0] ?? ''} did not end well`
  }
  return null
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { helpFor, readSettings, wholeBetween } from '../platform/config/read-settings.js'
import { openPostgres } from '../platform/db/postgres.js'
import { onPglite, onPostgres } from '../test/kill/seeds.js'
import { preparePglite } from '../test/support/prepare-pglite.js'
import { startPostgres } from '../test/support/start-postgres.js'

/**
 * `npm run kill:orders -- --seeds 100`: rushes during which the shop's processes are killed, each seed on PostgreSQL and on the embedded
 * database. Prints what came of each, and ends with 1 when an order was lost or doubled, or a book is wrong.
 */
const SETTINGS = {
  seeds: { flag: 'seeds', read: wholeBetween(1, 100_000), default: 100, about: 'how many evenings on each database' },
  from: { flag: 'from', read: wholeBetween(0, 1_000_000), default: 1, about: 'the first seed' },
  buyers: { flag: 'buyers', read: wholeBetween(1, 100_000), default: 400, about: 'members who come to buy' },
  pieces: { flag: 'pieces', read: wholeBetween(10, 100_000), default: 100, about: 'pieces there are' },
  kills: { flag: 'kills', read: wholeBetween(0, 1000), default: 12, about: 'killings in an evening' },
}

if (process.argv.includes('--help')) console.log(`npm run kill:orders -- [settings]\n\n${helpFor(SETTINGS)}`)
else process.exitCode = await run()

async function run(): Promise<number> {
  const { seeds, from, buyers, pieces, kills } = readSettings(SETTINGS, {
    args: process.argv.slice(2),
    env: process.env,
  })
  const size = { buyers, pieces, killing: { most: kills, everyAnswers: Math.max(5, Math.floor(buyers / (kills + 1))) } }
  const dir = await mkdtemp(join(tmpdir(), 'daihuo-kill-orders-'))
  const [template, postgres] = await Promise.all([preparePglite(), startPostgres(dir)])
  const url = postgres?.url ?? null
  if (url === null) console.log('PostgreSQL is not installed: only the embedded database')
  let bad = 0
  try {
    for (let seed = from; seed < from + seeds; seed++) {
      if (url !== null) bad += tell(seed, 'PostgreSQL', await onPostgres(seed, () => fresh(url, seed), size))
      bad += tell(seed, 'PGlite', await onPglite(seed, template, size))
    }
  } finally {
    await postgres?.stop()
    await rm(dir, { recursive: true, force: true })
  }
  console.log(
    bad === 0 ? `${seeds} seeds: nothing lost, nothing doubled, the books agree` : `${bad} evenings went wrong`,
  )
  return bad === 0 ? 0 : 1
}

function tell(seed: number, where: string, outcome: Awaited<ReturnType<typeof onPglite>>): number {
  const { kills, buckets, placed, paid, deposits, complaints } = outcome
  const kind = buckets === 1 ? 'a sale' : `a sale in ${buckets} buckets`
  const orders = `${placed} orders acknowledged, ${paid} of them paid, of ${deposits} the deposit alone`
  console.log(`seed ${seed} on ${where}: ${kind}, ${kills} killed, ${orders}`)
  for (const complaint of complaints) console.log(`  ${complaint}`)
  return complaints.length === 0 ? 0 : 1
}

async function fresh(url: string, seed: number): Promise<string> {
  const cluster = openPostgres({ url, pool: 1 })
  await cluster.query(`create database kill_${seed} template template0`)
  await cluster.close()
  return url.replace('/postgres?', `/kill_${seed}?`)
}

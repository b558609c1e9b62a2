import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { helpFor, readSettings, wholeBetween } from '../platform/config/read-settings.js'
import { CLUSTER, openPglite } from '../platform/db/pglite.js'
import { openPostgres } from '../platform/db/postgres.js'
import { partnerRush, type Progress } from '../test/kill/partner-rush.js'
import { readFaults, type Fault } from '../sandbox/kuaishou/faults.js'
import { preparePglite } from '../test/support/prepare-pglite.js'
import { startPostgres } from '../test/support/start-postgres.js'
import { progress } from './client/progress.js'

/** `npm run evening:partner -- --orders 10000 --seed 1 --kills 20 --faults all`: an evening at a partner that misbehaves in every way, and its end compared; 1 when the sides differ. */
const SETTINGS = {
  orders: { flag: 'orders', read: wholeBetween(10, 1_000_000), default: 10_000, about: 'orders made at the partner' },
  seed: { flag: 'seed', read: wholeBetween(0, 1_000_000), default: 1, about: 'of buyers, faults and killings' },
  kills: {
    flag: 'kills',
    read: wholeBetween(0, 1000),
    default: 0,
    about: "how often the shop's process is killed, at random",
  },
  faults: {
    flag: 'faults',
    read: faults,
    default: faults('all'),
    about: 'misbehaviours of the partner: all, none, or some like lose,race',
  },
}

if (process.argv.includes('--help')) console.log(`npm run evening:partner -- [settings]\n\n${helpFor(SETTINGS)}`)
else process.exitCode = await run()

async function run(): Promise<number> {
  const size = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
  const dir = await mkdtemp(join(tmpdir(), 'daihuo-partner-evening-'))
  const postgres = await startPostgres(dir)
  const bar = progress('orders made and ended')
  try {
    const where = postgres === null ? await onPglite(dir) : onPostgres(postgres.url)
    const begun = performance.now()
    bar.begin(2 * size.orders)
    let shown = 0
    const went = ({ made, ended }: Progress): void => {
      bar.add(Math.max(0, made + ended - shown))
      shown = Math.max(shown, made + ended)
    }
    const outcome = await partnerRush({ ...size, ...where, went }).finally(() => bar.stop())
    const { orders, kills, oursMinor, theirsMinor, differences } = outcome
    for (const difference of differences) console.log(`  ${difference}`)
    console.log(
      `seed ${size.seed}: ${orders} orders, ${kills} times killed, ours ${oursMinor} fen, theirs ${theirsMinor} fen, ` +
        `${differences.length} differences, ${Math.round((performance.now() - begun) / 1000)} s`,
    )
    return differences.length === 0 ? 0 : 1
  } finally {
    await postgres?.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

function faults(text: string): readonly Fault[] {
  const named = readFaults(text)
  if (named === null) throw new Error('all, none, or names of the sandbox’s faults')
  return named
}

function onPostgres(url: string) {
  return { env: { DATABASE_URL: url }, open: () => Promise.resolve(openPostgres({ url, pool: 4 })) }
}

async function onPglite(dir: string) {
  const home = join(dir, 'db')
  await cp(join(await preparePglite(), CLUSTER), join(home, CLUSTER), { recursive: true })
  return { env: { KILL_DIR: home }, open: () => openPglite({ dir: home }) }
}

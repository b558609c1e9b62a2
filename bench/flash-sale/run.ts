import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { anyText, helpFor, readSettings, wholeBetween } from '../../platform/config/read-settings.js'
import { startDurablePostgres } from '../../test/support/start-postgres.js'
import { startRedis } from '../../test/support/start-redis.js'
import { buyersAlone } from './buyers-alone.js'
import { goals, goalTable } from './goals.js'
import { atOnce, closedLoad, openLoad, type Figures } from './load.js'
import { lineOf, LOADS, table, type LoadName, type Row } from './rows.js'
import { POOL, STANDS, Stands, type Stand, type StandName } from './stands.js'

/**
 * `npm run bench:flash-sale`: a rush on flash sales, sold by our micro-batches at the flow and through the endpoint, by one transaction
 * for each order and by a decrement in Redis, in turn on the same machine and the same PostgreSQL (its own settings: every commit
 * is synced), then on the embedded database and in a shop that has sold a million orders before. Ends with 1 when a goal is missed.
 */
const SETTINGS = {
  seconds: { flag: 'seconds', read: wholeBetween(1, 600), default: 3, about: 'of each measurement' },
  rounds: { flag: 'rounds', read: wholeBetween(1, 100), default: 2, about: 'how often all is measured, in turn' },
  skus: {
    flag: 'skus',
    read: numbers,
    default: '1,100',
    about: 'variants on sale; the goals of the peak are for the first',
  },
  sellers: { flag: 'sellers', read: wordsOf(STANDS), default: STANDS.join(), about: 'who sells' },
  loads: { flag: 'loads', read: wordsOf(LOADS), default: LOADS.join(), about: 'under which loads' },
  buyers: {
    flag: 'buyers',
    read: wholeBetween(1, 100_000),
    default: 1000,
    about: 'who ask again as soon as they are answered, for the peak',
  },
  orders: {
    flag: 'orders',
    read: wholeBetween(1000, 100_000_000),
    default: 1_000_000,
    about: 'that the shop with a past has sold before',
  },
  json: { flag: 'json', read: anyText, default: '', about: 'a file for all rows' },
}
const MEMBERS = 10_000
const PIECES = 5_000_000
/** Whatever sells for the first time in a process is slow at first; later loads find it warm. */
const warmMs = (stand: StandName, load: LoadName): number => (stand === 'endpoint' || load === 'peak' ? 2500 : 700)
/** What is not asked of all: the peers are compared at their peak, and growth at the peak and near it, with the first number of variants alone. */
const ASKED: Readonly<Record<StandName, readonly LoadName[]>> = {
  batched: LOADS,
  pglite: LOADS,
  endpoint: LOADS,
  'one-by-one': ['peak', 'scarce'],
  redis: ['peak', 'scarce'],
  past: ['peak', 'steady'],
}
const ON_ONE_ALONE: ReadonlySet<StandName> = new Set(['past'])

if (process.argv.includes('--help')) console.log(`npm run bench:flash-sale -- [settings]\n\n${helpFor(SETTINGS)}`)
else process.exit(await run())

async function run(): Promise<number> {
  const settings = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
  const dir = await mkdtemp(join(tmpdir(), 'bench-flash-sale-'))
  const [postgres, redis] = [await startDurablePostgres(dir), await startRedis(dir)]
  if (postgres === null || redis === null) throw new Error('this bench needs PostgreSQL and Redis')
  const ground = { postgresUrl: postgres.url, redisUrl: redis.url, dir, pastOrders: settings.orders, say }
  const skus = settings.skus.split(',').map(Number)
  try {
    const rows = await measureAll(new Stands(ground), planOf(settings, skus), settings)
    console.log(`\n${table(rows)}\n\n${await buyersAlone(rows)}`)
    const judgements = goals(rows, skus)
    console.log(`\n${goalTable(judgements)}`)
    console.log(`\nnode ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? ''})`)
    if (settings.json !== '') await writeFile(settings.json, JSON.stringify(rows, null, 2))
    return judgements.some(({ isMet }) => isMet === false) ? 1 : 0
  } finally {
    await Promise.all([postgres.stop(), redis.stop()])
    await rm(dir, { recursive: true, force: true })
  }
}

/** Who is measured with how many variants under which loads, in this order. */
interface Turn {
  readonly stand: StandName
  readonly skus: number
  readonly loads: readonly LoadName[]
}

function planOf(
  { sellers, loads }: { readonly sellers: string; readonly loads: string },
  skus: readonly number[],
): readonly Turn[] {
  const [names, wanted] = [new Set(sellers.split(',')), new Set(loads.split(','))]
  return skus.flatMap((each, at) =>
    STANDS.filter((stand) => names.has(stand) && (at === 0 || !ON_ONE_ALONE.has(stand))).map((stand) => ({
      ...{ stand, skus: each },
      loads: ASKED[stand].filter((load) => load === 'peak' || wanted.has(load)), // the others are measured by it
    })),
  )
}

interface Size {
  readonly seconds: number
  readonly rounds: number
  readonly buyers: number
}

async function measureAll(stands: Stands, plan: readonly Turn[], size: Size): Promise<readonly Row[]> {
  const rows: Row[] = []
  const all = size.rounds * plan.reduce((sum, { loads }) => sum + loads.length, 0)
  for (let round = 1; round <= size.rounds; round++)
    for (const { stand, skus, loads } of plan) {
      let peak: Figures | null = null
      for (const load of loads) {
        const figures: Figures & { readonly oversold: number } = await measured(stands, {
          stand,
          skus,
          load,
          peak,
          size,
        })
        if (load === 'peak') peak = figures
        const row = { ...figures, stand, skus, load, round, peakPerSecond: peak?.perSecond ?? NaN }
        rows.push(row)
        say(`${rows.length} of ${all}  ${lineOf([row])}`)
      }
    }
  return rows
}

interface Measurement {
  readonly stand: StandName
  readonly skus: number
  readonly load: LoadName
  readonly peak: Figures | null
  readonly size: Size
}

async function measured(stands: Stands, { stand, skus, load, peak, size }: Measurement) {
  const isScarce = load === 'scarce'
  const terms = {
    skus,
    pieces: isScarce ? Math.ceil(1000 / skus) : PIECES,
    perMember: isScarce ? 2 : 1_000_000,
    patient: load === 'peak',
  }
  const open = await stands.open(stand, terms)
  try {
    const figures = await loaded(open, { stand, skus, load, peak, size })
    return { ...figures, oversold: await open.oversold() }
  } finally {
    await open.close()
  }
}

async function loaded({ buy }: Stand, { stand, load, peak, size }: Measurement): Promise<Figures> {
  const ms = size.seconds * 1000
  const buyers = stand === 'one-by-one' ? POOL : size.buyers
  const rate = peak?.perSecond ?? 0
  if (load === 'scarce') return atOnce(buy, MEMBERS)
  await closedLoad(buy, { buyers, ms: warmMs(stand, load) })
  switch (load) {
    case 'peak':
      return closedLoad(buy, { buyers, ms })
    case 'steady':
      return openLoad(buy, { perSecond: 0.8 * rate, ms })
    case 'overload':
      return openLoad(buy, { perSecond: 3 * rate, ms })
  }
}

/** How far it is, beside the table that may go into a file. */
function say(what: string): void {
  process.stderr.write(`${what}\n`)
}

/** Names of a list, with commas between. */
function wordsOf(known: readonly string[]): (text: string) => string {
  return (text) => {
    if (!text.split(',').every((word) => known.includes(word))) throw new Error(`some of ${known.join(',')}`)
    return text
  }
}

function numbers(text: string): string {
  text.split(',').forEach(wholeBetween(1, 100_000))
  return text
}

import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { helpFor, oneWordOf, readSettings, wholeBetween } from '../../platform/config/read-settings.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { startDurablePostgres } from '../../test/support/start-postgres.js'
import type { Figures } from './load.js'
import { openRushShop, oversold, stockRush, type RushSale } from './rush-shop.js'

/**
 * `npm run bench:flash-sale-growth`: how the peak of the batches grows with the number of variants on sale, with the size of a batch, and
 * with the number of order processes on one PostgreSQL and of the buckets that a sale is divided into. (With the orders there are: `bench:flash-sale -- --sellers batched,past`; a
 * price with the number of offers: `bench:quote`.)
 */
const SETTINGS = {
  seconds: { flag: 'seconds', read: wholeBetween(1, 600), default: 4, about: 'of each measurement' },
  only: {
    flag: 'only',
    read: oneWordOf('all', 'buckets'),
    default: 'all',
    about: 'buckets: one variant sold by one, two and four processes, whole and divided',
  },
  rounds: { flag: 'rounds', read: wholeBetween(1, 100), default: 2, about: 'how often all is measured, in turn' },
}
if (process.argv.includes('--help')) {
  console.log(`npm run bench:flash-sale-growth -- [settings]\n\n${helpFor(SETTINGS)}`)
  process.exit(0)
}
const { seconds, rounds, only } = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
const BUYERS = 1000
const PIECES = 5_000_000
/** variants, orders in a batch, processes, and the buckets of each sale. */
const CASES = [
  [1, 256, 1, 1],
  [10, 256, 1, 1],
  [100, 256, 1, 1],
  [1000, 256, 1, 1],
  [1, 16, 1, 1],
  [1, 64, 1, 1],
  [1, 1024, 1, 1],
  [1, 256, 2, 1],
  [1, 256, 2, 4],
  [100, 256, 2, 1],
  [1, 256, 4, 1],
  [1, 256, 4, 4],
  [100, 256, 4, 1],
] as const

const dir = await mkdtemp(join(tmpdir(), 'bench-growth-'))
const postgres = await startDurablePostgres(dir)
if (postgres === null) throw new Error('this bench needs PostgreSQL')
let made = 0
try {
  console.log(
    '| variants | batch | processes | buckets | orders/s | p50 ms | p99 ms | oversold |\n| --- | --- | --- | --- | --- | --- | --- | --- |',
  )
  for (let round = 1; round <= rounds; round++)
    for (const [skus, most, processes, buckets] of CASES)
      if (only === 'all' || (skus === 1 && most === 256)) await measure({ skus, most, processes, buckets })
} finally {
  await postgres.stop()
  await rm(dir, { recursive: true, force: true })
}

interface Case {
  readonly skus: number
  readonly most: number
  readonly processes: number
  readonly buckets: number
}

async function measure({ skus, most, processes, buckets }: Case): Promise<void> {
  const cluster = openPostgres({ url: postgres?.url ?? '', pool: 1 })
  await cluster.query(`create database growth_${++made} template template0`)
  await cluster.close()
  const url = (postgres?.url ?? '').replace('/postgres?', `/growth_${made}?`)
  const db = openPostgres({ url, pool: 4 })
  const { shop, stop } = await openRushShop(db)
  const terms = { skus, pieces: PIECES, perMember: 2, buckets }
  const sales = await stockRush(shop, terms)
  await stop()
  const sellers = Array.from({ length: processes }, (_, at) => seller({ url, most, at, sales, processes }))
  const figures = await Promise.all(sellers)
  const whole = (figure: number): string => Math.round(figure).toLocaleString('en')
  const rate = figures.reduce((sum, one) => sum + one.perSecond, 0)
  const [p50, p99] = [Math.max(...figures.map((one) => one.p50)), Math.max(...figures.map((one) => one.p99))]
  const row = [skus, most, processes, buckets, whole(rate), whole(p50), whole(p99), await oversold(db, sales, PIECES)]
  console.log(`| ${row.join(' | ')} |`)
  await db.close()
}

interface Seller {
  readonly url: string
  readonly most: number
  readonly at: number
  readonly processes: number
  readonly sales: readonly RushSale[]
}

function seller({ url, most, at, sales, processes }: Seller): Promise<Figures> {
  const env = { ...process.env, DATABASE_URL: url, ORDERS_BATCH_MOST: String(most) }
  Object.assign(env, { ORDERS_PATIENCE_MS: '60000', ORDERS_LANE: String(at) })
  const child = fork(join(import.meta.dirname, 'seller-process.js'), { env })
  const work = { sales, firstMember: at * 100_000_000, buyers: BUYERS / processes, ms: seconds * 1000 }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.on('message', (message) => {
      if (message === 'ready') child.send(work)
      else resolve(message as Figures) // our own process's words
    })
    child.once('exit', () => reject(new Error('a seller ended without a word')))
  })
}

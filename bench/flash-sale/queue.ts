import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { helpFor, readSettings, wholeBetween } from '../../platform/config/read-settings.js'
import { openPostgres } from '../../platform/db/postgres.js'
import type { Database } from '../../platform/db/database.js'
import { Closers } from '../../scripts/start/closers.js'
import { openFlashSale } from '../../subgraphs/orders/flow/flash-sales.js'
import { openQueueDesk } from '../../subgraphs/orders/flow/queue-desk.js'
import { startDurablePostgres } from '../../test/support/start-postgres.js'
import { until } from '../../test/support/until.js'
import { openEndpoint } from './endpoint.js'
import { memberAt, openRushShop, OPERATOR, stockRush } from './rush-shop.js'
import { Line } from './waiting-line.js'

/**
 * `npm run bench:queue`: so many members wait before a sale, each on a WebSocket of his own, and watch their position until they are let
 * in. Ends with 1 when one of them was told a position that was not his, when a telling took longer than the line's own pace of
 * telling, or when the last was not let in in time.
 */
const SETTINGS = {
  waiting: { flag: 'waiting', read: wholeBetween(1, 10_000), default: 10_000, about: 'members in the line' },
  pace: { flag: 'pace', read: wholeBetween(1, 100_000), default: 1000, about: 'members let in a second' },
}
const LOOK_MS = 500
const LATE_MS = 2000

if (process.argv.includes('--help')) console.log(`npm run bench:queue -- [settings]\n\n${helpFor(SETTINGS)}`)
else process.exit(await run())

async function run(): Promise<number> {
  const { waiting, pace } = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
  const closers = new Closers()
  try {
    const dir = closers.keep(await mkdtemp(join(tmpdir(), 'bench-queue-')), (it) =>
      rm(it, { recursive: true, force: true }),
    )
    const postgres = await startDurablePostgres(dir)
    if (postgres === null) throw new Error('this bench needs PostgreSQL')
    closers.keep(postgres, (it) => it.stop())
    const db = closers.keep(openPostgres({ url: postgres.url, pool: 4 }), (it) => it.close())
    const { flashSale, ticketsMs } = await lineUp(db, { waiting, pace })
    const shop = closers.keep(await openEndpoint(postgres.url, []), (it) => it.close())
    const line = new Line(waiting)
    closers.keep(line, (it) => {
      it.leave()
      return Promise.resolve()
    })
    await line.join(shop, flashSale)
    const cpu = await cpuSeconds(shop.pid)
    const begun = performance.now()
    await begin(db, flashSale)
    await until(
      () => line.isInside || performance.now() - begun > (waiting / pace) * 1000 + LATE_MS,
      'all to be let in',
    )
    return report(line, {
      ticketsMs,
      cpu: (await cpuSeconds(shop.pid)) - cpu,
      seconds: (performance.now() - begun) / 1000,
      waiting,
      pace,
    })
  } finally {
    await closers.close()
  }
}

/** A sale that has not begun, with everybody in the line before it; and how long giving the tickets took. */
async function lineUp(db: Database, { waiting, pace }: { readonly waiting: number; readonly pace: number }) {
  const { shop, config, stop } = await openRushShop(db)
  const [sale] = await stockRush(shop, { skus: 1, pieces: 2, perMember: 1 })
  const variant = sale?.variant ?? ''
  await db.query(`update orders.stock set on_hand = on_hand + 10 where variant = $1`, [variant])
  const price = { amountMinor: 990, currency: 'CNY' }
  const startsAt = new Date(Date.now() + 3_600_000)
  const terms = { room: null, variant, price, quota: 10, perMember: 1, startsAt, endsAt: null, admitPerSecond: pace }
  const flashSale = await openFlashSale(shop, OPERATOR, terms)
  const desk = openQueueDesk(shop, config.desk)
  const from = performance.now()
  for (let at = 0; at < waiting; at += 5000) {
    const some = Array.from({ length: Math.min(5000, waiting - at) }, (_, place) => memberAt(at + place))
    await Promise.all(some.map((buyer) => desk.take({ flashSale, buyer })))
  }
  const ticketsMs = performance.now() - from
  await stop()
  return { flashSale, ticketsMs }
}

/** The sale begins now, and with it the line moves. */
async function begin(db: Database, flashSale: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('update orders.sale_queue set since = clock_timestamp() where flash_sale = $1', [flashSale])
    await tx.query('update orders.flash_sale set starts_at = clock_timestamp() where id = $1', [flashSale])
  })
}

interface Came {
  readonly ticketsMs: number
  /** Seconds of a core that the shop's process took. */
  readonly cpu: number
  readonly seconds: number
  readonly waiting: number
  readonly pace: number
}

function report(line: Line, { ticketsMs, cpu, seconds, waiting, pace }: Came): number {
  const tellings = line.tellings.filter(({ heard }) => heard === waiting)
  const spreads = tellings.map(({ first, last }) => last - first)
  const wrong = line.failed.length + line.tellings.filter(({ admitted }) => admitted.size > 1).length
  const longest = Math.max(...spreads)
  const allIn = line.isInside && seconds <= waiting / pace + LATE_MS / 1000
  const rows: readonly (readonly [string, string, boolean])[] = [
    [`tickets for ${waiting.toLocaleString('en')} who come at once`, `${ticketsMs.toFixed(0)} ms`, true],
    ['tellings, each to everybody', String(tellings.length), tellings.length > 0],
    [`from the first who is told to the last ≤ ${LOOK_MS} ms`, `${longest.toFixed(0)} ms at most`, longest <= LOOK_MS],
    ['the shop’s processor for one telling', `${((1000 * cpu) / line.tellings.length).toFixed(0)} ms`, true],
    ['told what was not so = 0', String(wrong), wrong === 0],
    [`the last let in after ${waiting / pace} s, and at most ${LATE_MS / 1000} more`, `${seconds.toFixed(1)} s`, allIn],
  ]
  console.log('| | measured | |\n| --- | --- | --- |')
  for (const [what, measured, isMet] of rows) console.log(`| ${what} | ${measured} | ${isMet ? '✓' : '✗'} |`)
  for (const failure of line.failed.slice(0, 5)) console.log(failure)
  console.log(`\nnode ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? ''})`)
  return rows.every(([, , isMet]) => isMet) ? 0 : 1
}

/** What a process has used of the processor so far (Linux counts it in hundredths of a second). */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const columns = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(columns[11]) + Number(columns[12])) / 100
}

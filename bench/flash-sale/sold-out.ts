import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { redisBus } from '../../platform/bus/redis-bus.js'
import { helpFor, readSettings, wholeBetween } from '../../platform/config/read-settings.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { fields, text } from '../../platform/decode.js'
import { freePort } from '../../platform/http/free-port.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { Closers } from '../../scripts/start/closers.js'
import { openShop } from '../../scripts/start/shop.js'
import { startDurablePostgres } from '../../test/support/start-postgres.js'
import { startRedis } from '../../test/support/start-redis.js'
import { until } from '../../test/support/until.js'
import { HOPS, Hops, type Hop } from './hops.js'
import { openSoldOutScene, type SoldOutScene } from './sold-out-scene.js'

/**
 * `npm run bench:sold-out`: a sale of one piece is bought, again and again; how long after that commit does another order process
 * refuse by itself, and are viewers told on their WebSockets (in their room, and in the subscription of the sale)? The shop, its
 * gateway and its viewers are one process on PostgreSQL (its own settings) and Redis, the other order process is another one. Ends
 * with 1 when 99 of 100 were not told within the goal.
 */
const SETTINGS = {
  sales: { flag: 'sales', read: wholeBetween(1, 10_000), default: 100, about: 'sales that sell out' },
  viewers: {
    flag: 'viewers',
    read: wholeBetween(1, 1000),
    default: 10,
    about: 'who watch the room, and as many each sale',
  },
  goal: { flag: 'goal', read: wholeBetween(1, 10_000), default: 100, about: 'milliseconds for 99 of 100' },
}
if (process.argv.includes('--help')) {
  console.log(`npm run bench:sold-out -- [settings]\n\n${helpFor(SETTINGS)}`)
  process.exit(0)
}
const size = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env })
/** Milliseconds since the commit that sold the last piece. */
const took = { 'another order process': [], 'a viewer of the sale': [], 'a viewer of the room': [] } as Record<
  'another order process' | 'a viewer of the sale' | 'a viewer of the room',
  number[]
>
const stations: Record<Hop, number[]> = { placed: [], told: [], logged: [], signalled: [] }
const closers = new Closers()
let isMet = false
try {
  isMet = await run()
} finally {
  await closers.close()
}
process.exit(isMet ? 0 : 1)

async function run(): Promise<boolean> {
  const hops = new Hops()
  const scene = await opened(hops)
  const heard = await otherProcess(scene.redisUrl)
  for (let at = 0; at < size.sales; at++) await sellOut(scene, hops, heard)
  return report()
}

async function opened(hops: Hops): Promise<SoldOutScene & { readonly redisUrl: string }> {
  const dir = closers.keep(await mkdtemp(join(tmpdir(), 'bench-sold-out-')), (it) =>
    rm(it, { recursive: true, force: true }),
  )
  const [postgres, redis] = [await startDurablePostgres(dir), await startRedis(dir)]
  if (postgres === null || redis === null) throw new Error('this bench needs PostgreSQL and Redis')
  closers.keep(null, () => Promise.all([postgres.stop(), redis.stop()]))
  const plain = openPostgres({ url: postgres.url, pool: 16 })
  const db = hops.ofDatabase(closers.keep(plain, (it) => it.close()))
  const bus = hops.ofBus(
    closers.keep(redisBus({ url: redis.url, clock: systemClock, observer: silent }), (it) => it.close()),
  )
  const port = await freePort()
  const shop = closers.keep(
    await openShop({
      ground: { db, bus, clock: systemClock, chance: systemChance, observer: silent },
      ...{ secrets: secretsFrom(Buffer.alloc(32, 7)), env: {}, host: '127.0.0.1', port, metrics: null },
    }),
    (it) => it.stop(),
  )
  const scene = closers.keep(await openSoldOutScene(shop, size.viewers), (it) => it.close())
  return { ...scene, redisUrl: redis.url }
}

/** When the other order process would refuse each sale. */
async function otherProcess(redisUrl: string): Promise<ReadonlyMap<string, number>> {
  const heard = new Map<string, number>()
  const child = fork(join(import.meta.dirname, 'board-process.js'), { env: { ...process.env, REDIS_URL: redisUrl } })
  closers.keep(child, (it) => ended(it))
  await once(child, 'message')
  child.on('message', (message) => {
    const it = fields(message, 'message')
    const sale = text(it['flashSale'], 'flashSale')
    if (!heard.has(sale)) heard.set(sale, Number(it['at']))
  })
  return heard
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.disconnect()
  await gone
}

async function sellOut(scene: SoldOutScene, hops: Hops, heard: ReadonlyMap<string, number>): Promise<void> {
  const opened = await scene.open()
  const { sale, ofRoom, ofSale } = opened
  await scene.buy(sale)
  const viewers = [...ofRoom, ...ofSale]
  await until(() => viewers.every((viewer) => viewer.told(sale, 'SOLD_OUT') !== undefined), 'all to see it gone')
  await until(() => heard.has(sale), 'the other process')
  const since = (at: number | undefined): number => (at ?? NaN) - hops.at('placed')
  took['another order process'].push(since(heard.get(sale)))
  took['a viewer of the sale'].push(...ofSale.map((viewer) => since(viewer.told(sale, 'SOLD_OUT'))))
  took['a viewer of the room'].push(...ofRoom.map((viewer) => since(viewer.told(sale, 'SOLD_OUT'))))
  for (const hop of HOPS) stations[hop].push(since(hops.at(hop)))
  await opened.leave()
}

function report(): boolean {
  const rows = Object.entries(took).map(([what, all]) => ({ what, all, isMet: part(all, 0.99) <= size.goal }))
  console.log(
    `| from the commit to | p50 ms | p99 ms | longest | p99 ≤ ${size.goal} ms |\n| --- | --- | --- | --- | --- |`,
  )
  for (const { what, all, isMet } of rows) console.log(`| ${what} | ${shown(all)} | ${isMet ? '✓' : '✗'} |`)
  console.log('\nOn the way to the room:\n\n| station | p50 ms | p99 ms | longest |\n| --- | --- | --- | --- |')
  console.log(`| the outbox is on the bus | ${shown(stations.told)} |`)
  console.log(`| the room's log is committed | ${shown(stations.logged)} |`)
  console.log(`| its channel has told of it | ${shown(stations.signalled)} |`)
  return rows.every((row) => row.isMet)
}

function shown(all: readonly number[]): string {
  return [0.5, 0.99, 1].map((share) => part(all, share).toFixed(1)).join(' | ')
}

function part(all: readonly number[], share: number): number {
  const sorted = all.toSorted((one, next) => one - next)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

import { memoryBus } from '../../platform/bus/memory-bus.js'
import { openPglite } from '../../platform/db/pglite.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { observe } from '../../platform/observe/observe.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { openShop } from '../../scripts/start/shop.js'

/** The whole shop in a process that is there to be killed; its settings are those of `npm start`, its partners are in its parent. `KILL_LOG=warn` lets it speak. */
const env = process.env
const database = env['DATABASE_URL']
const db =
  database === undefined ? await openPglite({ dir: env['KILL_DIR'] ?? '' }) : openPostgres({ url: database, pool: 16 })
const observer = observe({ level: env['KILL_LOG'] === 'warn' ? 'warn' : 'silent', part: 'shop' })
const bus = memoryBus({ clock: systemClock, observer })
const shop = await openShop({
  ground: { db, bus, clock: systemClock, chance: systemChance, observer },
  secrets: secretsFrom(Buffer.alloc(32, 7)),
  ...{ env, host: '127.0.0.1', port: Number(env['PORT']), metrics: null },
})
process.on('disconnect', () => process.exit(0))
process.on('message', () => void close())
process.send?.('ready')

async function close(): Promise<void> {
  await shop.stop()
  await bus.close()
  await db.close()
  process.exit(0)
}

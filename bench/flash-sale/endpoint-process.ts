import { memoryBus } from '../../platform/bus/memory-bus.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { silent } from '../../platform/observe/observer.js'
import { secretsFrom } from '../../platform/secret.js'
import { systemChance } from '../../platform/time/chance.js'
import { systemClock } from '../../platform/time/clock.js'
import { openShop } from '../../scripts/start/shop.js'

/** The whole shop with its gateway, in a process of its own: what buyers reach through the endpoint. */
const env = process.env
const db = openPostgres({ url: env['DATABASE_URL'] ?? '', pool: 16 })
const bus = memoryBus({ clock: systemClock, observer: silent })
const shop = await openShop({
  ground: { db, bus, clock: systemClock, chance: systemChance, observer: silent },
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

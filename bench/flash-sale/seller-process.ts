import { openPostgres } from '../../platform/db/postgres.js'
import { fields, list, text, whole } from '../../platform/decode.js'
import { beginMembersAt, closedLoad } from './load.js'
import { openRushShop } from './rush-shop.js'
import { batched } from './sellers.js'

/** One of several order processes on one PostgreSQL, each with its own buyers; tells its parent what it sold. */
const url = process.env['DATABASE_URL'] ?? ''
const db = openPostgres({ url, pool: 8 })
const open = await openRushShop(db)
process.on('message', (message) => void sell(message))
process.send?.('ready')

async function sell(message: unknown): Promise<void> {
  const it = fields(message, 'message')
  const sales = list(it['sales'], 'sales', (sale, place) => {
    const { variant, flashSale } = fields(sale, place)
    return { variant: text(variant, 'variant'), flashSale: text(flashSale, 'flashSale') }
  })
  beginMembersAt(whole(it['firstMember'], 'firstMember'))
  const load = { buyers: whole(it['buyers'], 'buyers'), ms: whole(it['ms'], 'ms') }
  const figures = await closedLoad(batched(open, sales), load)
  await open.stop()
  await db.close()
  process.send?.(figures)
  process.disconnect()
}

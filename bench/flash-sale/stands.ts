import { join } from 'node:path'
import type { Database } from '../../platform/db/database.js'
import { openPglite } from '../../platform/db/pglite.js'
import { openPostgres } from '../../platform/db/postgres.js'
import { migrate } from '../../platform/db/migrate.js'
import { migrations } from '../../subgraphs/orders/store/migrations.js'
import { openEndpoint } from './endpoint.js'
import { fillOrders } from './fill-orders.js'
import type { Buy } from './load.js'
import { openRushShop, oversold, stockRush, type RushTerms } from './rush-shop.js'
import { batched, inRedis, oneByOne } from './sellers.js'

/** Who sells: our batches on PostgreSQL, on the embedded one, through the endpoint, or in a shop with a past; and what they are compared with. */
export const STANDS = ['batched', 'one-by-one', 'redis', 'pglite', 'endpoint', 'past'] as const
export type StandName = (typeof STANDS)[number]

/** Somebody who sells, open for one load. */
export interface Stand {
  readonly buy: Buy
  /** Pieces sold beyond those there were. */
  readonly oversold: () => Promise<number>
  readonly close: () => Promise<void>
}

/** Where the stands are built. */
export interface Fairground {
  readonly postgresUrl: string
  readonly redisUrl: string
  /** A directory of the bench's own. */
  readonly dir: string
  /** Orders that the shop with a past has sold before. */
  readonly pastOrders: number
  readonly say: (what: string) => void
}

/** One transaction for each order is measured with as many buyers as it has connections. */
export const POOL = 32

/** Builds stands, each on a new database of its own; the past is made once, and all that sell after it sell in the same database. */
export class Stands {
  readonly #ground: Fairground
  #made = 0
  #past: Promise<string> | null = null

  constructor(ground: Fairground) {
    this.#ground = ground
  }

  async open(name: StandName, terms: RushTerms): Promise<Stand> {
    switch (name) {
      case 'redis':
        return await this.#inRedis(terms)
      case 'endpoint':
        return await atEndpoint(await this.#database('template0'), terms)
      case 'pglite':
        return await atCounter(await openPglite({ dir: join(this.#ground.dir, `rush_${++this.#made}`) }), terms)
      case 'past':
        return await atCounter(at(await this.#withPast()), { ...terms, series: `rush${++this.#made}-` })
      case 'batched':
        return await atCounter(at(await this.#database('template0')), terms)
      case 'one-by-one':
        return await atCounter(at(await this.#database('template0')), terms, true)
    }
  }

  async #inRedis(terms: RushTerms): Promise<Stand> {
    const { buy, negative, close } = await inRedis(this.#ground.redisUrl, terms)
    return { buy, oversold: negative, close }
  }

  /** The address of a new database. The writing of what was before is done first. */
  async #database(template: string): Promise<string> {
    const name = `rush_${++this.#made}`
    const cluster = openPostgres({ url: this.#ground.postgresUrl, pool: 1 })
    await cluster.query(`create database ${name} template ${template}`)
    await cluster.query('checkpoint')
    await cluster.close()
    return this.#ground.postgresUrl.replace('/postgres?', `/${name}?`)
  }

  #withPast(): Promise<string> {
    this.#past ??= this.#makePast()
    return this.#past
  }

  async #makePast(): Promise<string> {
    const { pastOrders, say } = this.#ground
    const url = await this.#database('template0')
    const db = openPostgres({ url, pool: 1 })
    await migrate(db, 'orders', migrations)
    await fillOrders(db, pastOrders, (what) => say(`${pastOrders.toLocaleString('en')} orders of the past: ${what}`))
    await db.query('checkpoint')
    const { rows } = await db.query<{ size: string }>(
      'select pg_size_pretty(pg_database_size(current_database())) size',
    )
    say(`${pastOrders.toLocaleString('en')} orders of the past take ${rows[0]?.size ?? 'nothing'}`)
    await db.close()
    return url
  }
}

function at(url: string): Database {
  return openPostgres({ url, pool: POOL })
}

async function atCounter(db: Database, terms: RushTerms, alone = false): Promise<Stand> {
  const open = await openRushShop(db)
  const sales = await stockRush(open.shop, terms)
  return {
    buy: alone ? oneByOne(open.shop, sales) : batched(open, sales, terms.patient),
    oversold: () => oversold(db, sales, terms.pieces),
    async close() {
      await open.stop()
      await db.close()
    },
  }
}

/** The sales are opened first; the shop's own process then finds them. */
async function atEndpoint(url: string, terms: RushTerms): Promise<Stand> {
  const db = openPostgres({ url, pool: 2 })
  const keeper = await openRushShop(db)
  const sales = await stockRush(keeper.shop, terms)
  await keeper.stop()
  const endpoint = await openEndpoint(url, sales, terms.patient)
  return {
    buy: endpoint.buy,
    oversold: () => oversold(db, sales, terms.pieces),
    async close() {
      await endpoint.close()
      await db.close()
    },
  }
}

import { join, resolve } from 'node:path'
import { addressOf, anyText, helpFor, optional, readSettings } from '../platform/config/read-settings.js'
import type { Database } from '../platform/db/database.js'
import { migrate } from '../platform/db/migrate.js'
import { openPglite } from '../platform/db/pglite.js'
import { openPostgres } from '../platform/db/postgres.js'
import { Failure } from '../platform/failure.js'
import { moneyDifferences, stockDifferences, type Difference } from '../subgraphs/orders/store/audits.js'
import { migrations } from '../subgraphs/orders/store/migrations.js'

/**
 * `npm run audit:stock` and `npm run audit:ledger`: count anew what is kept of stock and money, and print every difference. Ends with 0
 * when there is none. On PostgreSQL the shop may be at work meanwhile; the embedded database belongs to one process at a time.
 */
const SETTINGS = {
  databaseUrl: {
    env: 'DATABASE_URL',
    read: optional(addressOf('postgres', 'postgresql')),
    default: null,
    about: 'PostgreSQL; none: the embedded database under --data',
  },
  data: { flag: 'data', env: 'DAIHUO_DATA', read: anyText, default: '.data', about: 'where the shop keeps its data' },
}
const AUDITS: Readonly<Record<string, (db: Database) => Promise<readonly Difference[]>>> = {
  stock: stockDifferences,
  ledger: moneyDifferences,
}

try {
  const { words, ...settings } = readSettings(SETTINGS, { args: process.argv.slice(2), env: process.env, words: 1 })
  const [name = ''] = words
  const audit = AUDITS[name]
  if (audit === undefined) {
    console.error(`npm run audit:stock or audit:ledger\n\n${helpFor(SETTINGS)}`)
    process.exitCode = 2
  } else process.exitCode = await tell(name, audit, settings)
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exitCode = 2
}

async function tell(
  name: string,
  audit: (db: Database) => Promise<readonly Difference[]>,
  { databaseUrl, data }: { databaseUrl: string | null; data: string },
): Promise<number> {
  const db =
    databaseUrl === null ? await openPglite({ dir: join(resolve(data), 'db') }) : openPostgres({ url: databaseUrl })
  try {
    await migrate(db, 'orders', migrations)
    const differences = await audit(db)
    for (const { what, of, kept, counted } of differences)
      console.log(`${what}: ${of}: ${kept} kept, ${counted} counted`)
    console.log(`${name}: ${differences.length} differences`)
    return differences.length === 0 ? 0 : 1
  } finally {
    await db.close()
  }
}

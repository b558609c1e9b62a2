import { randomUUID } from 'node:crypto'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { CLUSTER, openPglite } from '../../platform/db/pglite.js'
import { openPostgres } from '../../platform/db/postgres.js'
import type { Standing } from './standing.js'
import { bear, renew, type Used } from './used-databases.js'

/** Gives a database without a row of an earlier test. Close it when the test is done: it is then emptied and used again. */
export type Open = () => Promise<Database>

/** Declares a suite once for each database, all empty. Where PostgreSQL is missing its suite is skipped by name, and fails under `CI=true`. */
export function eachDatabase(suite: (open: Open) => void): void {
  onEach(null, suite)
}

/** As `eachDatabase`, with one subgraph's schema migrated: migrating it for each test anew would take most of the suite's time. */
export function eachMigrated(standing: Standing, suite: (open: Open) => void): void {
  onEach(standing, suite)
}

function onEach(standing: Standing | null, suite: (open: Open) => void): void {
  const { schema } = standing ?? { schema: '' }
  describe('on PGlite', () => suite(() => lend(`pglite ${schema}`, standing, newPglite)))
  const url = inject('postgresUrl')
  if (url === null) missing('PostgreSQL', suite)
  else describe('on PostgreSQL', () => suite(() => lend(`postgres ${schema}`, standing, () => newPostgres(url))))
}

/** Names a suite that cannot run here, and why. */
export function missing(what: string, suite: (open: Open) => void): void {
  const name = `on ${what} (skipped: its server is not installed here)`
  if (process.env['CI'] === 'true') it(`${what} is installed`, () => expect.fail(name))
  else describe.skip(name, () => suite(() => Promise.reject(new Error(name))))
}

/** Databases at rest, the one used last at the end. An embedded one holds some 100 MB, so there are few. */
const resting: { readonly kind: string; readonly used: Used }[] = []
const MOST_RESTING = 6

/** One of this kind that rests, else a new one, under a handle whose closing gives it back, and which then refuses to be used. */
async function lend(kind: string, standing: Standing | null, make: () => Promise<Database>): Promise<Database> {
  const at = resting.findIndex((one) => one.kind === kind)
  const used = resting.splice(at, at < 0 ? 0 : 1)[0]?.used ?? (await newborn(await make(), standing))
  return lent(used.db, async () => {
    if (await renew(used)) resting.push({ kind, used })
    else await used.db.close()
    if (resting.length > MOST_RESTING) await resting.shift()?.used.db.close()
  })
}

async function newborn(db: Database, standing: Standing | null): Promise<Used> {
  return { db, born: await bear(db, standing) }
}

async function newPglite(): Promise<Database> {
  const dir = join(inject('scratch'), `pglite-${randomUUID()}`)
  await cp(join(inject('pgliteTemplate'), CLUSTER), join(dir, CLUSTER), { recursive: true })
  return openPglite({ dir })
}

async function newPostgres(url: string): Promise<Database> {
  return openPostgres({ url: await freshPostgres(url) })
}

/** Makes an empty database in the cluster and gives its address. */
export async function freshPostgres(url: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}` // a process that counts from one again must not meet its own names
  const cluster = openPostgres({ url, pool: 1 })
  await cluster.query(`create database ${name} template template0`)
  await cluster.close()
  return url.replace('/postgres?', `/${name}?`)
}

/** The same database under a handle whose closing gives it back, and which then refuses to be used. */
function lent(db: Database, giveBack: () => Promise<void>): Database {
  let closed: Promise<void> | null = null
  const open = (): Database => {
    if (closed !== null) throw new Error('the database is closed')
    return db
  }
  return {
    query: async (sql, values) => open().query(sql, values),
    transaction: async (work) => open().transaction(work),
    close: () => (closed ??= giveBack()),
  }
}

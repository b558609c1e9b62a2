import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Database } from '../../platform/db/database.js'
import { CLUSTER, openPglite } from '../../platform/db/pglite.js'
import { openPostgres } from '../../platform/db/postgres.js'

/** Gives an empty database. Close it when the test is done: the embedded one is then emptied and used again. */
export type Open = () => Promise<Database>

/** Declares a suite once for each database. Where PostgreSQL is missing its suite is skipped by name, and fails under `CI=true`. */
export function eachDatabase(suite: (open: Open) => void): void {
  describe('on PGlite', () => onPglite(suite))
  const url = inject('postgresUrl')
  if (url !== null) describe('on PostgreSQL', () => onPostgres(url, suite))
  else missing('PostgreSQL', suite)
}

/** Names a suite that cannot run here, and why. */
export function missing(what: string, suite: (open: Open) => void): void {
  const name = `on ${what} (skipped: its server is not installed here)`
  if (process.env['CI'] === 'true') it(`${what} is installed`, () => expect.fail(name))
  else describe.skip(name, () => suite(() => Promise.reject(new Error(name))))
}

function onPglite(suite: (open: Open) => void): void {
  const all: Database[] = []
  const free: Database[] = []
  let dir = ''
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'daihuo-pglite-'))
  })
  afterAll(async () => {
    await Promise.all(all.map((db) => db.close()))
    await rm(dir, { recursive: true, force: true })
  })
  suite(async () => {
    const db = free.pop() ?? (await another())
    return lent(db, async () => {
      await empty(db)
      free.push(db)
    })
  })
  async function another(): Promise<Database> {
    const own = join(dir, String(all.length))
    await cp(join(inject('pgliteTemplate'), CLUSTER), join(own, CLUSTER), { recursive: true })
    const db = await openPglite({ dir: own })
    all.push(db)
    return db
  }
}

/** Each `open` makes a database of its own in the one cluster; they go with it. */
function onPostgres(url: string, suite: (open: Open) => void): void {
  const all: Database[] = []
  afterAll(async () => {
    await Promise.all(all.map((db) => db.close()))
  })
  suite(async () => {
    const db = openPostgres({ url: await freshPostgres(url) })
    all.push(db)
    return db
  })
}

let made = 0

/** Makes an empty database in the cluster and gives its address. */
export async function freshPostgres(url: string): Promise<string> {
  const name = `test_${process.pid}_${++made}`
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

async function empty(db: Database): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    `select nspname as name from pg_namespace where nspname not like 'pg\\_%' and nspname <> 'information_schema'`,
  )
  for (const { name } of rows) await db.query(`drop schema "${name}" cascade`)
  await db.query('create schema public')
  await db.query('select pg_advisory_unlock_all()')
}

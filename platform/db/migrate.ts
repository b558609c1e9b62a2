import type { Database } from './database.js'
import { statements } from './statements.js'

/** A numbered step of a database schema; once landed it never changes. `name` is like `001-first`. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** Brings one database schema up to date, each step in its own transaction, safely beside another process doing the same. */
export async function migrate(db: Database, schema: string, migrations: readonly Migration[]): Promise<void> {
  await alone(db, schema, async (tx) => {
    await tx.query(`create schema if not exists ${schema}`)
    await tx.query(
      `create table if not exists ${schema}.migration (name text primary key, at timestamptz not null default now())`,
    )
  })
  for (const step of migrations) await alone(db, schema, (tx) => take(tx, schema, step))
}

/** Even "if not exists" fails when two processes create at the same moment. */
function alone(db: Database, schema: string, work: (tx: Database) => Promise<void>): Promise<void> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`migrate ${schema}`])
    await work(tx)
  })
}

async function take(tx: Database, schema: string, step: Migration): Promise<void> {
  const { rows } = await tx.query(`select 1 from ${schema}.migration where name = $1`, [step.name])
  if (rows.length > 0) return
  for (const statement of statements(step.sql)) await tx.query(statement)
  await tx.query(`insert into ${schema}.migration (name) values ($1)`, [step.name])
}

import type { Database } from './database.js'

/** A numbered step of a database schema; once landed it never changes. `name` is like `001-first`. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** Brings one database schema up to date, each step in its own transaction, safely beside another process doing the same. */
export async function migrate(db: Database, schema: string, migrations: readonly Migration[]): Promise<void> {
  await db.query(`create schema if not exists ${schema}`)
  await db.query(
    `create table if not exists ${schema}.migration (name text primary key, at timestamptz not null default now())`,
  )
  for (const step of migrations) {
    await db.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`migrate ${schema}`])
      const { rows } = await tx.query('select 1 from ' + schema + '.migration where name = $1', [step.name])
      if (rows.length > 0) return
      for (const statement of step.sql.split(/;\s*\n/)) if (statement.trim() !== '') await tx.query(statement)
      await tx.query('insert into ' + schema + '.migration (name) values ($1)', [step.name])
    })
  }
}

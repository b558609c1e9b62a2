import type { Database } from '../../platform/db/database.js'
import { migrate } from '../../platform/db/migrate.js'
import type { Standing } from './standing.js'

/** A database that has been used, or was never: how it is opened, and what stands in it. */
export interface Used {
  readonly db: Database
  readonly born: Born | null
}

/** A migrated schema as its migrations left it. */
interface Born {
  readonly form: string
  readonly tables: readonly string[]
  /** The rows that the migrations themselves wrote, as JSON, by table. */
  readonly rows: ReadonlyMap<string, string>
}

/** Migrates a new database, and notes what it is born with. */
export async function bear(db: Database, standing: Standing | null): Promise<Born | null> {
  if (standing === null) return null
  const { schema, migrations } = standing
  await migrate(db, schema, migrations)
  const { rows } = await db.query<{ name: string }>(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
     where schemaname = $1 and tablename <> 'migration'`,
    [schema],
  )
  const tables = rows.map(({ name }) => name)
  const born = new Map<string, string>()
  for (const table of await filled(db, tables)) {
    const all = await db.query<{ body: string }>(`select jsonb_agg(to_jsonb(t))::text as body from ${table} t`)
    born.set(table, all.rows[0]?.body ?? '[]')
  }
  return { form: await formOf(db), tables, rows: born }
}

/**
 * Brings a used database back to what it was born with: its tables stay, for migrating takes longer than most tests.
 * False when a test has changed more than rows; such a database is not used again.
 */
export async function renew({ db, born }: Used): Promise<boolean> {
  await db.query('select pg_advisory_unlock_all()')
  if (born === null) {
    await bare(db)
    return true
  }
  if ((await formOf(db)) !== born.form) return false
  await db.transaction(async (tx) => {
    await tx.query(`set local session_replication_role = 'replica'`) // no trigger and no foreign key asks about the order
    for (const table of await filled(tx, born.tables)) await tx.query(`delete from ${table}`)
    for (const [table, body] of born.rows)
      await tx.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [body])
    await tx.query(`select setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
      from pg_sequences where last_value is not null`)
  })
  return true
}

/** Those that hold rows. */
async function filled(db: Database, tables: readonly string[]): Promise<readonly string[]> {
  const asked = tables.map((table) => `select '${table}' as name where exists (select from ${table})`)
  if (asked.length === 0) return []
  const { rows } = await db.query<{ name: string }>(asked.join(' union all '))
  return rows.map(({ name }) => name)
}

/** Every relation, column, trigger, rule and function outside the system's own schemas, as one text. */
async function formOf(db: Database): Promise<string> {
  const { rows } = await db.query<{ form: string }>(
    `with own as (select oid, nspname from pg_namespace where nspname not like 'pg\\_%' and nspname <> 'information_schema')
     select md5(concat(
       (select string_agg(concat(nspname, '.', relname, relkind, relnatts, relchecks), ',' order by nspname, relname)
          from pg_class c join own on own.oid = relnamespace),
       (select string_agg(concat(tgrelid::regclass, tgname, tgenabled), ',' order by tgrelid::regclass::text, tgname)
          from pg_trigger where not tgisinternal),
       (select count(*) from pg_rules), (select count(*) from pg_proc join own on own.oid = pronamespace))) as form`,
  )
  return rows[0]?.form ?? ''
}

async function bare(db: Database): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    `select nspname as name from pg_namespace where nspname not like 'pg\\_%' and nspname <> 'information_schema'`,
  )
  for (const { name } of rows) await db.query(`drop schema "${name}" cascade`)
  await db.query('create schema public')
}

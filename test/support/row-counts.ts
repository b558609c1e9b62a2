import type { Database } from '../../platform/db/database.js'

/** How many rows each table of each part has, by `schema.table`. */
export async function rowCounts(db: Database): Promise<Readonly<Record<string, number>>> {
  const { rows: tables } = await db.query<{ schema: string; name: string }>(
    `select table_schema as schema, table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1, 2`,
  )
  const counted = tables.map(
    ({ schema, name }) => `select '${schema}.${name}' as name, count(*)::int as rows from "${schema}"."${name}"`,
  )
  const { rows } = await db.query<{ name: string; rows: number }>(counted.join(' union all '))
  return Object.fromEntries(rows.map((table) => [table.name, table.rows]))
}

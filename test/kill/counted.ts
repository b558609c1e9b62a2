import type { Database } from '../../platform/db/database.js'

/** What a statement counts as `n`, as a complaint; none when it counts nothing. */
export async function counted(db: Database, what: string, sql: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ readonly n: number | string | null }>(sql)
  const count = Number(rows[0]?.n ?? 0)
  return count === 0 ? [] : [`${what}: ${count}`]
}

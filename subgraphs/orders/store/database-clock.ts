import type { Database } from '../../../platform/db/database.js'

/**
 * The time by which reservations and sales begin and end: the database's, the same for every process. Handed in, so that
 * a test can set it; a process's own clock, which may jump, decides nothing of this.
 */
export type DatabaseClock = (db: Database) => Promise<Date>

/** The database's own clock, read now (not at the transaction's beginning). */
export const databaseClock: DatabaseClock = async (db) => {
  const { rows } = await db.query<{ readonly at: Date }>('select clock_timestamp() as at')
  const [row] = rows
  if (row === undefined) throw new Error('the database told no time')
  return row.at
}

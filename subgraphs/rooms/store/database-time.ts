import type { Database } from '../../../platform/db/database.js'

/** Tells the time by which rooms decide what is open, due or too fast; a test hands in its own. */
export type TellTime = (db: Database) => Promise<Date>

/** The database's clock: the same for every process, whatever the machines' own clocks say. */
export const databaseTime: TellTime = async (db) => {
  const { rows } = await db.query<{ at: Date }>('select clock_timestamp() as at')
  const at = rows[0]?.at
  if (at === undefined) throw new Error('the database told no time')
  return at
}

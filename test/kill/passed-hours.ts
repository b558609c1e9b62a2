import type { Database } from '../../platform/db/database.js'
import { databaseClock, type DatabaseClock } from '../../subgraphs/orders/store/database-clock.js'

/** Where the hours lie that have passed at a stroke, for the database to tell them to every process alike. */
export const PASSED_HOURS = 'create table orders.passed_hour (number integer primary key)'

/** The database's clock, which an hour moves on for all processes in one moment, and for those that are begun later. */
export const movedClock: DatabaseClock = async (db) => {
  const { rows } = await db.query<{ readonly at: Date }>(
    `select clock_timestamp() + (select count(*) from orders.passed_hour) * interval '1 hour' as at`,
  )
  return rows[0]?.at ?? databaseClock(db)
}

/** Lets the hour pass, once, however often it is asked for. */
export async function letAnHourPass(db: Database): Promise<string> {
  await db.query('insert into orders.passed_hour values (1) on conflict do nothing')
  return 'passed'
}

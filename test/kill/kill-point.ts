import type { Database } from '../../platform/db/database.js'

/** Where a process may end itself. */
export const KILL_POINTS = [
  'none',
  'before the effect',
  'after the effect, before its commit',
  'after the commit',
  'before the answer',
  'while it hears',
] as const
export type KillPoint = (typeof KILL_POINTS)[number]

/** A process that dies at one of the points. */
export interface Mortal {
  reached(point: KillPoint): void
  /** The database, whose transactions pass the points. */
  database(db: Database): Database
}

/** Dies when it comes to the point for the nth time. */
export function mortal(deadly: KillPoint, nth: number): Mortal {
  let passed = 0
  const reached = (point: KillPoint): void => {
    if (point === deadly && ++passed === nth) process.kill(process.pid, 'SIGKILL')
  }
  return {
    reached,
    database: (db) => ({
      query: (sql, values, how) => db.query(sql, values, how),
      async transaction(work) {
        reached('before the effect')
        const result = await db.transaction(async (tx) => {
          const result = await work(tx)
          reached('after the effect, before its commit')
          return result
        })
        reached('after the commit')
        return result
      },
      close: () => db.close(),
    }),
  }
}

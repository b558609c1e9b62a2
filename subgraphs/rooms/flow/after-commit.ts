import type { Database } from '../../../platform/db/database.js'

/** What waits for the commit of the transaction that it belongs to. */
export interface AfterCommit {
  /** The same database; when one of its transactions has been committed, what was put off is done. */
  readonly db: Database
  /** Puts something off until the running transaction is committed; when it is rolled back, it is forgotten. */
  later(deed: () => void): void
}

/** For a consumer, whose transaction is not its own: only one transaction of `db` may run at a time. */
export function afterCommit(db: Database): AfterCommit {
  let waiting: (() => void)[] = []
  return {
    later: (deed) => void waiting.push(deed),
    db: {
      query: (sql, values) => db.query(sql, values),
      close: () => db.close(),
      async transaction(work) {
        waiting = []
        const answer = await db.transaction(work)
        const due = waiting
        waiting = []
        for (const deed of due) deed()
        return answer
      },
    },
  }
}

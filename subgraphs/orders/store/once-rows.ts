import type { Database } from '../../../platform/db/database.js'

/** Forgets some idempotency keys that were used before a moment. */
export async function forgetKeys(db: Database, before: Date, most: number): Promise<void> {
  await db.query(
    `delete from orders.once where ctid = any(array(select ctid from orders.once where at < $1 order by at limit $2))`,
    [before, most],
  )
}

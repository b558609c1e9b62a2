import type { Database } from '../../platform/db/database.js'
import { forgetOnce } from '../../platform/db/once.js'
import { repeat, type Cancel } from '../../platform/time/clock.js'
import type { Ground } from './subgraph.js'

const EVERY_MS = 60_000
/** Longer than anybody asks again. */
const KEPT_MS = 3 * 86_400_000
/** Rows of one statement, and statements of one look: more than a minute of any rush writes, and yet an end. */
const MOST = 500
const MOST_TIMES = 200

/** What keys are forgotten with; `now` tells the time that their rows are dated by, without it the process's own. */
type Forgetting = Pick<Ground, 'db' | 'clock' | 'observer'> & { readonly now?: () => Promise<Date> }

/** Forgets again and again a schema's idempotency keys that are older than three days, until it is cancelled. */
export function forgetKeys({ db, clock, observer, now }: Forgetting, schema: string): Cancel {
  return repeat(clock, EVERY_MS, async () => {
    try {
      const at = now === undefined ? clock.now() : await now()
      observer.count(`${schema}.deeds.forgotten`, {}, await forgetOldKeys(db, schema, at))
    } catch (error) {
      observer.count(`${schema}.deeds.forgetting-failed`)
      observer.log('warn', 'old idempotency keys stay for now', { schema, error })
    }
  })
}

/** Forgets those that are too old at this time; gives how many. */
export async function forgetOldKeys(db: Database, schema: string, at: Date): Promise<number> {
  const before = new Date(at.getTime() - KEPT_MS)
  let forgotten = 0
  for (let times = 0; times < MOST_TIMES; times++) {
    const count = await forgetOnce(db, schema, { before, most: MOST })
    forgotten += count
    if (count < MOST) break
  }
  return forgotten
}

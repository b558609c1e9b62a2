import { forgetOnce } from '../../platform/db/once.js'
import { repeat, type Cancel } from '../../platform/time/clock.js'
import type { Ground } from './subgraph.js'

const EVERY_MS = 60_000
/** Longer than anybody asks again. */
const KEPT_MS = 3 * 86_400_000
/** Rows of one statement, and statements of one look. */
const MOST = 500
const MOST_TIMES = 20

/** Forgets again and again a schema's idempotency keys that are older than three days, until it is cancelled. */
export function forgetKeys(ground: Ground, schema: string): Cancel {
  const { clock, observer } = ground
  return repeat(clock, EVERY_MS, async () => {
    try {
      observer.count(`${schema}.deeds.forgotten`, {}, await forgetOld(ground, schema))
    } catch (error) {
      observer.log('warn', 'old idempotency keys stay for now', { schema, error })
    }
  })
}

async function forgetOld({ db, clock }: Ground, schema: string): Promise<number> {
  const before = new Date(clock.now().getTime() - KEPT_MS)
  let forgotten = 0
  for (let times = 0; times < MOST_TIMES; times++) {
    const count = await forgetOnce(db, schema, { before, most: MOST })
    forgotten += count
    if (count < MOST) break
  }
  return forgotten
}

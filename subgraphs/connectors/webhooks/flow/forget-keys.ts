import { forgetOnce } from '../../../../platform/db/once.js'
import { repeat, type Cancel } from '../../../../platform/time/clock.js'
import type { Ground } from '../../../host/subgraph.js'
import { SCHEMA } from '../store/migrations.js'

const EVERY_MS = 3_600_000
/** Longer than anybody asks again. */
const KEPT_MS = 3 * 86_400_000
/** More than operators make in an hour. */
const MOST = 500

/** Forgets again and again the idempotency keys that are older than three days, until it is cancelled. */
export function forgetKeys({ db, clock, observer }: Ground): Cancel {
  return repeat(clock, EVERY_MS, async () => {
    try {
      const before = new Date(clock.now().getTime() - KEPT_MS)
      observer.count('webhooks.deeds.forgotten', {}, await forgetOnce(db, SCHEMA, { before, most: MOST }))
    } catch (error) {
      observer.log('warn', 'old idempotency keys stay for now', { error })
    }
  })
}
